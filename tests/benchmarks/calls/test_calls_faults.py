"""What becomes of each fault of a stream, of a right caller and of ones with a mistake."""

from __future__ import annotations

import pytest
from made_callers import Choose

from benchmarks.calls.faulty import FaultyStreams
from benchmarks.questions import faults
from benchmarks.questions.faults import CaseOutcome
from mocks.faults import Outcome, What, When
from mocks.worlds.calls.faults import CASES

BY_NAME = {case.name.removeprefix("stream: "): case for case in CASES}


def found(name: str) -> CaseOutcome:
    """What becomes of a case, the same in both orders of an instant."""
    first, last = faults.measure(FaultyStreams, BY_NAME[name])
    assert first == last
    return first


@pytest.mark.parametrize("mistake", ["", "asks again"])
def test_a_right_caller_ends_each_fault_as_it_should(choose: Choose, mistake: str) -> None:
    choose(mistake)
    outcomes = {name: found(name) for name in BY_NAME}
    assert {
        n: o.outcome.word for n, o in outcomes.items() if o.outcome not in BY_NAME[n].expects
    } == {}
    assert all(outcome.seconds is not None for outcome in outcomes.values())
    is_mended = {
        name: case.when is When.FIRST and (mistake or case.what in (What.LATE, What.STREAM_CRAWLS))
        for name, case in BY_NAME.items()
    }
    silent = (What.HANGS, What.STREAM_STOPS)  # its time is up, and nothing is left for asking again
    for name, outcome in outcomes.items():
        mended = bool(is_mended[name]) and BY_NAME[name].what not in silent
        assert (outcome.outcome is Outcome.RECOVERED) is mended, name
        assert (outcome.lost == 0) is mended or outcome.outcome is Outcome.REPORTED, name


@pytest.mark.parametrize(
    ("mistake", "name", "outcome", "seconds", "lost"),
    [
        ("", "disconnects midway", Outcome.REPORTED, 2.25, 3),
        ("", "503", Outcome.TYPED_ERROR, 0.7, 8),
        ("", "504", Outcome.TYPED_ERROR, 61.0, 8),
        ("", "hangs", Outcome.TYPED_ERROR, 7.3, 8),
        ("", "late", Outcome.RECOVERED, 123.71, 0),
        ("", "stream stops", Outcome.TYPED_ERROR, 7.3, 8),
        ("", "stream crawls", Outcome.RECOVERED, 250.71, 0),
        ("asks again", "disconnects midway", Outcome.RECOVERED, 2.25 + 2.71, 0),
        ("asks again", "disconnects midway, every call", Outcome.REPORTED, 4.5, 3),
        ("asks again", "429, every call", Outcome.TYPED_ERROR, 1.4, 8),
        ("adds both up", "disconnects midway", Outcome.DATA_LOST, 2.25 + 2.71, 0),
        ("asks for ever", "503, every call", Outcome.HANG, None, 8),
        ("drops what came", "disconnects midway", Outcome.TYPED_ERROR, 2.25, 8),
        ("takes a break for the end", "disconnects midway", Outcome.DATA_LOST, 2.25, 3),
        ("takes a break for the end", "raises", Outcome.DATA_LOST, 0.7, 8),
        ("raises on", "disconnects midway", Outcome.CRASH, 2.25, 8),
        ("raises on", "429", Outcome.CRASH, 0.7, 8),
        ("no time-out", "hangs", Outcome.HANG, None, 8),
        ("no time-out", "stream stops", Outcome.HANG, None, 8),
        ("mixes up", "503", Outcome.TYPED_ERROR, 0.7, 8),
    ],
)
def test_what_becomes_of_a_fault(
    choose: Choose, mistake: str, name: str, outcome: Outcome, seconds: float | None, lost: int
) -> None:
    choose(mistake)
    one = found(name)
    assert (one.outcome, one.lost) == (outcome, lost), one.note
    assert one.seconds == (None if seconds is None else pytest.approx(seconds))


def test_an_engine_that_is_broken_afterwards_is_seen(choose: Choose) -> None:
    choose("is broken for good")
    one = found("503")
    assert one.outcome is Outcome.DATA_LOST
    assert "afterwards" in one.note


def test_a_hang_is_proved(choose: Choose) -> None:
    choose("no time-out")
    assert "nothing is runnable" in found("stream stops").note
