"""What some commits changed, and what became of what others did, to be read every week."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from unladen.changes.by_commit import CommitChanges, HistoryChanges, Item
from unladen.changes.model import Change, Direction, State
from unladen.changes.standing import count_commits, standing, told, told_items
from unladen.changes.words import mark, reading_text, size_text
from unladen.report.commit_results import commit_fact
from unladen.report.document import Block, Document, Prose, Section, Spans, Table, typed
from unladen.report.figures import Fact, FigureSource
from unladen.store.series import cell_text
from unladen.store.triage import TriageWord
from unladen.text.counts import count_text
from unladen.text.dates import day
from unladen.text.names import shown_name
from unladen.text.terminal import fitted

ITEMS = 3
"""Lines of a commit."""

OPEN = 20
"""Commits that are open since before, at most."""

_SUBJECT = 60


@dataclass(frozen=True)
class Chosen:
    """Which commits a digest is about. ``hashes``: of the history; ``since``: in words."""

    hashes: Collection[str]
    since: str


def commits_from(history_changes: HistoryChanges, date: int) -> set[str]:
    """The hashes of the commits from the first one of a date (milliseconds since 1970) or later on,
    in the order of the line."""
    commits = history_changes.history.commits
    first = next((n for n, one in enumerate(commits) if one.date >= date), len(commits))
    return {one.hash for one in commits[first:]}


def digest(history_changes: HistoryChanges, chosen: Chosen, *, has_links: bool) -> Document:
    """The digest. ``has_links``: names of series lead to their pages."""
    history = history_changes.history
    mine = [one for one in history_changes.commits if one.commit.hash in chosen.hashes]
    told_of = _Telling(has_links)
    worse, better, mixed = _directions(mine)
    sections = [
        told_of.commits("Got worse", worse, Direction.REGRESSION),
        told_of.commits("Worse and better", mixed, Direction.REGRESSION, Direction.IMPROVEMENT),
        told_of.commits("Got better", better, Direction.IMPROVEMENT),
        told_of.items("Confirmed", "Measured again, side by side", mine, _in(State.CONFIRMED)),
        told_of.items(
            "Suspected", "No verdict until unladen confirm gives one", mine, _in(State.SUSPECTED)
        ),
        _repaired(history_changes, chosen, told_of),
        _said(history_changes, chosen, told_of),
        _open(history_changes, chosen, told_of),
    ]
    newest = history.commits[history.newest]
    return Document(
        title=[Fact(history.target), ": what changed since ", Fact(chosen.since)],
        commit=newest.hash,
        lead=_lead(history_changes, chosen, (worse, better, mixed)),
        sections=[one for one in sections if one is not None],
    )


def _directions(
    commits: Iterable[CommitChanges],
) -> tuple[list[CommitChanges], list[CommitChanges], list[CommitChanges]]:
    """Those that made something worse, those that made something better, those that did both."""
    found: dict[tuple[bool, bool], list[CommitChanges]] = {}
    for one in commits:
        kind = bool(told(one, Direction.REGRESSION)), bool(told(one, Direction.IMPROVEMENT))
        found.setdefault(kind, []).append(one)
    return found.get((True, False), []), found.get((False, True), []), found.get((True, True), [])


def _in(state: State) -> Callable[[Item], bool]:
    return lambda item: item.biggest.state is state and not item.is_minor


def _lead(
    history_changes: HistoryChanges, chosen: Chosen, found: Sequence[Sequence[CommitChanges]]
) -> list[Block]:
    history = history_changes.history
    pairs = zip(history.commits, history.measured, strict=True)
    measured = [one for one, is_there in pairs if is_there and one.hash in chosen.hashes]
    text = Prose()
    if not measured:
        text.say("No commit was measured since {}.", Fact(chosen.since))
    else:
        text.say(
            "{} measured, {} to {}: {} made something worse, {} better, {} both.",
            Fact(count_text(len(measured), "commit")),
            commit_fact(measured[0]),
            commit_fact(measured[-1]),
            *(Fact(str(len(one))) for one in found),
        )
    counted = count_commits(history_changes, Direction.REGRESSION)
    text.say(
        "Over the whole history regressions of {} are open; of {} more, all that still stands is "
        "accepted.",
        Fact(count_text(counted.there, "commit")),
        Fact(str(counted.accepted)),
    )
    text.say("All figures are mock results.")
    return text.paragraph()


@dataclass(frozen=True)
class _Telling:
    """How changes become rows of tables."""

    has_links: bool

    def commits(
        self, title: str, commits: Sequence[CommitChanges], *directions: Direction
    ) -> Section | None:
        """What some commits changed in each direction, the newest commit first."""
        rows: list[Sequence[Spans]] = []
        for one in commits:
            for number, direction in enumerate(directions):
                rows += self.of_commit(told_items(one, direction), is_first=not number)
        return _section(title, "Of each commit what matters most first", rows)

    def items(
        self,
        title: str,
        about: str,
        commits: Sequence[CommitChanges],
        counts: Callable[[Item], bool],
    ) -> Section | None:
        """The items of some commits that count. ``about``: what to know of them."""
        rows: list[Sequence[Spans]] = []
        for one in commits:
            rows += self.of_commit([item for item in one.items if counts(item)])
        return _section(title, about, rows)

    def of_commit(self, items: Sequence[Item], is_first: bool = True) -> list[Sequence[Spans]]:
        """The first of the items of a commit, which is named if they are the first of it."""
        shown = enumerate(items[:ITEMS])
        rows = [self.row(item, is_first=is_first and not n) for n, item in shown]
        if len(items) > ITEMS:
            more = [Fact(f"and {len(items) - ITEMS} more")]
            rows.append([[], more, [], [], []])
        return rows

    def row(self, item: Item, is_first: bool = True) -> Sequence[Spans]:
        """One item: its commit, what changed, from where to where, by how much, its fate."""
        change = item.biggest
        commit = change.commit
        about: Spans = [
            commit_fact(commit),
            Fact(f" {day(commit.date)} {fitted(commit.subject, _SUBJECT)}"),
        ]
        before, after = (reading_text(one, change.series) for one in (change.before, change.after))
        size = size_text(change.series, change.before.value, change.after.value, change.ratio)
        return [
            about if is_first else [],
            [Fact(f"{mark(change)} "), *self._what(item)],
            [Fact(f"{before} → {after}".replace(" us", " µs"))],
            [Fact(size.replace(" ", "\u00a0"))] if size else [],
            [Fact(_fate(item))],
        ]

    def _what(self, item: Item) -> Spans:
        change = item.biggest
        series = change.series
        sources = (FigureSource(series.name, change.cell, change.commit.hash),)
        name = shown_name(series.name)
        if len(item.series) > 1:
            name = f"{series.name.rpartition('.')[0]}: {len(item.series)} series"
        cells = list(dict.fromkeys(one.cell for one in item.changes))
        more = f" +{len(cells) - 1}" if len(cells) > 1 else ""
        where = cell_text(change.cell) + more
        linked = Fact(name, code=True, sources=sources if self.has_links else ())
        return [linked, Fact(f" ({where})")] if where else [linked]


def _section(title: str, about: str, rows: Sequence[Sequence[Spans]]) -> Section | None:
    if not rows:
        return None
    head: list[Spans] = [["commit"], ["what"], ["before, after"], ["size"], ["what became of it"]]
    return Section(title, [Table([typed(about), "."], head, rows, text_columns=len(head))])


def _fate(item: Item) -> str:
    change = item.biggest
    words = standing(item.changes).words(change.direction)
    if not words and change.direction is Direction.REGRESSION:
        words = "still there"
    said = change.triage
    parts = [change.state.value if change.state is State.SUSPECTED else "", words]
    if said is not None:
        parts = [one for one in parts if one not in ("still there", said.said.value)] + [said.text]
    return ", ".join(filter(None, parts))


def _repaired(history_changes: HistoryChanges, chosen: Chosen, telling: _Telling) -> Section | None:
    """What other commits made worse, and these repaired."""

    def is_repaired(change: Change) -> bool:
        return change.undone_by is not None and change.undone_by.hash in chosen.hashes

    rows: list[Sequence[Spans]] = []
    for commit in history_changes.commits:
        if commit.commit.hash in chosen.hashes:
            continue
        parts = [
            Item([one for one in item.changes if is_repaired(one)])
            for item in told_items(commit, Direction.REGRESSION)
            if any(map(is_repaired, item.changes))
        ]
        rows += telling.of_commit(parts)
    return _section("Repaired", "What others made worse, and these commits undid", rows)


def _said(history_changes: HistoryChanges, chosen: Chosen, telling: _Telling) -> Section | None:
    """What people said of changes, of whichever commits."""
    rows: list[Sequence[Spans]] = []
    for commit in history_changes.commits:
        items = [item for item in commit.items if item.biggest.triage is not None]
        is_mine = commit.commit.hash in chosen.hashes
        shown = [one for one in items if is_mine or _is_reported(one)]
        rows += telling.of_commit(shown)
    return _section("What people said", "Accepted, noise, or reported", rows)


def _is_reported(item: Item) -> bool:
    said = item.biggest.triage
    return said is not None and said.said is TriageWord.REPORTED


def _open(history_changes: HistoryChanges, chosen: Chosen, telling: _Telling) -> Section | None:
    """What stands since before these commits, the most important of each commit."""
    rows: list[Sequence[Spans]] = []
    left = 0
    for commit in history_changes.commits:
        if commit.commit.hash in chosen.hashes:
            continue
        items = [
            item
            for item in told_items(commit, Direction.REGRESSION)
            if standing(item.changes).there
        ]
        if items and len(rows) < OPEN:
            rows.append(telling.row(items[0]))
        elif items:
            left += 1
    if left:
        rows.append([[Fact(f"and {count_text(left, 'commit')} more")], [], [], [], []])
    return _section("Open since before", "Of each commit what matters most", rows)
