"""Each mistake is seen by the series that is there for it, and a right caller by none."""

from __future__ import annotations

import pytest
from made_callers import Choose

from benchmarks.calls import baseline, cancel, ends, messages, scopes
from benchmarks.calls.workload import Streams, delivery_of
from benchmarks.core.harness import Harness
from benchmarks.core.notes import hearing
from benchmarks.questions import leak
from benchmarks.questions.cancellation import interruptions
from mocks.faults import Outcome
from mocks.worlds.calls.ends import ENDS, KINDS
from targets.protocol import Unavailable

CASES = {case.name: case for case in (*ENDS, *KINDS)}


def run(count: int = 1) -> tuple[float, int, str]:
    """Makespan, messages that one of the streams delivered, and what is wrong."""
    with hearing() as heard, Harness(Streams()) as harness:
        makespan = harness.makespan(count)
        delivered = delivery_of(harness).count if count == 1 else 0
    return makespan, delivered, heard.wrong


@pytest.mark.parametrize(
    ("mistake", "makespan", "delivered", "wrong"),
    [
        ("", 2.71, 8, ""),
        ("reads on", 3.17, 10, ""),
        ("polls for the end", 2.81, 8, ""),
        ("forgets the first", 2.71, 8, "kept 7 messages, not the 8 up to its target"),
        ("leaves streams open", 2.71, 8, "are still open"),
    ],
)
def test_one_call(
    choose: Choose, mistake: str, makespan: float, delivered: int, wrong: str
) -> None:
    choose(mistake)
    seen = run()
    assert seen[:2] == (pytest.approx(makespan), delivered)
    assert wrong in seen[2]
    assert bool(wrong) == bool(seen[2])


def test_calls_that_wait_for_each_other_do_not_overlap(choose: Choose) -> None:
    choose("")
    assert run(5)[0] == pytest.approx(2.71)
    choose("serial")
    assert run(5)[0] == pytest.approx(5 * 2.71)


def test_another_calls_target_is_wrong_and_counted(choose: Choose) -> None:
    choose("mixes up")
    with hearing() as heard, Harness(Streams()) as harness:
        harness.checked()
        results = harness.checked()
        assert harness.workload.foreign(harness.inputs, results) == 1
    assert "holds '#k00001 8'" in heard.wrong


def test_an_append_that_copies_is_seen_exactly(choose: Choose) -> None:
    choose("")
    plain = messages.measure(300)
    choose("copies")
    copying = messages.measure(300)
    assert plain.memory_rises == 18
    assert copying.memory_rises > 140
    assert plain.bytes_taken < 8000
    assert copying.bytes_taken > 300_000  # 8 bytes for each of all messages so far


CANCELLED = [
    ("", "task", cancel.End.CANCELLED, 0.0),
    ("", "group", cancel.End.CANCELLED, 0.0),
    ("", "scope", cancel.End.CANCELLED, 0.0),
    ("", "time-out", cancel.End.SAYS_SO, 0.0),
    ("", "request", cancel.End.CANCELLED, 0.0),
    ("swallows", "task", cancel.End.SAYS_SO, 0.0),
    ("own error", "task", cancel.End.TYPED_ERROR, 0.0),
    ("no time-out", "time-out", cancel.End.GOES_ON, 43.81),
    ("a request is a flag", "request", cancel.End.GOES_ON, 43.82),
]


@pytest.mark.parametrize(("mistake", "way", "end", "seconds"), CANCELLED)
def test_what_comes_of_a_cancellation(
    choose: Choose, mistake: str, way: str, end: cancel.End, seconds: float
) -> None:
    choose(mistake)
    found = cancel.measure(way, 3)
    assert (found.end, found.seconds) == (end, pytest.approx(seconds))
    assert found.messages == (0 if not seconds else 3 * 191)
    assert found.left == 0
    assert found.note.startswith("3 of 3: ")
    assert found.bytecodes is not None
    assert found.bytecodes > 0


def test_what_a_cancellation_leaves_is_counted(choose: Choose) -> None:
    choose("a task is left")
    assert cancel.measure("task", 3).left == 3


