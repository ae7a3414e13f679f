"""Runs that share a limited provider: how each one ended, what came of their calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeAlias

from benchmarks.core.harness import Harness
from benchmarks.core.notes import wrong
from benchmarks.core.series import Series, series
from benchmarks.core.ties import Both
from benchmarks.core.workload import Engine, I, R, Workload, WrongOutcome
from meters.rates import seconds_above
from mocks.clock import VirtualClock
from mocks.model import Call, RateLimit

_REASONS = 3


class SharingWorkload(Workload[I, R], Protocol[I, R]):
    """What a workload says besides, so that its runs can be judged which share a provider."""

    def is_done(self, result: R) -> bool:
        """Whether a run ended with what it was asked for, be it right or wrong."""

    def calls_used(self, inputs: Sequence[I], results: Sequence[R]) -> int:
        """How many of the log's calls have an answer that is in one of the results."""

    def longest_step(self, inputs: Sequence[I]) -> float:
        """Virtual seconds from the moment at which a step of a run could begin to the answer that
        ends it, whatever is asked and waited for in between: the longest. 0 without an answer."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a provider allows: calls served at once, requests in any 60 s (``None``: no limit), and
    whether it says when to come again."""

    slots: int | None
    per_minute: int | None
    tell: bool = True

    @property
    def rate(self) -> RateLimit | None:
        """Its limit of requests, as the mock model has it."""
        return None if self.per_minute is None else RateLimit(self.per_minute, tell=self.tell)


Provide: TypeAlias = Callable[[Allowance], SharingWorkload[I, R]]
"""Makes a workload whose model's provider allows just that."""


@dataclass(frozen=True, slots=True)
class Burst:
    """How runs ended that all started at the same moment, on a provider that was idle.

    ``makespans``: virtual seconds from the start to the end of each, however it ended.
    ``failures``: for each that did not end with what it was asked for, why. ``lost``: parts that
    are in no result, all of a run that failed. ``calls``: the model's log; ``calls_wasted`` of them
    were refused, given up, or answered and are in no result all the same. ``longest_call``: seconds
    from the request to the answer, the provider's queue included. ``longest_step``: see
    ``SharingWorkload``; queues (the SDK's own as well), refusals and pauses included. Both are 0
    without an answer. ``wrong``: what in the results is for another input, empty if nothing is.
    """

    makespans: Sequence[float]
    failures: Sequence[str]
    lost: int
    calls: Sequence[Call]
    calls_wasted: int
    longest_call: float
    longest_step: float
    wrong: str

    @property
    def reasons(self) -> str:
        """Why runs failed, equal reasons together, the three most frequent first."""
        counted = Counter(self.failures).most_common()
        lines = [f"{count} x {reason}" for reason, count in counted[:_REASONS]]
        if len(counted) > _REASONS:
            lines.append(f"and {sum(count for _, count in counted[_REASONS:])} others")
        return "\n".join(lines)


def burst(workload: SharingWorkload[I, R], count: int) -> Burst:
    """Run ``count`` inputs at once.

    A run that raises, or ends without what it was asked for, has failed, which is an outcome.
    Raises ``Hang`` if one waits for ever.
    """
    with Harness(workload) as harness:
        timed = _Timed(harness.engine, harness.clock)
        harness.engine = Engine(timed.run, harness.engine.close)
        harness.prepare(count)
        ends = harness.attempt()
        inputs, done = [], []
        for one, end in zip(harness.inputs, ends, strict=True):
            if not isinstance(end, Exception) and workload.is_done(end):
                inputs.append(one)
                done.append(end)
        return Burst(
            makespans=timed.ends,
            failures=[why for end in ends if (why := _failure(workload, end))],
            lost=sum(map(workload.lost, done)) + workload.lost(None) * (count - len(done)),
            calls=list(harness.calls),
            calls_wasted=len(harness.calls) - workload.calls_used(inputs, done),
            longest_call=max(map(_seconds, harness.calls), default=0.0),
            longest_step=workload.longest_step(harness.inputs),
            wrong=_wrong(workload, inputs, done),
        )


