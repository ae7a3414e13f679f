"""How a call ends, by how its stream goes and by what it is given to stream.

10 messages, the first after 1.1 s and each further one 0.23 s later. What its user is owed then is
told by the codes of ``benchmarks.questions.faults``:

- *recovered*: the target, or where there is none the word that there is none.
- *degraded and reported*: it says that it failed, and has what came until then.
- *typed error*: it says that it failed, in a result without what came, or by an error of the SDK's
  own (or ``TimeoutError``, where it was told how long to wait).
- *untyped crash*: somebody else's error comes out.
- *data lost*: it says otherwise than it was.
- *hang*: it never ends.
"""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from benchmarks.calls.workload import LATENCY_S, PAUSE_S, CallsHarness, Streams, what_is_wrong
from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.harness import LIMIT_S, Harness
from benchmarks.core.notes import note
from benchmarks.core.presentation import headline, presented
from benchmarks.core.series import Series, series
from benchmarks.core.subject import is_own_error, own_files
from benchmarks.questions.fault_notes import describe_end
from meters import bytecodes
from mocks.clock import Hang
from mocks.faults import Outcome
from mocks.worlds.calls.ends import ENDS, KINDS, Due, EndCase, FailingPredicate
from mocks.worlds.calls.kinds import as_kind
from mocks.worlds.calls.world import Ask
from targets.protocol import Unavailable
from targets.protocols.calls import Called, Status

F = TypeVar("F", bound=Callable[..., Any])

