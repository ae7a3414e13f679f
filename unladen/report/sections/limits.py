"""What a provider's limits do, and the settings that follow from it."""

from __future__ import annotations

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
from unladen.report.sections.recommended import CAPACITY, recommended
from unladen.report.settings import LEVEL_SECONDS, LIMITED_SECONDS, LIMITS_AGENTS, setting

PROVIDER = "negotiation.limits.Provider"

_WRONG = (
    ("runs_failed", "negotiations fail"),
    ("agents_lost", "offers are lost"),
    ("calls_wasted", "calls are made in vain"),
    ("seconds_above_limit", "more is sent than the limit allows"),
)
_SHORT = {
    "negotiations fail": "negotiations failed",
    "offers are lost": "offers lost",
    "calls are made in vain": "calls in vain",
    "more is sent than the limit allows": "above the limit",
}
_CAPACITY_COLUMNS = (
    ("negotiations at once", "track_runs"),
    ("p95 of them", "track_p95_makespan"),
    ("longest wait for an offer", "track_longest_offer_wait"),
    ("longest call", "track_longest_call"),
)


def write(results: CommitResults) -> Section | None:
    """Capacity by provider, behaviour above a limit, recommended settings."""
    capacity, findings = _capacity(results)
    blocks = [*capacity, *_provider(results), *recommended(results)]
    return Section("Limits and recommended settings", blocks, findings) if blocks else None


def _capacity(results: CommitResults) -> tuple[list[Block], list[tuple[int, Spans]]]:
    most = results.series(f"{CAPACITY}.track_runs")
    if most is None:
        return [], []
    text = Prose()
    text.say(
        "The service level is that p95 of the negotiations that start at once end within {}, none "
        "fails and no agent is lost, with {} and {} a call.",
        setting(LEVEL_SECONDS, "s"),
        setting(LIMITS_AGENTS, "agent", "agents"),
        setting(LIMITED_SECONDS, "s"),
    )
    figures = [(params["provider"], figure) for params, figure in most.figures()]
    none = [provider for provider, figure in figures if not figure.value]
    if none:
        text.say(
            "With {} not even one negotiation meets it.",
            listed([Fact(f"“{provider}”") for provider in none], "or"),
        )
    known = [
        (label, series)
        for label, name in _CAPACITY_COLUMNS
        if (series := results.series(f"{CAPACITY}.{name}")) is not None
    ]
    rows: list[list[Spans]] = [
        [[Fact(provider)], *([one.at(provider=provider) or "–"] for _, one in known)]
        for provider, _ in figures
    ]
    head: list[Spans] = [["provider"], *([label] for label, _ in known)]
    table = Table(["The largest number of negotiations that meets the level."], head, rows)
    drawn = [Bar(provider, figure.value, figure.text) for provider, figure in figures]
    plot = Plot(
        "capacity",
        bars("Negotiations at once that meet the service level", drawn),
        ["Negotiations at once that meet the service level, by provider."],
        [source for _, figure in figures for source in figure.sources],
    )
    blocks: list[Block] = [*text.paragraph(), table, plot, *_beyond(most)]
    best = max(figure.value for _, figure in figures)
    top = [(provider, figure) for provider, figure in figures if figure.value == best]
    finding = sentence(
        "The provider sets the pace: at most {} at once meet the service level, with {}.",
        top[0][1].counted("negotiation", "negotiations"),
        listed([["“", Fact(provider), "”"] for provider, _ in top], "or"),
    )
    return blocks, [(2, finding)]


def _beyond(most: Series) -> list[Block]:
    """What fails at one more, where the benchmark said so."""
    items: list[Spans] = [
        sentence(
            "{}: {}",
            Fact(most.params(n)["provider"], sources=(most.source(n),)),
            Fact("; ".join(note.splitlines()[:2])),
        )
        for n in range(len(most.info.cells))
        if (note := most.note(n))
    ]
    return [Paragraph(sentence("What keeps it from being more:")), Bullets(items)] if items else []