def test_a_way_that_an_sdk_does_not_have_is_not_available(choose: Choose) -> None:
    choose("no scope")
    with pytest.raises(Unavailable, match="there is none"):
        cancel.measure("scope", 1)
    with pytest.raises(Unavailable, match="there is none"):
        scopes.reuse()


ENDED = [
    ("", "target", Outcome.RECOVERED, 2.71),
    ("", "no target", Outcome.RECOVERED, 3.17),
    ("", "nothing", Outcome.RECOVERED, 1.1),
    ("", "breaks", Outcome.REPORTED, 2.25),
    ("", "breaks after its target", Outcome.RECOVERED, 2.71),
    ("", "hangs", Outcome.TYPED_ERROR, 7.3),
    ("", "hangs after its target", Outcome.RECOVERED, 2.71),
    ("", "predicate raises", Outcome.TYPED_ERROR, 1.56),
    ("", "lambda", Outcome.RECOVERED, 2.71),
    ("", "function that gives an async iterator", Outcome.RECOVERED, 2.71),
    ("", "coroutine function that gives the stream", Outcome.CRASH, 0.0),
    ("polls for the end", "no target", Outcome.RECOVERED, 3.27),
    ("claims success", "no target", Outcome.DATA_LOST, 3.17),
    ("raises on", "breaks", Outcome.CRASH, 2.25),
    ("reads on", "breaks after its target", Outcome.TYPED_ERROR, 3.17),
    ("reads on", "hangs after its target", Outcome.HANG, None),
    ("no time-out", "hangs", Outcome.HANG, None),
    ("eats the predicate's errors", "predicate raises", Outcome.RECOVERED, 2.71),
    ("eats the predicate's errors", "predicate raises at its target", Outcome.DATA_LOST, 3.17),
]


@pytest.mark.parametrize(("mistake", "case", "outcome", "seconds"), ENDED)
def test_how_a_call_ends(
    choose: Choose, mistake: str, case: str, outcome: Outcome, seconds: float | None
) -> None:
    choose(mistake)
    ended = ends.measure(CASES[case])
    assert (ended.outcome, ended.seconds) == (outcome, seconds and pytest.approx(seconds))
    assert (ended.bytecodes is None) == (outcome is Outcome.HANG)
    assert ("nothing is runnable" in ended.note) == (outcome is Outcome.HANG)


@pytest.mark.parametrize(
    ("mistake", "again"),
    [
        ("", scopes.Again.WORKS),
        ("a scope refuses", scopes.Again.REFUSED),
        ("a scope does nothing", scopes.Again.NOT_DONE),
        ("a scope hangs", scopes.Again.HANG),
    ],
)
def test_whether_a_scope_can_be_used_again(
    choose: Choose, mistake: str, again: scopes.Again
) -> None:
    choose(mistake)
    assert scopes.reuse().again is again


def test_a_cancellation_that_is_swallowed_is_one_at_every_point(choose: Choose) -> None:
    choose("")
    points = interruptions(Streams)
    assert points
    assert [point.swallowed for point in points if point.swallowed] == []
    choose("swallows")
    assert sum(bool(point.swallowed) for point in interruptions(Streams)) > len(points) / 2


@pytest.mark.slow
def test_results_that_are_kept_are_a_leak(choose: Choose, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leak, "COUNT", 20)
    choose("")
    # Some twenty bytes are let go once in a process: of so few runs that would be one of each.
    leak.measure(leak.Mix.PLAIN, Streams, lambda ask: False)
    assert leak.measure(leak.Mix.PLAIN, Streams, lambda ask: False).bytes == 0
    choose("keeps")
    assert leak.measure(leak.Mix.PLAIN, Streams, lambda ask: False).bytes > 100


def test_what_is_held_fixed_is_what_is_measured() -> None:
    plan = Streams().plan
    held = (plan.messages, plan.target, plan.pace.first, plan.pace.next)
    assert tuple(baseline.HELD.values()) == held
