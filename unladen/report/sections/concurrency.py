"""Many negotiations at once on one engine."""

from __future__ import annotations

from unladen.report.charts import Line, lines
from unladen.report.commit_results import CommitResults, Series, as_number
from unladen.report.document import Block, Plot, Prose, Section, Spans, Table, listed, sentence
from unladen.report.figures import Fact, compared, total
from unladen.report.settings import CONCURRENCY_AGENTS, setting
from unladen.store.series import ROUNDING

CLASS = "negotiation.concurrency.Parallel"
_COLUMNS = (
    ("virtual time", "track_makespan"),
    ("calls at once", "track_peak_in_flight"),
    ("foreign items", "track_crosstalk"),
    ("CPU time of each", "sample_cpu_per_run"),
    ("loop lag", "sample_loop_lag"),
)


def write(results: CommitResults) -> Section | None:
    """Do they overlap, do they disturb each other?"""
    known = {
        name: series
        for _, name in _COLUMNS
        if (series := results.series(f"{CLASS}.{name}")) is not None
    }
    if not known:
        return None
    counts = next(iter(known.values())).points("negotiations")
    text = Prose()
    text.say(
        "So many negotiations of {} were started at the same moment on one engine: {}.",
        setting(CONCURRENCY_AGENTS, "agent", "agents"),
        listed([Fact(count) for count in counts]),
    )
    findings: list[tuple[int, Spans]] = []
    _say_makespan(text, known.get("track_makespan"), counts)
    crosstalk = known.get("track_crosstalk")
    if crosstalk is not None and (figures := [f for _, f in crosstalk.figures()]):
        mixed = total(figures, "foreign items")
        if mixed.value:
            text.say("Results hold {} of other negotiations: they are mixed up.",
                     mixed.counted("item", "items"))  # fmt: skip
            findings.append((0, sentence(
                "Negotiations that run at once are mixed up: {} of others in the results.",
                mixed.counted("item", "items"))))  # fmt: skip
        else:
            text.say("No result holds anything of another negotiation ({} foreign items).", mixed)
            findings.append((4, sentence(
                "Up to {} negotiations at once do not disturb each other: {} foreign items.",
                Fact(counts[-1]), mixed)))  # fmt: skip
    _say_cost(text, known.get("sample_cpu_per_run"), counts)
    lag = known.get("sample_loop_lag")
    if lag is not None:
        text.say(
            "The loop's longest stretch without looking for new work goes from {} to {}: so long "
            "everything else on the loop may have to wait.",
            lag.at(negotiations=counts[0]),
            lag.at(negotiations=counts[-1]),
        )
    rows: list[list[Spans]] = [
        [
            [Fact(count)],
            *([known[name].at(negotiations=count) or "–"] for _, name in _COLUMNS if name in known),
        ]
        for count in counts
    ]
    head: list[Spans] = [
        ["negotiations"], *([label] for label, name in _COLUMNS if name in known)
    ]  # fmt: skip
    table = Table(["Negotiations at once, on one engine."], head, rows, text_columns=0)
    return Section(
        "Concurrent negotiations",
        [*text.paragraph(), table, *_plot(known, counts)],
        findings,
    )


def _say_makespan(text: Prose, makespan: Series | None, counts: list[str]) -> None:
    if makespan is None:
        return
    first, last = makespan.at(negotiations=counts[0]), makespan.at(negotiations=counts[-1])
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


def _say_cost(text: Prose, cpu: Series | None, counts: list[str]) -> None:
    if cpu is None:
        return
    first, last = cpu.at(negotiations=counts[0]), cpu.at(negotiations=counts[-1])
    if first and last:
        text.say(
            "A negotiation costs {} of CPU time alone and {} among {}, {} (sampled).",
            first,
            last,
            Fact(counts[-1]),
            compared(last, first),
        )


def _plot(known: dict[str, Series], counts: list[str]) -> list[Block]:
    lag, cpu = known.get("sample_loop_lag"), known.get("sample_cpu_per_run")
    drawn, sources = [], []
    for label, series in (("loop lag", lag), ("CPU time of each", cpu)):
        if series is None:
            continue
        figures = [(as_number(n), series.at(negotiations=n)) for n in counts]
        present = [(n, figure) for n, figure in figures if figure and figure.value > 0]
        if len(present) > 1:
            drawn.append(Line(label, [(n, figure.value * 1000) for n, figure in present]))
            sources += [source for _, figure in present for source in figure.sources]
    if not drawn:
        return []
    svg = lines(
        "CPU time with more negotiations at once",
        drawn,
        x_label="negotiations at once",
        y_label="milliseconds of CPU time (sampled)",
    )
    return [Plot("concurrency", svg, ["CPU time with more negotiations at once."], sources)]
