"""Each mistake of a small agent is found where it is looked for, and nowhere else."""

from __future__ import annotations

import math

import made_agents
import pytest
from made_agents import Choose

from benchmarks.agent import adapter, faults, kinds, leftovers, streaming, tokens
from benchmarks.agent.kinds import Became
from benchmarks.agent.leftovers import Left, Way
from benchmarks.agent.over_http import HttpErrands
from benchmarks.agent.workload import Errands
from benchmarks.core import subject
from benchmarks.core.harness import Harness
from benchmarks.core.notes import hearing
from mocks.faults import Outcome
from mocks.worlds.agent.faults import CASES
from mocks.worlds.agent.script import Plan
from targets.bare import driver  # noqa: F401 - it puts the floor on the path
from targets.protocol import Unavailable

TWO_TURNS = Plan(turns=(("look", "look"), ("look",)))


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Choose:
    """Put agents with that mistake under test; "" is none."""

    def chosen(mistake: str) -> None:
        target = made_agents.made_target(mistake)
        monkeypatch.setattr(subject, "target", lambda: target)

    return chosen


def wrong_with(plan: Plan, count: int = 1) -> tuple[float, str]:
    """How long so many errands take, and what is said to be wrong."""
    with hearing() as heard, Harness(Errands(plan)) as harness:
        seconds = harness.makespan(count)
    return seconds, heard.wrong


def test_agents_without_a_mistake_run_together_what_can_run_together(choose: Choose) -> None:
    choose("")
    assert wrong_with(Plan()) == (1.137, "")
    assert wrong_with(TWO_TURNS) == (pytest.approx(3 * 1.137 + 2 * 0.23), "")
    assert wrong_with(TWO_TURNS, 5) == (pytest.approx(3 * 1.137 + 2 * 0.23), "")
    assert wrong_with(Plan(items=3)) == (1.137, "")


def test_serial_tools_take_longer(choose: Choose) -> None:
    choose("serial tools")
    seconds, wrong = wrong_with(TWO_TURNS)
    assert (seconds, wrong) == (pytest.approx(3 * 1.137 + 3 * 0.23), "")


@pytest.mark.parametrize(
    ("mistake", "plan", "said"),
    [
        ("cuts the answer", Plan(), "#a00001: the answer is '#a00001.000 the ferry"),
        ("cuts the answer", TWO_TURNS, "#a00001: the answer is"),
        ("calls twice", TWO_TURNS, "the tool call #a00001.001 was made 2 times"),
        ("drops a call", TWO_TURNS, "2 of 3 tool calls were not made"),
        ("loses the context", TWO_TURNS, "the context of the tool call #a00001.001 is of none"),
        ("forgets its instructions", Plan(), "the model was told '', not the instructions"),
    ],
)
def test_what_goes_wrong_on_the_way_is_said(
    mistake: str, plan: Plan, said: str, choose: Choose
) -> None:
    choose(mistake)
    assert wrong_with(plan)[1].startswith(said)


def test_what_belongs_to_another_run_is_counted(choose: Choose) -> None:
    choose("confuses runs")
    with Harness(Errands()) as harness:
        results = harness.run_new(3)
        assert harness.workload.foreign(harness.inputs, results) == 2
        assert harness.workload.lost(results[0]) == 0
        assert harness.workload.lost(None) == 12


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mistake", "kind", "became", "seconds", "blocked", "strange"),
    [
        ("", "look", Became.ANSWERED, 2.504, 0.0, 0),
        ("", "read", Became.ANSWERED, 2.504, 0.0, 0),
        ("", "fail", Became.RAISED, 2.237, 0.0, 0),
        ("blocks the loop", "read", Became.ANSWERED, 2.964, 0.23, 0),
        ("loses the context", "look", Became.ANSWERED, 2.504, 0.0, 3),
        ("hides the error", "fail", Became.CRASH, 2.237, 0.0, 0),
        ("tells the model", "fail", Became.ANSWERED, 3.374, 0.0, 0),
    ],
)
def test_what_becomes_of_tools(
    mistake: str,
    kind: str,
    became: Became,
    seconds: float,
    blocked: float,
    strange: int,
    choose: Choose,
) -> None:
    choose(mistake)
    with hearing() as heard:
        found = kinds.measure(kind)
    assert heard.wrong == ""
    assert (found.became, found.seconds, found.strange) == (became, seconds, strange)
    assert math.isclose(found.blocked, blocked)
    assert found.remarks == ""


