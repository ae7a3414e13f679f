"""Each outcome is told from the others, on SDKs that are made to have it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import made_sdk
import pytest

from benchmarks.core import subject
from benchmarks.core.workload import WrongOutcome
from benchmarks.negotiation.faulty import FaultyNegotiations, without_fault
from benchmarks.questions.fault_run import run_with_fault
from benchmarks.questions.faults import CaseOutcome, judge
from mocks.faults import Outcome
from mocks.worlds.negotiation.faults import CASES
from targets.protocol import Target, Unavailable
from targets.protocols.negotiation import Negotiation

MADE = Target(
    name="made",
    imports=("made_sdk",),
    capabilities=[Negotiation(open=made_sdk.Negotiator, shortcomings=made_sdk.shortcomings)],
)


@pytest.fixture(autouse=True)
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The made SDK is the one under test."""
    own = (str(Path(made_sdk.__file__).resolve()),)
    monkeypatch.setattr(subject, "target", lambda: MADE)
    monkeypatch.setattr(subject, "own_files", lambda: own)
    monkeypatch.setattr(made_sdk.Negotiator, "left", made_sdk.Left())
    without_fault.cache_clear()
    yield
    without_fault.cache_clear()
    made_sdk.Negotiator.left.stop.set()
    for number in made_sdk.Negotiator.left.files:
        os.close(number)


def outcome(monkeypatch: pytest.MonkeyPatch, name: str, *flaws: str) -> CaseOutcome:
    monkeypatch.setattr(made_sdk.Negotiator, "flaws", set(flaws))
    case = next(case for case in CASES if case.name == name)
    return judge(run_with_fault(FaultyNegotiations(case)))


@pytest.mark.parametrize(
    ("flaws", "expected", "lost", "seconds"),
    [
        (["asks again"], Outcome.RECOVERED, 0, 3.7),
        ([], Outcome.REPORTED, 1, 3.0),
        (["says nothing"], Outcome.SILENT, 1, 3.0),
        (["refuses"], Outcome.TYPED_ERROR, 5, 1.7),
        (["fails in its result"], Outcome.TYPED_ERROR, 1, 2.0),
        (["loses neighbours"], Outcome.DATA_LOST, 2, 3.0),
        (["breaks"], Outcome.DATA_LOST, 1, 3.0),
    ],
)
def test_an_agent_whose_offer_fails(
    monkeypatch: pytest.MonkeyPatch,
    flaws: list[str],
    expected: Outcome,
    lost: int,
    seconds: float,
) -> None:
    found = outcome(monkeypatch, "offer: 503", *flaws)
    assert (found.outcome, found.lost) == (expected, lost)
    assert found.seconds == seconds


def test_a_time_out_is_waited_for_and_the_agent_named(monkeypatch: pytest.MonkeyPatch) -> None:
    found = outcome(monkeypatch, "offer: hangs")
    assert found == CaseOutcome(
        Outcome.REPORTED, 32.0, 1, "wrong or missing, as the result says: a00001"
    )


def test_somebody_elses_error_is_a_crash_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    found = outcome(monkeypatch, "center: raises")
    assert found.outcome is Outcome.CRASH
    assert found.note.startswith("ConnectionError: connection reset by peer at made_sdk.py:")
    assert found.note.endswith(" in _plan")


def test_a_typed_error_says_what_it_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    found = outcome(monkeypatch, "formulation: hangs")
    assert found.outcome is Outcome.TYPED_ERROR
    assert found.note.startswith("MadeError: no formulation of u00001, from TimeoutError:")


def test_a_hang_is_proved_and_says_who_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    found = outcome(monkeypatch, "offer: hangs", "waits for ever")
    assert found.outcome is Outcome.HANG
    assert found.seconds is None
    assert found.lost == 5
    first, *waiting = found.note.splitlines()
    assert first == "proved at 2 virtual seconds: nothing is runnable, no timer is armed; waiting:"
    assert [line.rpartition(" in ")[2] for line in waiting] == ["_offers", "_answer"]
    assert all(place.startswith("made_sdk.py:") for line in waiting for place in line.split(" > "))


def test_a_late_answer_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    found = outcome(monkeypatch, "offer: late", "waits for ever")
    assert (found.outcome, found.seconds) == (Outcome.RECOVERED, 124.0)