def _provider(results: CommitResults) -> list[Block]:
    """How the SDK behaves above a limit of requests a minute."""
    makespan = results.series(f"{PROVIDER}.track_makespan")
    if makespan is None:
        return []
    text = Prose()
    series = {
        name: results.series(f"{PROVIDER}.track_{name}")
        for name in ("runs_failed", "agents_lost", "calls_wasted", "seconds_above_limit")
    }
    figures = makespan.figures()
    text.say(
        "A provider that refuses what exceeds its requests a minute was measured in {} "
        "combinations of limit, slots, negotiations and whether a refusal says when to come again.",
        makespan.number_of(range(len(figures))),
    )
    _say_worst(text, makespan, series)
    _say_hint(text, [makespan, *(one for one in series.values() if one is not None)])
    return [*text.paragraph(), *_worst_table(makespan, series)]


def _say_worst(text: Prose, makespan: Series, series: dict[str, Series | None]) -> None:
    """In how many combinations something goes wrong, and what at the worst of them."""
    known = [(words, one) for name, words in _WRONG if (one := series[name]) is not None]
    affected = [
        (words, one, found)
        for words, one in known
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
                [one.number_of(range(len(found))), f" of them {words}"]
                for words, one, found in affected
            ]
        ),
    )
    params, _ = max(affected[0][2], key=lambda pair: pair[1].value)
    text.say(
        "The worst is {}: {}.",
        _provider_words(params),
        listed(
            [
                [figure, f" {_SHORT[words]}"]
                for words, one, _ in affected
                if (figure := one.at(**params)) is not None
            ]
        ),
    )


def _say_hint(text: Prose, series: list[Series]) -> None:
    """Whether it helps that the provider says when to come again."""
    if any(set(one.points("hint")) != {"retry-after", "none"} for one in series):
        return
    told = [[f for _, f in one.figures(hint="retry-after")] for one in series]
    untold = [[f for _, f in one.figures(hint="none")] for one in series]
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
              if one.name.endswith("runs_failed") and a and b]  # fmt: skip
    for _, with_hint, without in failed:
        text.say(
            "Where a refusal says when to come again {} in all, where it does not {}.",
            total(with_hint, "").counted("negotiation fails", "negotiations fail"),
            total(without, ""),
        )


def _worst_table(makespan: Series, series: dict[str, Series | None]) -> list[Block]:
    """All numbers of negotiations with the hint, the fewest slots and the middle limit."""
    limits = makespan.points("requests_per_minute")
    slots, hints = makespan.points("slots"), makespan.points("hint")
    counts = makespan.points("negotiations")
    if not (limits and slots and hints and counts):
        return []
    columns = [("virtual time", makespan)] + [
        (name.replace("_", " "), one) for name, one in series.items() if one is not None
    ]
    rows: list[list[Spans]] = []
    for limit in limits:
        for count in counts:
            where = {
                "requests_per_minute": limit,
                "slots": slots[-1],
                "hint": hints[0],
                "negotiations": count,
            }
            cells: list[Spans] = [[one.at(**where) or "–"] for _, one in columns]
            rows.append([[Fact(limit)], [Fact(count)], *cells])
    head: list[Spans] = [["a minute"], ["negotiations"], *([label] for label, _ in columns)]
    caption = sentence(
        "Above a limit of requests a minute, with {} slots and refusals that {}.",
        Fact(slots[-1]),
        Fact("say when to come again" if hints[0] == "retry-after" else "say nothing"),
    )
    return [Table(caption, head, rows, text_columns=0)]


def _provider_words(params: dict[str, str]) -> list[str | Figure | Fact]:
    hint = "told when to come again" if params["hint"] == "retry-after" else "not told when"
    count = params["negotiations"]
    return [
        Fact(f"{params['requests_per_minute']} requests a minute"),
        ", ",
        Fact(f"{params['slots']} slots"),
        " and ",
        Fact(f"{count} {'negotiation' if count == '1' else 'negotiations'}"),
        f", {hint}",
    ]
