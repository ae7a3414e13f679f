"""What changed over the history: the biggest changes of exact series."""

from __future__ import annotations

from collections.abc import Sequence

from unladen.changes.by_commit import HistoryChanges, Item, best_of_commits, group_changes
from unladen.changes.exact import find_exact_changes
from unladen.changes.model import Change, ChangeKind, Direction
from unladen.changes.standing import standing
from unladen.report import sides
from unladen.report.charts import Curve, lines
from unladen.report.commit_results import CommitResults, Series, commit_fact
from unladen.report.document import Block, Plot, Prose, Section, Spans, Table, joined, sentence
from unladen.report.figures import Fact, Figure, FigureSource, compared
from unladen.store.presentation import Headline
from unladen.store.series import cell_text
from unladen.text.dates import day
from unladen.text.names import shown_name

WORSE = 8
BETTER = 5
_FIT_ERROR = "relative error"


def write(results: CommitResults) -> Section | None:
    """First against now, then the biggest regressions and improvements, one for each commit."""
    if len(results.commits) < 2:
        return None
    found = results.exact_changes
    if found is None:
        found = find_exact_changes(results.history)
    history_changes = group_changes(results.history, found)
    text = Prose()
    changed = len(history_changes.commits)
    text.say(
        "Of {} measured commits {} changed some exact series. Below are the biggest changes of "
        "each kind, one for each commit; {} and the site have all, those that sampled series "
        "suggest as well.",
        Fact(f"{len(results.commits):,}"),
        Fact(f"{changed:,}"),
        Fact("unladen changes", code=True),
    )
    blocks: list[Block] = [*text.paragraph(), *_then_and_now(results), *_plot(results)]
    findings: list[tuple[int, Spans]] = []
    for title, direction, most in (
        ("The biggest regressions.", Direction.REGRESSION, WORSE),
        ("The biggest improvements.", Direction.IMPROVEMENT, BETTER),
    ):
        items = _biggest(history_changes, direction)
        if items:
            blocks.append(_table(results, title, items[:most]))
    standing_ones = [
        change
        for item in _biggest(history_changes, Direction.REGRESSION, only_standing=True)
        for change in item.changes
        if change.undone_by is None
    ]
    if standing_ones:
        findings.append((3, _finding(results, standing_ones[0])))
    return Section("What changed over the history", blocks, findings)


def _biggest(
    history_changes: HistoryChanges, direction: Direction, only_standing: bool = False
) -> list[Item]:
    """The most important item of that direction of each commit, the most important commit first.

    ``only_standing``: of those items of which something is still there.
    """

    def counts(item: Item) -> bool:
        is_there = not only_standing or bool(standing(item.changes).there)
        return item.biggest.direction is direction and _is_told(item) and is_there

    return [item for _, item in best_of_commits(history_changes.commits, counts)]


def _is_told(item: Item) -> bool:
    """How well a law fits is no change that anybody feels."""
    return not item.is_minor and item.biggest.series.unit != _FIT_ERROR


def _table(results: CommitResults, title: str, items: Sequence[Item]) -> Table:
    rows: list[list[Spans]] = []
    for item in items:
        change = item.biggest
        more = len(item.changes) - 1
        where = cell_text(change.cell) + (f" and {more} more" if more else "")
        rows.append(
            [
                [commit_fact(change.commit)],
                [Fact(day(change.commit.date))],
                joined([[Fact(shown_name(change.series.name), code=True)], [Fact(where)]], " "),
                [sides.before(results, change)],
                [sides.after(results, change)],
                [sides.size(results, change)],
                _undone(item),
            ]
        )
    head: list[Spans] = [
        ["commit"], ["date"], ["series"], ["before"], ["after"], ["size"], ["undone by"]
    ]  # fmt: skip
    return Table([title], head, rows, text_columns=3)


