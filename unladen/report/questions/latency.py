"""The model as the bottleneck: its latency and its slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unladen.report.charts import Curve, lines
from unladen.report.commit_results import CommitResults, Series, as_number
from unladen.report.document import Block, Plot, Prose, Section, Spans, Table, listed, sentence
from unladen.report.figures import Fact, Figure, share
from unladen.report.wording import Wording

_WHOLE = 0.999
"""An efficiency above this is called whole."""


def write(results: CommitResults, words: Wording) -> Section | None:
    """What latency and a limited number of slots do to the makespan and to what the parts give."""
    makespan = results.asked(words.capability, "latency.makespan")
    lost = results.asked(words.capability, "latency.lost")
    if makespan is None:
        return None
    grid = _Grid.of(makespan)
    latencies, slots = makespan.points(grid.latency), makespan.points(grid.slots)
    text = Prose()
    text.say(
        f"{words.many.capitalize()}{{}} share a provider that serves so many calls at once: {{}}. "
        "A call takes {} seconds.",
        words.size(makespan),
        listed([Fact(slot) for slot in slots], "or"),
        listed([Fact(latency) for latency in latencies], "or"),
    )
    _say_efficiency(text, results, words, grid, slots)
    findings = _say_lost(text, lost, words, grid) if lost is not None else []
    blocks: list[Block] = [*text.paragraph()]
    blocks += [
        _table(makespan, lost, words, grid, slot)
        for slot in slots
        if makespan.figures(**{grid.slots: slot})
    ]
    return Section(
        "Model latency and slots",
        [*blocks, *_plot(makespan, latencies, words, grid)],
        findings,
    )


@dataclass(frozen=True)
class _Grid:
    """The names of the three parameters."""

    latency: str
    runs: str
    slots: str

    @classmethod
    def of(cls, series: Series) -> _Grid:
        return cls(series.axis("latency"), series.axis("runs"), series.axis("slots"))

    def at(self, latency: str, runs: str, slots: str) -> dict[str, str]:
        return {self.latency: latency, self.runs: runs, self.slots: slots}


def _say_efficiency(
    text: Prose, results: CommitResults, words: Wording, grid: _Grid, slots: list[str]
) -> None:
    efficiency = results.asked(words.capability, "latency.efficiency")
    if efficiency is None:
        return
    least = {
        slot: min((figure for _, figure in figures), key=lambda f: f.value)
        for slot in slots
        if (figures := efficiency.figures(**{grid.slots: slot}))
    }
    whole = [slot for slot, figure in least.items() if figure.value > _WHOLE]
    if whole:
        text.say(
            f"With {{}} slots every {words.one} is as fast as the order of its calls allows "
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


def _say_lost(text: Prose, lost: Series, words: Wording, grid: _Grid) -> list[tuple[int, Spans]]:
    figures = lost.figures()
    losing = [(params, figure) for params, figure in figures if figure.value]
    if not losing:
        text.say(
            f"No {words.share} is lost in any of the {{}} combinations.", _count(lost, figures)
        )
        none = f"No {words.share} is lost under any latency or number of slots measured."
        return [(4, sentence(none))]
    params, worst = max(losing, key=lambda pair: pair[1].value)
    asked = lost.info.holds.get(words.parts, 1) * as_number(params[grid.runs])
    all_asked = Figure(asked, f"{asked:,g}", worst.sources)
    text.say(
        f"In {{}} of {{}} combinations {words.shares} are lost. The most are lost with a latency "
        f"of {{}} s, {{}} {words.many} and {{}} slots: {{}} of {{}}, {{}}.",
        _count(lost, losing),
        _count(lost, figures),
        Fact(params[grid.latency]),
        Fact(params[grid.runs]),
        Fact(params[grid.slots]),
        worst,
        all_asked,
        share(worst, all_asked),
    )
    mildest, least = min(losing, key=lambda pair: _load(pair[0], grid))
    runs = mildest[grid.runs]
    text.say(
        "The lightest load at which any are lost is {} with {} slots and {} s a call: {}.",
        Fact(f"{runs} {words.one if runs == '1' else words.many}"),
        Fact(mildest[grid.slots]),
        Fact(mildest[grid.latency]),
        least.counted(words.share, words.shares),
    )
    return [
        (
            1,
            sentence(
                f"A provider with few slots costs {words.shares}: in {{}} of {{}} combinations of "
                f"latency, {words.many} and slots some are lost, at worst {{}} of {{}}.",
                _count(lost, losing),
                _count(lost, figures),
                worst,
                all_asked,
            ),
        )
    ]


def _count(series: Series, cells: Sequence[tuple[Mapping[str, str], Figure]]) -> Figure:
    return Figure(len(cells), f"{len(cells):,}", (series.source(None),))


def _load(params: Mapping[str, str], grid: _Grid) -> float:
    """Seconds that the provider's slots are busy with a call of each part."""
    found = params[grid.slots]
    slots = as_number(found) if found.isdecimal() else float("inf")
    return as_number(params[grid.latency]) * as_number(params[grid.runs]) / slots


def _table(makespan: Series, lost: Series | None, words: Wording, grid: _Grid, slot: str) -> Table:
    counts = makespan.points(grid.runs)
    rows: list[list[Spans]] = []
    for latency in makespan.points(grid.latency):
        row: list[Spans] = [[Fact(f"{latency} s")]]
        for count in counts:
            where = grid.at(latency, count, slot)
            took = makespan.at(**where)
            gone = lost.at(**where) if lost is not None else None
            cell: list[str | Figure | Fact] = [took or "–"]
            if gone is not None and gone.value:
                cell += [" (", gone.counted("lost", "lost"), ")"]
            row.append(cell)
        rows.append(row)
    head: list[Spans] = [["latency"], *([Fact(f"{count} at once")] for count in counts)]
    caption = sentence(
        f"Virtual time with {{}} slots, and the {words.shares} lost, if any.", Fact(slot)
    )
    return Table(caption, head, rows)


def _plot(makespan: Series, latencies: list[str], words: Wording, grid: _Grid) -> list[Block]:
    """Over the number of runs, one line for each number of slots."""
    counts, slots = makespan.points(grid.runs), makespan.points(grid.slots)
    read = f"{makespan.info.holds.get('read_at_latency_s', 0):g}"
    latency = read if read in latencies else latencies[-1]
    drawn, sources = [], []
    for slot in slots:
        figures = [
            (as_number(count), makespan.at(**grid.at(latency, count, slot))) for count in counts
        ]
        present = [(n, figure) for n, figure in figures if figure]
        if present:
            drawn.append(Curve(f"{slot} slots", [(n, figure.value) for n, figure in present]))
            sources += [source for _, figure in present for source in figure.sources]
    if not drawn:
        return []
    title = f"Time until the last {words.one} ends, {as_number(latency):g} s a call"
    svg = lines(
        title,
        drawn[:4],
        x_label=f"{words.many} at once",
        y_label="virtual seconds",
    )
    caption = sentence(
        "Time until the last ends, with {} s a call.", Fact(f"{as_number(latency):g}")
    )
    return [Plot(f"{words.capability}-latency", svg, caption, sources)]
