"""The model as the bottleneck: its latency and its slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from unladen.report.charts import Line, lines
from unladen.report.commit_results import CommitResults, Series, as_number
from unladen.report.document import Block, Plot, Prose, Section, Spans, Table, listed, sentence
from unladen.report.figures import Fact, Figure, share
from unladen.report.settings import LATENCY_AGENTS, LIMITED_SECONDS, setting

CLASS = "negotiation.latency.Model"
_WHOLE = 0.999
"""An efficiency above this is called whole."""


def write(results: CommitResults) -> Section | None:
    """What latency and a limited number of slots do to the makespan and to the offers."""
    makespan = results.series(f"{CLASS}.track_makespan")
    lost = results.series(f"{CLASS}.track_agents_lost")
    if makespan is None:
        return None
    latencies, counts, slots = (
        makespan.points(axis) for axis in ("latency_s", "negotiations", "slots")
    )
    text = Prose()
    text.say(
        "Negotiations of {} share a provider that serves so many calls at once: {}. A call takes "
        "{} seconds.",
        setting(LATENCY_AGENTS, "agent", "agents"),
        listed([Fact(slot) for slot in slots], "or"),
        listed([Fact(latency) for latency in latencies], "or"),
    )
    _say_efficiency(text, results, slots)
    findings = _say_lost(text, lost) if lost is not None else []
    blocks: list[Block] = [*text.paragraph()]
    blocks += [_grid(makespan, lost, slot) for slot in slots if _has_any(makespan, slot)]
    return Section(
        "Model latency and slots",
        [*blocks, *_plot(makespan, latencies, counts, slots)],
        findings,
    )


def _has_any(series: Series, slot: str) -> bool:
    return bool(series.figures(slots=slot))


def _say_efficiency(text: Prose, results: CommitResults, slots: list[str]) -> None:
    efficiency = results.series(f"{CLASS}.track_efficiency")
    if efficiency is None:
        return
    least = {
        slot: min((figure for _, figure in efficiency.figures(slots=slot)), key=lambda f: f.value)
        for slot in slots
        if efficiency.figures(slots=slot)
    }
    whole = [slot for slot, figure in least.items() if figure.value > _WHOLE]
    if whole:
        text.say(
            "With {} slots every negotiation is as fast as the order of its calls allows "
            "(efficiency {}): the SDK adds no waiting of its own.",
            listed([Fact(slot) for slot in whole], "or"),
            least[whole[0]],
        )
    parts: list[Spans] = [
        ["with ", Fact(slot), " slots to ", figure]
        for slot, figure in least.items()
        if slot not in whole
    ]
    text.say(
        "The efficiency, the critical path of the calls over the time that it took, falls {}.",
        listed(parts) if parts else None,
    )


def _say_lost(text: Prose, lost: Series) -> list[tuple[int, Spans]]:
    figures = lost.figures()
    losing = [(params, figure) for params, figure in figures if figure.value]
    if not losing:
        text.say("No agent's offer is lost in any of the {} combinations.", _count(lost, figures))
        return [(4, sentence("No offer is lost under any latency or number of slots measured."))]
    params, worst = max(losing, key=lambda pair: pair[1].value)
    asked = LATENCY_AGENTS * int(as_number(params["negotiations"]))
    all_asked = Figure(asked, f"{asked:,}", worst.sources)
    text.say(
        "In {} of {} combinations offers are lost. The most are lost with a latency of {} s, {} "
        "negotiations and {} slots: {} of {}, {}.",
        _count(lost, losing),
        _count(lost, figures),
        Fact(params["latency_s"]),
        Fact(params["negotiations"]),
        Fact(params["slots"]),
        worst,
        all_asked,
        share(worst, all_asked),
    )
    mildest, least = min(losing, key=lambda pair: _load(pair[0]))
    text.say(
        "The lightest load at which any are lost is {} with {} slots and {} s a call: {}.",
        Fact(f"{mildest['negotiations']} "
             f"{'negotiation' if mildest['negotiations'] == '1' else 'negotiations'}"),
        Fact(mildest["slots"]),
        Fact(mildest["latency_s"]),
        least.counted("offer", "offers"),
    )  # fmt: skip
    return [
        (
            1,
            sentence(
                "A provider with few slots costs offers: in {} of {} combinations of latency, "
                "negotiations and slots some are lost, at worst {} of {}.",
                _count(lost, losing),
                _count(lost, figures),
                worst,
                all_asked,
            ),
        )
    ]


def _count(series: Series, cells: Sequence[tuple[Mapping[str, str], Figure]]) -> Figure:
    return Figure(len(cells), f"{len(cells):,}", (series.source(None),))


def _load(params: Mapping[str, str]) -> float:
    """Seconds that the provider's slots are busy with the offers."""
    slots = as_number(params["slots"]) if params["slots"].isdecimal() else float("inf")
    return as_number(params["latency_s"]) * as_number(params["negotiations"]) / slots


def _grid(makespan: Series, lost: Series | None, slot: str) -> Table:
    counts = makespan.points("negotiations")
    rows: list[list[Spans]] = []
    for latency in makespan.points("latency_s"):
        row: list[Spans] = [[Fact(f"{latency} s")]]
        for count in counts:
            where = {"latency_s": latency, "negotiations": count, "slots": slot}
            took = makespan.at(**where)
            gone = lost.at(**where) if lost is not None else None
            cell: list[str | Figure | Fact] = [took or "–"]
            if gone is not None and gone.value:
                cell += [" (", gone.counted("lost", "lost"), ")"]
            row.append(cell)
        rows.append(row)
    head: list[Spans] = [["latency"], *([Fact(f"{count} at once")] for count in counts)]
    caption = sentence("Virtual time with {} slots, and the offers lost, if any.", Fact(slot))
    return Table(caption, head, rows)


def _plot(
    makespan: Series, latencies: list[str], counts: list[str], slots: list[str]
) -> list[Block]:
    """Over the number of negotiations, one line for each number of slots."""
    read = f"{LIMITED_SECONDS}"
    latency = read if read in latencies else latencies[-1]
    drawn, sources = [], []
    for slot in slots:
        figures = [
            (as_number(count), makespan.at(latency_s=latency, negotiations=count, slots=slot))
            for count in counts
        ]
        present = [(n, figure) for n, figure in figures if figure]
        if present:
            drawn.append(Line(f"{slot} slots", [(n, figure.value) for n, figure in present]))
            sources += [source for _, figure in present for source in figure.sources]
    if not drawn:
        return []
    title = f"Time until the last negotiation ends, {as_number(latency):g} s a call"
    svg = lines(
        title,
        drawn[:4],
        x_label="negotiations at once",
        y_label="virtual seconds",
    )
    caption = sentence(
        "Time until the last ends, with {} s a call.", Fact(f"{as_number(latency):g}")
    )
    return [Plot("latency", svg, caption, sources)]