def _undone(item: Item) -> Spans:
    """The commit that undid all of it, or how much is still there."""
    remains = standing(item.changes)
    if remains.undone_by:
        return [commit_fact(remains.undone_by)]
    if remains.is_undone:
        return ["several commits"]
    return [Fact(remains.words(item.biggest.direction) or "–")]


def _finding(results: CommitResults, change: Change) -> Spans:
    if change.kind is ChangeKind.BROKE:
        return sentence(
            "Commit {} broke {} ({}), which fails to this day.",
            commit_fact(change.commit),
            Fact(shown_name(change.series.name), code=True),
            Fact(cell_text(change.cell) or "its only case"),
        )
    words = "The biggest regression that stands is commit {}: {} went from {} to {}."
    if change.kind is ChangeKind.WRONG:
        words = "Since commit {} {} does not do what was asked: it went from {} to {}."
    return sentence(
        words,
        commit_fact(change.commit),
        joined(
            [[Fact(shown_name(change.series.name), code=True)], [Fact(cell_text(change.cell))]], " "
        ),
        sides.before(results, change),
        sides.after(results, change),
    )


def _then_and_now(results: CommitResults) -> list[Block]:
    """Key figures at the first commit and at the report's."""
    told: dict[str, list[Spans]] = {}
    for headline, series, cell in _headlines(results):
        first, now = _first(results, series, cell), series.figure(cell)
        if first and now and first.value != now.value and (more := compared(now, first)):
            part: Spans = [f"{headline.label} from ", first, " to ", now, ", ", more]
            told.setdefault(headline.of, []).append(part)
    text = Prose()
    for work, parts in told.items():
        text.say(
            f"From the first measured commit to this one {work} went, in {{}}.",
            joined(parts, "; in "),
        )
    return text.paragraph()


def _headlines(results: CommitResults) -> list[tuple[Headline, Series, int]]:
    """The figures by which the history is told: series that say so, each with its cell."""
    found = []
    for one in results.all_series():
        headline = one.info.headline
        if headline is None or set(headline.cell) != set(one.info.axes):
            continue
        if one.has(**headline.cell):
            found.append((headline, one, one.cell(**headline.cell)))
    return sorted(found, key=lambda each: (each[1].info.capability, each[0].rank, each[1].name))


def _first(results: CommitResults, series: Series, cell: int) -> Figure | None:
    for at in range(len(results.history.commits)):
        figure = series.marked(cell, at)
        if figure is not None:
            return figure
    return None


def _plot(results: CommitResults) -> list[Block]:
    """Key figures over the commits, each as a multiple of its first value; a plot for each kind of
    work."""
    drawn: dict[str, list[Curve]] = {}
    sources: dict[str, list[FigureSource]] = {}
    rows = [n for n, is_measured in enumerate(results.history.measured) if is_measured]
    order = {row: float(number) for number, row in enumerate(rows, start=1)}
    for headline, series, cell in _headlines(results):
        figures = [(n, series.figure(cell, n)) for n in rows]
        present = [(n, figure) for n, figure in figures if figure is not None and figure.value > 0]
        if len(present) > 1:
            base = present[0][1].value
            points = [(order[n], figure.value / base) for n, figure in present]
            drawn.setdefault(headline.of, []).append(Curve(headline.label, points))
            sources.setdefault(headline.of, []).append(series.source(cell))
    return [
        _history_plot(number, work, found, sources[work])
        for number, (work, found) in enumerate(drawn.items(), start=1)
    ]


def _history_plot(number: int, work: str, found: list[Curve], sources: list[FigureSource]) -> Plot:
    name = work[:1].upper() + work[1:]
    svg = lines(
        f"{name} over the history",
        found,
        x_label="measured commits, the oldest first",
        y_label="times the first",
    )
    caption = sentence("{} over the measured commits, as multiples of the first.", Fact(name))
    return Plot(f"history-{number}" if number > 1 else "history", svg, caption, sources)
