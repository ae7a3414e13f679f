"""Runs of which what is asked, or what is answered, is checked by the SDK's guardrails."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Prose, Section, Spans, sentence
from unladen.report.figures import Fact, compared
from unladen.report.tables import Rows, table_of
from unladen.report.without import without

CLASS = "agent.guardrails.Run"
NONE, PASSES = "nothing checked", "asked, passes"
STOPPED, LATE = "asked, stopped", "asked, stopped late"

_ROWS: Rows = (
    ("virtual time", "track_makespan"),
    ("calls to the model", "track_model_calls"),
    ("tools called", "track_tools_called"),
    ("tasks left", "track_tasks_left"),
    ("bytecodes of its own", "track_sdk_bytecodes"),
    ("function calls", "track_function_calls"),
)


def write(results: CommitResults) -> Section | None:
    """What checks take, and what is done by the time they stop a run."""
    caption = sentence("A run, by what is checked and what comes of it.")
    blocks: list[Block] = [
        *_words(results),
        *table_of(results, CLASS, _ROWS, "check", caption),
        *without(results, CLASS),
    ]
    if not blocks:
        return None
    return Section("Guardrails", blocks, [*_acts(results), *_left(results)])


def _words(results: CommitResults) -> list[Block]:
    text = Prose()
    some = results.series(f"{CLASS}.track_makespan")
    if some is not None:
        text.say(
            "A turn with a call of a tool, then the answer: the model takes {} a call, a tool {}, "
            "a check {}, the late one {}, by which time the tool could have been called.",
            some.held("latency_s", "s"),
            some.held("tool_s", "s"),
            some.held("check_s", "s"),
            some.held("late_check_s", "s"),
        )
    plain = results.value(f"{CLASS}.track_function_calls", check=NONE)
    checked = results.value(f"{CLASS}.track_function_calls", check=PASSES)
    if plain is not None and checked is not None:
        text.say(
            "A question that is checked and passes takes {} function calls; without a check {}: "
            "{}.",
            checked,
            plain,
            compared(checked, plain),
        )
    said = results.series(f"{CLASS}.track_model_calls")
    if said is not None and said.has(check=STOPPED):
        cell = said.cell(check=STOPPED)
        if said.said(cell):
            note = Fact(said.said(cell), sources=(said.source(cell),))
            text.say("A run that is stopped ends so: {}.", note)
    return text.paragraph()


def _acts(results: CommitResults) -> list[tuple[int, Spans]]:
    """Tools that a question has called which does not pass."""
    for rank, check in ((0, STOPPED), (1, LATE)):
        tools = results.value(f"{CLASS}.track_tools_called", check=check)
        if tools is not None and tools.value > 0:
            said = "A check of what is asked does not hold tools back ({}): {} by then."
            called = tools.counted("tool was called", "tools were called")
            return [(rank, sentence(said, Fact(check), called))]
    return []


def _left(results: CommitResults) -> list[tuple[int, Spans]]:
    """Tasks that go on when a run is over."""
    series = results.series(f"{CLASS}.track_tasks_left")
    said = "A run that is checked leaves {} behind ({})."
    return [
        (0, sentence(said, left.counted("task", "tasks"), Fact(params["check"])))
        for params, left in (series.figures() if series is not None else ())
        if left.value > 0
    ]
