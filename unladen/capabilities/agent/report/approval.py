"""Runs that are interrupted before they call their tools, until a human approves."""

from __future__ import annotations

from unladen.capabilities.agent.report import tools
from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Prose, Section, Spans, sentence
from unladen.report.figures import Fact, compared
from unladen.report.tables import Rows, table_of
from unladen.report.without import without

CLASS = "agent.approval.Run"

_ROWS: Rows = (
    ("virtual time", "track_makespan"),
    ("calls to the model", "track_model_calls"),
    ("bytecodes of its own", "track_sdk_bytecodes"),
    ("function calls", "track_function_calls"),
    ("bytes held", "track_retained_bytes"),
)

NEEDED = 2
"""Calls to the model of a run with one turn of tools: one that asks for them, one that answers."""


def write(results: CommitResults) -> Section | None:
    """What it takes to stop and to go on."""
    text = Prose()
    some = results.series(f"{CLASS}.track_makespan")
    if some is not None:
        text.say(
            "A run stops before it calls its tools, is approved at once, goes on and is answered. "
            "The model takes {} a call, a tool {}.",
            some.held("latency_s", "s"),
            some.held("tool_s", "s"),
        )
    calls = results.series(f"{CLASS}.track_function_calls")
    for params, figure in calls.figures() if calls is not None else ():
        plain = results.value(f"{tools.AT_ONCE}.track_function_calls", calls=params["calls"])
        if plain is not None:
            text.say(
                "With {} to be approved it makes {} function calls; without approval {}: {}.",
                Fact(f"{params['calls']} {'call' if params['calls'] == '1' else 'calls'}"),
                figure,
                plain,
                compared(figure, plain),
            )
    caption = sentence("A run of which so many tool calls wait to be approved.")
    blocks: list[Block] = [
        *text.paragraph(),
        *table_of(results, CLASS, _ROWS, "calls", caption),
        *without(results, CLASS),
    ]
    return Section("Waiting for approval", blocks, _again(results)) if blocks else None


def _again(results: CommitResults) -> list[tuple[int, Spans]]:
    """The model is asked again though nothing is new."""
    series = results.series(f"{CLASS}.track_model_calls")
    for _, asked in series.figures() if series is not None else ():
        if asked.value > NEEDED:
            said = "A run that was approved asks the model again what it has answered: {} in all."
            return [(0, sentence(said, asked.counted("call", "calls")))]
    return []
