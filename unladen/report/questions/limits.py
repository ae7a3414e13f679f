"""What a provider's limits do, and how many runs at once they allow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from unladen.report.charts import Bar, bars
from unladen.report.commit_results import CommitResults, Series
from unladen.report.document import (
    Block,
    Bullets,
    Paragraph,
    Plot,
    Prose,
    Section,
    Spans,
    Table,
    listed,
    sentence,
)
from unladen.report.figures import Fact, Figure, total
from unladen.report.wording import Wording


@dataclass(frozen=True)
class _Wrong:
    """Something that goes wrong above a limit. ``happens``: as a sentence; ``happened``: after a
    number of it."""

    question: str
    happens: str
    happened: str


def _wrongs(words: Wording) -> Sequence[_Wrong]:
    return (
        _Wrong("runs_failed", f"{words.many} fail", f"{words.many} failed"),
        _Wrong("lost", f"{words.shares} are lost", f"{words.shares} lost"),
        _Wrong("calls_wasted", "calls are made in vain", "calls in vain"),
        _Wrong("seconds_above_limit", "more is sent than the limit allows", "above the limit"),
    )


def write(
    results: CommitResults,
    words: Wording,
    further: Callable[[CommitResults], list[Spans]] = lambda _: [],
) -> Section | None:
    """Capacity by provider, behaviour above a limit, recommended settings. ``further``: what a
    capability recommends beyond the number of runs at once, if anything."""
    capacity, findings = _capacity(results, words)
    items = [*_recommended(results, words), *further(results)]
    advice: list[Block] = []
    if items:
        lead = sentence("Recommended settings, and the figures they rest on:")
        advice = [Paragraph(lead), Bullets(items)]
    blocks = [*capacity, *_provider(results, words), *advice]
    return Section("Limits and recommended settings", blocks, findings) if blocks else None


def _recommended(results: CommitResults, words: Wording) -> list[Spans]:
    """How many runs at once, as far as there are figures to rest it on."""
    most = results.asked(words.capability, "capacity.runs")
    if most is None:
        return []
    parts: list[Spans] = [
        [figure, " with “", Fact(params[most.axis("provider")]), "”"]
        for params, figure in most.figures()
        if figure.value
    ]
    if not parts:
        return []
    advice = f"Concurrency: start no more {words.many} at once than {{}}."
    return [sentence(advice, listed(parts))]


def _capacity(
    results: CommitResults, words: Wording
) -> tuple[list[Block], list[tuple[int, Spans]]]:
    most = results.asked(words.capability, "capacity.runs")
    if most is None:
        return [], []
    text = Prose()
    text.say(
        f"The service level is that p95 of the {words.many} that start at once, each{{}}, end "
        f"within {{}}, none fails and no {words.share} is lost, with {{}} a call.",
        words.size(most),
        most.held("level_s", "s"),
        most.held("latency_s", "s"),
    )
    axis = most.axis("provider")
    figures = [(params[axis], figure) for params, figure in most.figures()]
    none = [provider for provider, figure in figures if not figure.value]
    if none:
        text.say(
            f"With {{}} not even one {words.one} meets it.",
            listed([Fact(f"“{provider}”") for provider in none], "or"),
        )
    known = [
        (label, series)
        for label, name in (
            (f"{words.many} at once", "runs"),
            ("p95 of them", "p95_makespan"),
            (f"longest wait for {words.a_share}", "longest_step"),
            ("longest call", "longest_call"),
        )
        if (series := results.asked(words.capability, f"capacity.{name}")) is not None
    ]
    rows: list[list[Spans]] = [
        [[Fact(provider)], *([one.at(**{axis: provider}) or "–"] for _, one in known)]
        for provider, _ in figures
    ]
    head: list[Spans] = [["provider"], *([label] for label, _ in known)]
    table = Table([f"The largest number of {words.many} that meets the level."], head, rows)
    drawn = [Bar(provider, figure.value, figure.text) for provider, figure in figures]
    title = f"{words.many.capitalize()} at once that meet the service level"
    plot = Plot(
        f"{words.capability}-capacity",
        bars(title, drawn),
        [f"{title}, by provider."],
        [source for _, figure in figures for source in figure.sources],
    )
    blocks: list[Block] = [*text.paragraph(), table, plot, *_beyond(most, axis)]
    best = max(figure.value for _, figure in figures)
    top = [(provider, figure) for provider, figure in figures if figure.value == best]
    finding = sentence(
        "The provider sets the pace: at most {} at once meet the service level, with {}.",
        top[0][1].counted(words.one, words.many),
        listed([["“", Fact(provider), "”"] for provider, _ in top], "or"),
    )
    return blocks, [(2, finding)]


def _beyond(most: Series, axis: str) -> list[Block]:
    """What fails at one more, where the benchmark said so."""
    items: list[Spans] = [
        sentence(
            "{}: {}",
            Fact(most.params(n)[axis], sources=(most.source(n),)),
            Fact("; ".join(note.splitlines()[:2])),
        )
        for n in range(len(most.info.cells))
        if (note := most.note(n))
    ]
    return [Paragraph(sentence("What keeps it from being more:")), Bullets(items)] if items else []


def _provider(results: CommitResults, words: Wording) -> list[Block]:
    """How the SDK behaves above a limit of requests a minute."""
    makespan = results.asked(words.capability, "limits.makespan")
    if makespan is None:
        return []
    text = Prose()
    axes = _Axes.of(makespan)
    series = [
        (wrong, one)
        for wrong in _wrongs(words)
        if (one := results.asked(words.capability, f"limits.{wrong.question}")) is not None
    ]
    figures = makespan.figures()
    text.say(
        "A provider that refuses what exceeds its requests a minute was measured in {} "
        f"combinations of limit, slots, {words.many} and whether a refusal says when to come "
        "again.",
        makespan.number_of(range(len(figures))),
    )
    _say_worst(text, series, axes, words)
    _say_hint(text, [makespan, *(one for _, one in series)], axes, words)
    return [*text.paragraph(), *_worst_table(makespan, series, axes, words)]


@dataclass(frozen=True)
class _Axes:
    """The names of the parameters."""

    limit: str
    slots: str
    hint: str
    runs: str

    @classmethod
    def of(cls, series: Series) -> _Axes:
        return cls(*map(series.axis, ("limit", "slots", "hint", "runs")))


_Series = Sequence[tuple[_Wrong, Series]]


def _say_worst(text: Prose, known: _Series, axes: _Axes, words: Wording) -> None:
    """In how many combinations something goes wrong, and what at the worst of them."""
    affected = [
        (wrong, one, found)
        for wrong, one in known
        if (found := [(params, f) for params, f in one.figures() if f.value])
    ]
    if not affected:
        figures = [figure for _, one in known for _, figure in one.figures()]
        if figures:
            text.say("In none of them anything goes wrong ({}).", total(figures, "events"))
        return
    text.say(
        "In {}.",
        listed(
            [
                [one.number_of(range(len(found))), f" of them {wrong.happens}"]
                for wrong, one, found in affected
            ]
        ),
    )
    params, _ = max(affected[0][2], key=lambda pair: pair[1].value)
    text.say(
        "The worst is {}: {}.",
        _provider_words(params, axes, words),
        listed(
            [
                [figure, f" {wrong.happened}"]
                for wrong, one, _ in affected
                if (figure := one.at(**params)) is not None
            ]
        ),
    )


def _say_hint(text: Prose, series: list[Series], axes: _Axes, words: Wording) -> None:
    """Whether it helps that the provider says when to come again."""
    if any(set(one.points(axes.hint)) != {"retry-after", "none"} for one in series):
        return
    told = [[f for _, f in one.figures(**{axes.hint: "retry-after"})] for one in series]
    untold = [[f for _, f in one.figures(**{axes.hint: "none"})] for one in series]
    figures = [figure for column in told for figure in column]
    if not figures:
        return
    if [[f.value for f in column] for column in told] == [
        [f.value for f in column] for column in untold
    ]:
        text.say(
            "Whether a refusal says when to come again makes no difference to any of these "
            "figures: nothing shows that the SDK heeds it."
        )
        return
    failed = [(one, a, b) for one, a, b in zip(series, told, untold, strict=True)
              if one.info.question == "limits.runs_failed" and a and b]  # fmt: skip
    for _, with_hint, without in failed:
        text.say(
            "Where a refusal says when to come again {} in all, where it does not {}.",
            total(with_hint, "").counted(f"{words.one} fails", f"{words.many} fail"),
            total(without, ""),
        )


def _worst_table(makespan: Series, series: _Series, axes: _Axes, words: Wording) -> list[Block]:
    """All numbers of runs with the hint and the fewest slots, by limit."""
    limits, counts = makespan.points(axes.limit), makespan.points(axes.runs)
    slots, hints = makespan.points(axes.slots), makespan.points(axes.hint)
    if not (limits and slots and hints and counts):
        return []
    columns = [("virtual time", makespan), *((wrong.happened, one) for wrong, one in series)]
    rows: list[list[Spans]] = []
    for limit in limits:
        for count in counts:
            where = {
                axes.limit: limit,
                axes.slots: slots[-1],
                axes.hint: hints[0],
                axes.runs: count,
            }
            cells: list[Spans] = [[one.at(**where) or "–"] for _, one in columns]
            rows.append([[Fact(limit)], [Fact(count)], *cells])
    head: list[Spans] = [["a minute"], [words.many], *([label] for label, _ in columns)]
    caption = sentence(
        "Above a limit of requests a minute, with {} slots and refusals that {}.",
        Fact(slots[-1]),
        Fact("say when to come again" if hints[0] == "retry-after" else "say nothing"),
    )
    return [Table(caption, head, rows, text_columns=0)]


def _provider_words(
    params: dict[str, str], axes: _Axes, words: Wording
) -> list[str | Figure | Fact]:
    hint = "told when to come again" if params[axes.hint] == "retry-after" else "not told when"
    count = params[axes.runs]
    return [
        Fact(f"{params[axes.limit]} requests a minute"),
        ", ",
        Fact(f"{params[axes.slots]} slots"),
        " and ",
        Fact(f"{count} {words.one if count == '1' else words.many}"),
        f", {hint}",
    ]
