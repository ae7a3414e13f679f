"""What a scope of the SDK's kind costs by itself, as a task group does, and whether one can be used
again, as a pool of them would have to."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass
from enum import IntEnum

from benchmarks.calls.workload import Streams
from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.harness import Harness, cold_harness
from benchmarks.core.notes import note
from benchmarks.core.presentation import portal_row
from benchmarks.core.series import SMALL_PEAK_TOLERANCE, runs, series
from meters import bytecodes, memory
from mocks.clock import Hang
from mocks.worlds.calls.world import Ask
from targets.protocols.calls import Called, Caller

TIMES = 100
"""How often one is entered and left to be counted or timed."""


class Again(IntEnum):
    """What becomes of work that is done in a scope for the second time, from good to bad."""

    WORKS = 0
    REFUSED = 1
    NOT_DONE = 2
    HANG = 3


WORDS = ["works", "refused", "not done, without a word", "hang"]


@dataclass(frozen=True, slots=True)
class Reuse:
    """What became of it, and in which words."""

    again: Again
    note: str


Cache = Attempt[Reuse]


def reuse() -> Reuse:
    """What becomes of work in a scope that was entered and left before. ``Unavailable`` where the
    SDK has no scope."""
    done: list[int] = []

    async def work() -> None:
        done.append(1)

    async def twice() -> BaseException | None:
        scope = caller_of(harness).scope()
        await scope.run([work])
        try:
            await scope.run([work])
        except Exception as error:  # noqa: BLE001 - what comes of it is the outcome
            return error
        return None

    with Harness(Streams()) as harness:
        try:
            error = harness.clock.run(twice())
        except Hang as hang:
            return Reuse(Again.HANG, str(hang))
    if error is not None:
        return Reuse(Again.REFUSED, f"{type(error).__name__}: {error}")
    return Reuse(Again.WORKS if len(done) == 2 else Again.NOT_DONE, f"done {len(done)} of 2 times")


def caller_of(harness: Harness[Ask, Called]) -> Caller:
    """What the driver gave the harness."""
    streams = harness.workload
    assert isinstance(streams, Streams)
    assert streams.caller is not None
    return streams.caller


class One:
    """A scope that is made, entered and left with nothing in it."""

    timer = staticmethod(time.process_time)
    warmup_time = 0.02

    def setup_cache(self) -> Cache:
        return attempt(reuse)

    def setup(self, cache: Cache) -> None:
        self.reuse = value_of(cache)
        self.harness = cold_harness(Streams)
        self._enter_and_leave()

    @series(version="1", kind="exact", unit="outcome", group="outcome", codes=WORDS)
    def track_used_again(self, *cell: object) -> int:
        """What becomes of work in it for the second time, from 0 (works) to 3 (hang)."""
        note(self.reuse.note)
        return self.reuse.again.value

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_bytecodes(self, *cell: object) -> float:
        """Bytecodes of one, whosever files they are in."""
        return bytecodes.count(self._enter_and_leave).total / TIMES

    @series(
        version="1",
        kind="exact",
        unit="bytes",
        group="memory",
        tolerance=SMALL_PEAK_TOLERANCE,
        explain="peak",
    )
    def track_traced_peak(self, *cell: object) -> int:
        """Highest number of bytes held, one after the other."""
        return memory.traced(self._enter_and_leave, warm_up=self._enter_and_leave).peak

    @series(version="1", kind="sampled", unit="seconds", group="cpu")
    @runs(repeat=10, rounds=2)
    def sample_cpu(self, *cell: object) -> float:
        """CPU seconds of one."""
        gc.enable()
        began = time.process_time()
        self._enter_and_leave()
        return (time.process_time() - began) / TIMES

    sample_cpu = portal_row(
        sample_cpu,
        rank=580,
        label="CPU of an empty scope",
        work="a task group, or what the target has of the kind: made, entered, left",
        unit="seconds",
        needs_same="machine",
    )

    def _enter_and_leave(self) -> None:
        caller = caller_of(self.harness)

        async def each() -> None:
            for _ in range(TIMES):
                await caller.scope().run(())

        self.harness.clock.run(each())