@pytest.mark.slow
def test_tools_that_go_on_after_a_failure_are_counted(choose: Choose) -> None:
    choose("")
    broke = "ToolBroke: #a00001.001 is broken"
    assert leftovers.measure(Way.TOOL_FAILS) == Left(0, 0, 0, 0.0, broke)
    choose("leaves tools")
    # Each ticks 100 times, and has done so once when the other tool fails.
    assert leftovers.measure(Way.TOOL_FAILS) == Left(2, 2, 198, 0.0, broke)
    assert leftovers.measure(Way.CANCELLED) == Left(0, 0, 0, 0.0, "cancelled")
    assert leftovers.measure(Way.TIMEOUT) == Left(0, 0, 0, 0.0, "TimeoutError: ")


def test_a_run_that_is_answered_all_the_same_has_no_such_end(choose: Choose) -> None:
    choose("tells the model")
    with pytest.raises(Unavailable, match="it ends with an answer"):
        leftovers.measure(Way.TOOL_FAILS)


@pytest.mark.slow
def test_a_stream_is_read_as_it_comes_and_let_go_when_it_is_closed(choose: Choose) -> None:
    choose("")
    found = streaming.measure(200)
    assert (found.pieces, found.first_piece) == (200, 0.4)
    assert found.makespan == pytest.approx(0.4 + 199 * 0.02)
    assert streaming.stopped() == streaming.Stopped(0, 0, 0, "cancelled")
    choose("forgets its stream")
    assert streaming.stopped() == streaming.Stopped(0, 0, 1, "in flight")
    choose("reads on")
    assert streaming.stopped() == streaming.Stopped(990, 1, 0, "ok")


def test_a_stream_that_raises_when_it_is_closed_is_wrong(choose: Choose) -> None:
    choose("raises when closed")
    with hearing() as heard:
        assert streaming.stopped() == streaming.Stopped(0, 0, 0, "cancelled")
    assert heard.wrong == "closing the stream raises GeneratorExit"


@pytest.mark.slow
def test_a_stream_that_is_none_is_seen(choose: Choose) -> None:
    choose("streams at the end")
    with hearing() as heard:
        found = streaming.measure(200)
    assert (found.pieces, found.first_piece, heard.wrong) == (1, found.makespan, "")


def test_the_model_is_asked_over_http_as_it_is_without(choose: Choose) -> None:
    choose("")
    with hearing() as heard, Harness(HttpErrands(TWO_TURNS)) as harness:
        seconds = harness.makespan(3)
        assert harness.machine is not None
        assert harness.machine.network.counts().opened == 9
        assert harness.machine.escapes == {}
    assert (seconds, heard.wrong) == (pytest.approx(3 * 1.137 + 2 * 0.23), "")


def test_a_mistake_is_found_over_http_too(choose: Choose) -> None:
    choose("calls twice")
    with hearing() as heard, Harness(HttpErrands(TWO_TURNS)) as harness:
        harness.checked()
    assert heard.wrong.startswith("the tool call #a00001.001 was made 2 times")


@pytest.mark.slow
def test_what_the_adapter_takes_is_the_difference(choose: Choose) -> None:
    choose("")
    found = adapter.measure(5, 1)
    assert (found.requests, found.connections, found.seconds) == (6, 6, pytest.approx(7.972))
    assert 0 < found.more_bytecodes < found.own_bytecodes
    assert found.sent > found.received > 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mistake", "fault", "outcome", "note"),
    [
        ("", "agent: late", Outcome.RECOVERED, "the model was asked 2 times"),
        ("", "agent: 503", Outcome.CRASH, "ConnectionError: HTTP/1.1 503"),
        ("", "agent: empty", Outcome.SILENT, "the result does not say so: the answer"),
        ("", "agent: hangs", Outcome.HANG, "nothing is runnable"),
        ("asks again", "agent: 503", Outcome.RECOVERED, "the model was asked 3 times"),
        (
            "raises nothing",
            "agent: 503",
            Outcome.TYPED_ERROR,
            "the result says that all of it failed",
        ),
        (
            "asks for ever",
            "agent: unknown tool, every call",
            Outcome.HANG,
            "100 model calls and no end",
        ),
    ],
)
def test_what_becomes_of_a_fault(
    mistake: str, fault: str, outcome: Outcome, note: str, choose: Choose
) -> None:
    choose(mistake)
    (case,) = (case for case in CASES if case.name == fault)
    found = faults.measure(case).first
    assert found.outcome is outcome, found
    assert note in found.note


def test_each_prompt_has_all_turns_before_it(choose: Choose) -> None:
    choose("")
    one, five = tokens.measure(1), tokens.measure(5)
    assert (one.calls, five.calls) == (2, 6)
    assert (one.prompt_tokens, one.largest_prompt) == (88, 54)
    # Each turn adds its call and its result to the prompts of all later ones.
    assert (five.prompt_tokens, five.largest_prompt) == (498, 132)
    assert one.repeated_tokens == five.repeated_tokens == 0
