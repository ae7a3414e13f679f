"""Many runs at once on one engine."""

from __future__ import annotations

from unladen.report.charts import Curve, lines
from unladen.report.commit_results import CommitResults, Series, as_number
from unladen.report.document import Block, Plot, Prose, Section, Spans, Table, listed, sentence
from unladen.report.figures import Fact, compared, total
from unladen.report.wording import Wording
from unladen.store.series import ROUNDING

_COLUMNS = (
    ("virtual time", "makespan"),
    ("calls at once", "peak_in_flight"),
    ("foreign items", "crosstalk"),
    ("CPU time of each", "cpu_per_run"),
    ("loop lag", "loop_lag"),
)


def write(results: CommitResults, words: Wording) -> Section | None:
    """Do they overlap, do they disturb each other?"""
    known = {
        name: series
        for _, name in _COLUMNS
        if (series := results.asked(words.capability, f"concurrency.{name}")) is not None
    }
    if not known:
        return None
    some = next(iter(known.values()))
    runs = some.axis("runs")
    counts = some.points(runs)
    text = Prose()
    text.say(
        f"So many {words.many}{{}} were started at the same moment on one engine: {{}}.",
        words.size(some),
        listed([Fact(count) for count in counts]),
    )
    findings: list[tuple[int, Spans]] = []
    _say_makespan(text, known.get("makespan"), runs, counts)
    crosstalk = known.get("crosstalk")
    if crosstalk is not None and (figures := [f for _, f in crosstalk.figures()]):
        mixed = total(figures, "foreign items")
        if mixed.value:
            text.say(f"Results hold {{}} of other {words.many}: they are mixed up.",
                     mixed.counted("item", "items"))  # fmt: skip
            findings.append((0, sentence(
                f"{words.many.capitalize()} that run at once are mixed up: {{}} of others in the "
                "results.",
                mixed.counted("item", "items"))))  # fmt: skip
        else:
            text.say(
                f"No result holds anything of another {words.one} ({{}} foreign items).", mixed
            )
            findings.append((4, sentence(
                f"Up to {{}} {words.many} at once do not disturb each other: {{}} foreign items.",
                Fact(counts[-1]), mixed)))  # fmt: skip
    _say_cost(text, known.get("cpu_per_run"), words, runs, counts)
    lag = known.get("loop_lag")
    if lag is not None:
        text.say(
            "The loop's longest stretch without looking for new work goes from {} to {}: so long "
            "everything else on the loop may have to wait.",
            lag.at(**{runs: counts[0]}),
            lag.at(**{runs: counts[-1]}),
        )
    findings += _say_races(text, results, words)
    rows: list[list[Spans]] = [
        [
            [Fact(count)],
            *([known[name].at(**{runs: count}) or "–"] for _, name in _COLUMNS if name in known),
        ]
        for count in counts
    ]
    head: list[Spans] = [
        [words.many], *([label] for label, name in _COLUMNS if name in known)
    ]  # fmt: skip
    table = Table(
        [f"{words.many.capitalize()} at once, on one engine."], head, rows, text_columns=0
    )
    return Section(
        f"Concurrent {words.many}",
        [*text.paragraph(), table, *_plot(known, words, runs, counts)],
        findings,
    )


def _say_makespan(text: Prose, makespan: Series | None, runs: str, counts: list[str]) -> None:
    if makespan is None:
        return
    first, last = makespan.at(**{runs: counts[0]}), makespan.at(**{runs: counts[-1]})
    if first is None or last is None:
        return
    if abs(first.value - last.value) <= ROUNDING * first.value:
        text.say(
            "However many they are, all end after {}, as one alone does: they overlap wholly, and "
            "nothing in the SDK makes one wait for another.",
            last,
        )
    else:
        text.say(
            "One alone ends after {}, the last of {} after {}, {}: something makes them wait for "
            "each other.",
            first,
            Fact(counts[-1]),
            last,
            compared(last, first),
        )


def _say_races(text: Prose, results: CommitResults, words: Wording) -> list[tuple[int, Spans]]:
    """Whether they end otherwise in other orders; what is to be found of it."""
    series = results.asked(words.capability, "races.outcomes")
    outcomes = None if series is None else series.at()
    if series is None or outcomes is None:
        return []
    ways = outcomes.counted("way", "ways")
    text.say(
        f"Nothing orders what is due at the same instant: in {{}} of it {{}} {words.many} at once "
        "end in {} that the usual order does not show.",
        series.held("schedules", "other order", "other orders"),
        series.held("runs"),
        ways,
    )
    if not outcomes.value:
        return []
    finding = sentence(
        f"{words.many.capitalize()} race: what is due at the same instant may come in any order, "
        "and in some orders they end in {} that the usual one does not show. {}",
        ways,
        Fact(series.said(0)),
    )
    return [(0, finding)]


def _say_cost(
    text: Prose, cpu: Series | None, words: Wording, runs: str, counts: list[str]
) -> None:
    if cpu is None:
        return
    first, last = cpu.at(**{runs: counts[0]}), cpu.at(**{runs: counts[-1]})
    if first and last:
        text.say(
            f"{words.a_run.capitalize()} costs {{}} of CPU time alone and {{}} among {{}}, {{}} "
            "(sampled).",
            first,
            last,
            Fact(counts[-1]),
            compared(last, first),
        )


def _plot(known: dict[str, Series], words: Wording, runs: str, counts: list[str]) -> list[Block]:
    lag, cpu = known.get("loop_lag"), known.get("cpu_per_run")
    drawn, sources = [], []
    for label, series in (("loop lag", lag), ("CPU time of each", cpu)):
        if series is None:
            continue
        figures = [(as_number(n), series.at(**{runs: n})) for n in counts]
        present = [(n, figure) for n, figure in figures if figure and figure.value > 0]
        if len(present) > 1:
            drawn.append(Curve(label, [(n, figure.value * 1000) for n, figure in present]))
            sources += [source for _, figure in present for source in figure.sources]
    if not drawn:
        return []
    title = f"CPU time with more {words.many} at once"
    svg = lines(
        title,
        drawn,
        x_label=f"{words.many} at once",
        y_label="milliseconds of CPU time (sampled)",
    )
    return [Plot(f"{words.capability}-concurrency", svg, [f"{title}."], sources)]
