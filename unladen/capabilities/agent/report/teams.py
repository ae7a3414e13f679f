"""Agents that hand over to one another, and agents that are tools of another one."""

from __future__ import annotations

from unladen.report.commit_results import CommitResults, as_number
from unladen.report.document import Block, Prose, Section, Spans, sentence
from unladen.report.figures import Fact, Figure, derived, written
from unladen.report.tables import Rows, table_of
from unladen.report.without import without

HAND_OVER = "agent.teams.HandOver"
ASKING = "agent.teams.Asking"

_ROWS: Rows = (
    ("virtual time", "track_makespan"),
    ("calls to the model", "track_model_calls"),
    ("bytecodes of its own", "track_sdk_bytecodes"),
    ("function calls", "track_function_calls"),
    ("bytes held", "track_retained_bytes"),
)


def write(results: CommitResults) -> Section | None:
    """What both take, by the number of agents."""
    handed = table_of(
        results,
        HAND_OVER,
        _ROWS,
        "hand_overs",
        sentence("An errand that is handed over so many times; who has it last answers."),
    )
    asked = table_of(
        results,
        ASKING,
        _ROWS,
        "agents",
        sentence("An agent that asks so many others, its tools, in one answer of its model."),
    )
    blocks: list[Block] = [
        *_words(results),
        *handed,
        *asked,
        *without(results, HAND_OVER, ASKING),
    ]
    if not blocks:
        return None
    return Section("Agents that work together", blocks, [*_serial(results), *_more(results)])


def _words(results: CommitResults) -> list[Block]:
    text = Prose()
    some = results.series(f"{HAND_OVER}.track_makespan") or results.series(
        f"{ASKING}.track_makespan"
    )
    if some is not None:
        text.say("The model takes {} a call.", some.held("latency_s", "s"))
    text.say("Each further hand-over takes {} function calls.", _of_one(results))
    return text.paragraph()


def _of_one(results: CommitResults) -> Figure | None:
    """Function calls of one more hand-over."""
    series = results.series(f"{HAND_OVER}.track_function_calls")
    known = series.figures() if series is not None else []
    if len(known) < 2:
        return None
    (few, first), (many, last) = known[0], known[-1]
    more = as_number(many["hand_overs"]) - as_number(few["hand_overs"])
    value = (last.value - first.value) / more
    return derived(value, written(value, "calls"), (last, first))


def _serial(results: CommitResults) -> list[tuple[int, Spans]]:
    """Agents that are asked together and work one after the other."""
    series = results.series(f"{ASKING}.track_makespan")
    known = series.figures() if series is not None else []
    if len(known) < 2 or known[-1][1].value <= known[0][1].value:
        return []
    (few, one), (many, last) = known[0], known[-1]
    said = "Agents that are asked together do not work together: {} takes {}, {} take {}."
    return [(0, sentence(said, Fact(few["agents"]), one, Fact(many["agents"]), last))]


def _more(results: CommitResults) -> list[tuple[int, Spans]]:
    """Calls to the model that hand-overs do not need: each agent is asked once."""
    series = results.series(f"{HAND_OVER}.track_model_calls")
    for params, calls in reversed(series.figures() if series is not None else []):
        times = params["hand_overs"]
        if calls.value > as_number(times) + 1:
            said = (
                "Of an errand that is handed over {} times the model is asked {} times: more than "
                "once for each agent."
            )
            return [(1, sentence(said, Fact(times), calls))]
    return []