@dataclass(frozen=True, slots=True)
class BurstResult:
    """What came of one burst; seconds are virtual."""

    makespan: float
    lost: int
    runs_failed: int
    calls_wasted: int
    seconds_above_limit: float
    reasons: str


def measure(workload: SharingWorkload[I, R], count: int, per_minute: int) -> BurstResult:
    """Run ``count`` inputs at once. Raises what ``burst`` raises; says what is wrong."""
    done = burst(workload, count)
    if done.wrong:
        wrong(done.wrong)
    sent = [call.queued for call in done.calls]
    return BurstResult(
        makespan=max(done.makespans),
        lost=done.lost,
        runs_failed=len(done.failures),
        calls_wasted=done.calls_wasted,
        seconds_above_limit=round(seconds_above(sent, per_minute), 9),
        reasons=done.reasons,
    )


class _Timed(Generic[I, R]):
    """An engine that notes when each run ended."""

    def __init__(self, engine: Engine[I, R], clock: VirtualClock) -> None:
        self._engine = engine
        self._clock = clock
        self.ends: list[float] = []

    def run(self, one: I) -> Coroutine[Any, Any, R]:
        """Runs are asked for in the order of their inputs."""
        self.ends.append(0.0)
        return self._run(len(self.ends) - 1, one)

    async def _run(self, place: int, one: I) -> R:
        try:
            return await self._engine.run(one)
        finally:
            self.ends[place] = round(self._clock.now, 9)


def _failure(workload: SharingWorkload[I, R], end: R | Exception) -> str:
    """Why it failed, empty if it did not."""
    if not isinstance(end, Exception):
        return "" if workload.is_done(end) else "ended without what it was asked for"
    message = str(end).partition("\n")[0]
    return f"{type(end).__name__}: {message}" if message else type(end).__name__


def _wrong(workload: SharingWorkload[I, R], inputs: Sequence[I], done: Sequence[R]) -> str:
    try:
        workload.require_results(inputs, done, complete=False)
    except WrongOutcome as error:
        return str(error)
    foreign = workload.foreign(inputs, done)
    return f"{foreign} items in the results belong to somebody else" if foreign else ""


def _seconds(call: Call) -> float:
    """From the request to its answer; 0 without an answer."""
    if call.outcome != "ok" or call.ended is None:
        return 0.0
    return round(call.ended - call.queued, 9)


class OfBursts(Protocol):
    """A benchmark of bursts, in both orders of what is due at the same instant."""

    cells: Both[BurstResult]


@series(version="2", kind="exact", unit="seconds", group="virtual time")
def makespan(self: OfBursts, *cell: object) -> float:
    """From the start of all to the end of the last, however it ended, in virtual seconds."""
    return self.cells.worse(lambda cell: cell.makespan)


def lost(unit: str) -> Series[OfBursts, int]:
    """The series of the parts of this ``unit`` that are lost."""

    @series(version="2", kind="exact", unit=unit, group="outcome")
    def lost(self: OfBursts, *cell: object) -> int:
        """Parts that are in no result: all of a run that failed."""
        return self.cells.worse(lambda cell: cell.lost)

    return lost


@series(version="2", kind="exact", unit="runs", group="outcome")
def runs_failed(self: OfBursts, *cell: object) -> int:
    """Runs that raised or ended without what they were asked for."""
    return self.cells.worse(lambda cell: cell.runs_failed, notes=lambda cell: cell.reasons)


@series(version="2", kind="exact", unit="calls", group="calls")
def calls_wasted(self: OfBursts, *cell: object) -> int:
    """Calls made whose answer is in no result: refused, given up, or answered in vain."""
    return self.cells.worse(lambda cell: cell.calls_wasted)


@series(version="2", kind="exact", unit="seconds", group="virtual time")
def seconds_above_limit(self: OfBursts, *cell: object) -> float:
    """Virtual seconds in which the requests of the last 60 s, refused ones included, are more than
    the limit: a provider that counts refusals too would have refused all through them."""
    return self.cells.worse(lambda cell: cell.seconds_above_limit)