WORDS = [outcome.word for outcome in Outcome]
HELD = {"messages": 10, "latency_s": LATENCY_S, "pause_s": PAUSE_S}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a call ended: ``seconds``: virtual, ``bytecodes``: in the SDK's own files, both ``None``
    if it never did; ``note``: in words."""

    outcome: Outcome
    note: str
    seconds: float | None = None
    bytecodes: int | None = None


Cache = Mapping[str, Attempt[Ended]]


def measure(case: EndCase) -> Ended:
    """How a call ends whose stream goes like this. ``Unavailable`` where the SDK takes no time-out
    and one is asked for."""
    fails_at = case.predicate_fails_at
    trouble = None if fails_at is None else FailingPredicate(fails_at)
    with _quiet(), Harness(Streams(case.plan, trouble=trouble)) as harness:
        try:
            ask, seconds, end = _run(harness, case)
            if isinstance(end, Unavailable):
                raise end
            counted = bytecodes.count(lambda: _run(harness, case), inside=own_files())
        except Hang as hang:
            return Ended(Outcome.HANG, "\n".join(describe_end(hang)))
    if isinstance(end, BaseException):
        outcome, told = _of_error(end, ask), f"raises {type(end).__name__}: {end}"
    else:
        outcome, told = _of_result(end, ask, case), _told(end)
    return Ended(outcome, told, seconds, counted.inside)


def _run(harness: CallsHarness, case: EndCase) -> tuple[Ask, float, Called | BaseException]:
    """A new call, the virtual seconds that it took, and how it ended."""
    harness.prepare()
    (ask,) = harness.inputs
    ask = replace(ask, stream=as_kind(ask.stream, case.kind))
    before = harness.clock.now
    end = harness.clock.run(_end(harness.engine.run, ask), limit=LIMIT_S)
    return ask, round(harness.clock.now - before, 9), end


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the warning that a coroutine was never awaited, of an SDK that wants none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


async def _end(
    call: Callable[[Ask], Coroutine[Any, Any, Called]], ask: Ask
) -> Called | BaseException:
    task = asyncio.ensure_future(call(ask))
    await asyncio.wait([task])
    if task.cancelled():
        return asyncio.CancelledError("ended cancelled, though nobody cancelled it")
    return task.exception() or task.result()


def _of_error(error: BaseException, ask: Ask) -> Outcome:
    timed_out = ask.timeout is not None and isinstance(error, TimeoutError)
    return Outcome.TYPED_ERROR if timed_out or is_own_error(error) else Outcome.CRASH


def _of_result(result: Called, ask: Ask, case: EndCase) -> Outcome:
    failed = result.status not in (Status.DONE, Status.MISSING)
    if case.due is Due.FAILURE:
        return _of_failure(result, ask, case) if failed else Outcome.DATA_LOST
    if failed:
        return Outcome.TYPED_ERROR
    return Outcome.DATA_LOST if what_is_wrong(ask, result) else Outcome.RECOVERED


def _of_failure(result: Called, ask: Ask, case: EndCase) -> Outcome:
    pace = case.plan.pace
    came = pace.breaks_after or pace.hangs_after or case.predicate_fails_at or 0
    kept = [] if result.messages is None else list(result.messages[:came])
    return Outcome.REPORTED if kept == ask.messages[:came] else Outcome.TYPED_ERROR


def _told(result: Called) -> str:
    kept = "no messages" if result.messages is None else f"{len(result.messages)} messages"
    found = "no target" if result.found is None else f"message {result.found.number}"
    return f"the result says {result.status}, with {found} and {kept}"


class OfCases:
    """A benchmark of how calls end."""

    ended: Ended


def outcome_of(cases: Sequence[EndCase]) -> Series[OfCases, int]:
    """The series of the outcomes, with what each case is about and which outcomes may be."""

    @series(version="1", kind="exact", unit="outcome", group="outcome", codes=WORDS)
    def outcome(self: OfCases, *cell: object) -> int:
        """How it ends, from 0 (recovered) to 6 (hang): see ``benchmarks.calls.ends``."""
        note(self.ended.note)
        return self.ended.outcome.value

    vars(outcome)["expected"] = {
        case.name: [each.word for each in sorted(case.expects)] for case in cases
    }
    vars(outcome)["about"] = {case.name: case.about for case in cases}
    return outcome


def _only_where_it_ended(function: F) -> F:
    """Make a series n/a where the call never ended, with the proof as the reason."""

    def setup(cache: Cache, name: str) -> None:
        ended = value_of(cache[name])
        if ended.seconds is None:
            raise Unavailable(ended.note.replace("\n", " "))

    vars(function)["setup"] = setup  # asv runs it after the class's
    return function


@_only_where_it_ended
@series(version="1", kind="exact", unit="seconds", group="virtual time")
def seconds(self: OfCases, *cell: object) -> float:
    """Until its result or its error, in virtual seconds; n/a where it never ends."""
    return self.ended.seconds or 0.0


@_only_where_it_ended
@series(version="1", kind="exact", unit="bytecodes", group="work")
def sdk_bytecodes(self: OfCases, *cell: object) -> int:
    """Bytecodes executed in the SDK's own files; n/a where it never ends."""
    return self.ended.bytecodes or 0


@presented(holds=HELD)
class Stream:
    """A call, by how its stream goes."""

    params = tuple(case.name for case in ENDS)
    param_names = ("end",)
    ended: Ended

    def setup_cache(self) -> Cache:
        return {case.name: attempt(partial(measure, case)) for case in ENDS}

    def setup(self, cache: Cache, end: str) -> None:
        self.ended = value_of(cache[end])

    track_outcome = outcome_of(ENDS)
    track_seconds = headline(
        seconds,
        of="a call whose stream has no target",
        label="seconds",
        rank=55,
        cell={"end": "no target"},
    )
    track_sdk_bytecodes = sdk_bytecodes


@presented(holds=HELD)
class Callables:
    """A call, by the kind of callable that it is given to stream."""

    params = tuple(case.name for case in KINDS)
    param_names = ("kind",)
    ended: Ended

    def setup_cache(self) -> Cache:
        return {case.name: attempt(partial(measure, case)) for case in KINDS}

    def setup(self, cache: Cache, kind: str) -> None:
        self.ended = value_of(cache[kind])

    track_outcome = outcome_of(KINDS)
    track_seconds = seconds
