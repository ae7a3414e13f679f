"""What it costs that the SDK traces what its agents do."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Prose, Section, Spans, sentence
from unladen.report.figures import Fact, compared
from unladen.report.tables import Rows, table_of
from unladen.report.without import without

CLASS = "agent.tracing.Run"
OFF, ON = "off", "on"

_ROWS: Rows = (
    ("spans", "track_spans"),
    ("virtual time", "track_makespan"),
    ("bytecodes of its own", "track_sdk_bytecodes"),
    ("function calls", "track_function_calls"),
    ("bytes held", "track_retained_bytes"),
)

MUCH = 1.5
"""Times as many function calls with tracing as without, from which on a line is worth it."""


def write(results: CommitResults) -> Section | None:
    """A run with tracing off and on."""
    text = Prose()
    spans = results.series(f"{CLASS}.track_spans")
    if spans is not None:
        text.say(
            "A run of {} with a call of a tool each; its spans go to an exporter that drops them.",
            spans.held("turns", "turn", "turns"),
        )
        cell = spans.cell(tracing=ON)
        if spans.said(cell):
            text.say("They are: {}.", Fact(spans.said(cell), sources=(spans.source(cell),)))
    off = results.value(f"{CLASS}.track_function_calls", tracing=OFF)
    on = results.value(f"{CLASS}.track_function_calls", tracing=ON)
    findings: list[tuple[int, Spans]] = []
    if on is not None and off is not None:
        text.say(
            "It makes {} function calls with tracing, {} without: {}.", on, off, compared(on, off)
        )
        if on.value >= MUCH * off.value:
            said = "Tracing takes {} function calls of a run that makes {} without it: {}."
            findings.append((2, sentence(said, on, off, compared(on, off))))
    caption = sentence("The run, by whether it is traced.")
    blocks: list[Block] = [
        *text.paragraph(),
        *table_of(results, CLASS, _ROWS, "tracing", caption),
        *without(results, CLASS),
    ]
    return Section("Tracing", blocks, findings) if blocks else None