def test_what_an_sdk_leaves_at_work_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    found = outcome(monkeypatch, "offer: 503", "refuses")
    assert "4 of its model calls were in flight" in found.note
    found = outcome(monkeypatch, "offer: 503", "keeps a task")
    assert found.outcome is Outcome.REPORTED
    assert "when it ended, 1 of its tasks were still at work:" in found.note
    assert "in forget_me" in found.note


def test_what_refuses_to_be_cancelled_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    found = outcome(monkeypatch, "offer: 503", "keeps a stubborn task")
    assert found.outcome is Outcome.REPORTED
    assert "refusing to be cancelled:\nmade_sdk.py:" in found.note


def test_what_an_sdk_leaves_open_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    found = outcome(monkeypatch, "offer: 503", "keeps a file")
    assert found.note.endswith("left open: pipe, pipe")
    found = outcome(monkeypatch, "offer: 503", "keeps a thread")
    assert found.note.endswith("left open: thread keeper")


def test_an_engine_that_is_broken_afterwards_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    found = outcome(monkeypatch, "offer: 503", "breaks")
    assert found.note.endswith(
        "the engine cannot do its work afterwards: MadeError: broken by an earlier negotiation"
    )


def test_an_error_in_the_users_hands_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert outcome(monkeypatch, "confirmation: twice").outcome is Outcome.RECOVERED
    found = outcome(monkeypatch, "confirmation: twice", "strict user")
    assert (found.outcome, found.lost) == (Outcome.CRASH, 0)
    assert found.note.startswith("the user got KeyError: 'negotiation-00001' at made_sdk.py:")


def test_an_early_or_late_confirmation_that_is_taken_is_no_loss(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    early = outcome(monkeypatch, "confirmation: early")
    assert (early.outcome, early.seconds, early.note) == (Outcome.RECOVERED, 3, "")
    late = outcome(monkeypatch, "confirmation: late")
    assert (late.outcome, late.seconds, late.note) == (Outcome.RECOVERED, 604, "")


@pytest.mark.parametrize(
    ("name", "confirmed_at"), [("confirmation: early", 1), ("confirmation: late", 602)]
)
@pytest.mark.parametrize(
    ("flaw", "expected"), [("tells users", Outcome.REPORTED), ("", Outcome.SILENT)]
)
def test_a_confirmation_that_only_a_time_out_makes_up_for_is_lost(
    monkeypatch: pytest.MonkeyPatch, name: str, confirmed_at: int, flaw: str, expected: Outcome
) -> None:
    found = outcome(monkeypatch, name, "gives users time", "hears late", flaw)
    assert (found.outcome, found.seconds, found.lost) == (expected, 303, 0)
    what, when = found.note.splitlines()
    assert what.endswith(": confirmation")
    told = " and was told False" if flaw else ""
    assert when == (
        f"the user confirmed at {confirmed_at} s{told}; the negotiation went on at 301 s"
    )


def test_where_nobody_confirms_nothing_that_was_said_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = outcome(monkeypatch, "confirmation: never", "gives users time")
    assert (found.outcome, found.seconds, found.note) == (Outcome.RECOVERED, 303, "")


def test_an_sdk_that_refuses_to_go_on_without_its_user_says_so_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flaws = ("gives users time", "hears late", "needs users")
    found = outcome(monkeypatch, "confirmation: early", *flaws)
    assert (found.outcome, found.seconds) == (Outcome.TYPED_ERROR, 301)
    assert found.note.startswith("MadeError: nobody confirmed")


def test_streams_are_struck_where_an_sdk_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    assert outcome(monkeypatch, "offer: stream stops", "streams").outcome is Outcome.REPORTED
    with pytest.raises(Unavailable, match="the SDK does not stream it"):
        outcome(monkeypatch, "offer: stream stops")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("encoder: raises", "encoder: the driver gives this SDK none"),
        ("event pusher: hangs", "event pusher: it is a plain function here"),
        ("question: hangs", "the center is not offered the tool ask_agent"),
        ("custom tool: raises", "custom tool: the driver gives this SDK none"),
        ("center: hangs, third call", "center: the SDK never comes to its third call"),
    ],
)
def test_a_case_that_an_sdk_cannot_have_is_unavailable(
    monkeypatch: pytest.MonkeyPatch, name: str, reason: str
) -> None:
    with pytest.raises(Unavailable, match=reason):
        outcome(monkeypatch, name)


def test_nothing_is_judged_where_nothing_works_without_a_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(WrongOutcome, match="5 agents, 4 participants, 4 offers"):
        outcome(monkeypatch, "offer: 503", "always wrong")
