"""What an SDK made of a fault: the code of ``track_outcome``.

From good to bad:

0. *recovered*: the right result, with every part.
1. *degraded and reported*: all that was not struck is there; the result, or an event, says what is
   missing, so that a program can act on it.
2. *degraded silently*: all that was not struck is there, but the result does not say what is
   missing. Worse than reported: nobody can make up for what nobody knows of.

   What the user says is a part as well: a word that the run did without, because a time-out of its
   own let it go on, is missing.
3. *typed error*: the SDK refuses with an error of its own, or with a result that says that all of
   it failed. Worse than degraded: the other parts are gone; but the caller knows, and can tell it
   from a bug.
4. *untyped crash*: somebody else's error comes out (``KeyError``, ``ConnectionError``, a bare
   ``ExceptionGroup``). The caller knows no more than that something is broken.
5. *data lost*: success is reported, but parts that were not struck are missing, the result is for
   something else, or somebody else's data is in it; or the engine cannot do its work afterwards.
   Worse than a crash, because the caller goes on with it.
6. *hang*: it never ends: nothing is runnable and no timer is armed, or it is still at work after
   the longest time that is waited. Worst: whoever waits for it is lost as well.

An error is the SDK's own if its class is defined in one of the top-level packages of
``Target.imports``. Everything is measured in both orders of what is due at the same instant; the
worse outcome counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.notes import note
from benchmarks.core.series import Series, series
from benchmarks.core.subject import is_own_error
from benchmarks.core.ties import Both, both, tie
from benchmarks.core.workload import I, R
from benchmarks.questions.fault_notes import describe_end, describe_rest
from benchmarks.questions.fault_run import Account, FaultyRun, FaultyWorkload, run_with_fault
from mocks.clock import Hang
from mocks.faults import Case, Outcome, Runaway
from targets.protocol import Unavailable

F = TypeVar("F", bound=Callable[..., Any])

WORDS = [code.word for code in Outcome]


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """What became of one case. ``seconds``: virtual, until it ended, ``None`` if it never did;
    ``lost``: parts that its result lacks; ``note``: what happened, a few lines."""

    outcome: Outcome
    seconds: float | None
    lost: int
    note: str


Cache = Mapping[str, Attempt[Both[CaseOutcome]]]


def measure(make: Callable[[Case], FaultyWorkload[I, R]], case: Case) -> Both[CaseOutcome]:
    """What becomes of a run that meets the case. Raises what ``run_with_fault`` raises."""
    return both(lambda: judge(run_with_fault(make(case))))


def judge(run: FaultyRun[I, R]) -> CaseOutcome:
    """The outcome of a run that met a fault."""
    end = run.ended.end
    lines: Sequence[str]
    if isinstance(end, BaseException):
        outcome, lines = _of_error(end), describe_end(end)
        lost = run.workload.lost(None)
    else:
        account = run.workload.account(run.one, end)
        outcome, lines = _of_account(account)
        lost = account.lost
    if run.workload.user_errors:
        outcome = max(outcome, *map(_of_error, run.workload.user_errors))
    if run.afterwards is not None:
        outcome = max(outcome, Outcome.DATA_LOST)
    seconds = None if outcome is Outcome.HANG else run.ended.seconds
    return CaseOutcome(outcome, seconds, lost, "\n".join([*lines, *describe_rest(run)]))


def _of_error(error: BaseException) -> Outcome:
    if isinstance(error, Hang | Runaway):
        return Outcome.HANG
    return Outcome.TYPED_ERROR if is_own_error(error) else Outcome.CRASH


def _of_account(account: Account) -> tuple[Outcome, Sequence[str]]:
    if account.failed:
        return Outcome.TYPED_ERROR, ["the result says that all of it failed"]
    if account.wrong:
        return Outcome.DATA_LOST, account.wrong
    if not account.missing:
        return Outcome.RECOVERED, []
    if unsaid := account.missing - account.said:
        return Outcome.SILENT, [
            f"wrong or missing, and the result does not say so: {in_words(unsaid)}"
        ]
    return Outcome.REPORTED, [f"wrong or missing, as the result says: {in_words(account.missing)}"]


def in_words(words: Iterable[str]) -> str:
    """The words in their order, in one line."""
    return ", ".join(sorted(words))


class OfCase(Protocol):
    """A benchmark of a fault, in both orders of what is due at the same instant."""

    outcomes: Both[CaseOutcome]


def outcome(cases: Sequence[Case]) -> Series[OfCase, int]:
    """The series of the outcomes. It carries what each fault is about and which outcomes a robust
    SDK may have, by its name."""
    expected = {case.name: case.expects for case in cases}

    @series(version="2", kind="exact", unit="outcome", group="outcome", codes=WORDS)
    def outcome(self: OfCase, *cell: object) -> int:
        """How it ended, from 0 (recovered) to 6 (hang): see ``benchmarks.questions.faults``."""
        first, last = self.outcomes
        worse = self.outcomes.chosen(partial(_badness, expected[str(cell[-1])]))
        tied = tie(first.outcome.word, last.outcome.word)
        if text := "\n".join(filter(None, [tied, worse.note])):
            note(text)
        return worse.outcome.value

    vars(outcome)["expected"] = {
        case.name: [c.word for c in sorted(case.expects)] for case in cases
    }
    vars(outcome)["about"] = {case.name: case.about for case in cases}
    return outcome


def _badness(expected: frozenset[Outcome], found: CaseOutcome) -> int:
    """What is not expected is worse than whatever is."""
    return found.outcome + len(Outcome) * (found.outcome not in expected)


def _only_where_it_ended(function: F) -> F:
    """Make a series n/a where the run never ended, with the proof as the reason."""

    def setup(cache: Cache, fault: str) -> None:
        for found in value_of(cache[fault]):
            if found.seconds is None:
                raise Unavailable(found.note.replace("\n", " "))

    vars(function)["setup"] = setup  # asv runs it after the class's
    return function


@_only_where_it_ended
@series(version="2", kind="exact", unit="seconds", group="virtual time")
def seconds_to_outcome(self: OfCase, *cell: object) -> float:
    """Until its result or its error, in virtual seconds; n/a for a hang."""
    return self.outcomes.worse(lambda found: found.seconds or 0.0)


def lost(unit: str) -> Series[OfCase, int]:
    """The series of the parts of this ``unit`` that are lost."""

    @series(version="2", kind="exact", unit=unit, group="outcome")
    def lost(self: OfCase, *cell: object) -> int:
        """Parts that are not in the result; all of them where there is no result."""
        return self.outcomes.worse(lambda found: found.lost)

    return lost
