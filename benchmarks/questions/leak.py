"""Many runs in a row on one engine, and what they leave behind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol

from benchmarks.core.harness import Harness
from benchmarks.core.notes import note
from benchmarks.core.series import series
from benchmarks.core.workload import I, Make, R
from benchmarks.questions.cancellation import course_of, watched
from meters.leak import Left, left_by
from mocks.clock import Hang
from targets.protocol import Unavailable

WARM_UP = 24
"""Runs before those that count: they fill the caches."""
COUNT = 200
"""Runs that count."""

REST_S = 3601.0
"""Virtual seconds of rest after the last one: what an SDK keeps for an hour is gone for certain. It
may clean up late, and a timer that was cancelled stays with asyncio until its time has come."""

MOST_TYPES = 8
"""Types that a note names."""

LIMIT_S = 100_000.0
"""Virtual seconds after which all of them are given up."""


class Mix(StrEnum):
    """What happens to the runs."""

    PLAIN = "plain"
    """Nothing."""
    FAULTS = "faults"
    """Some meet a fault, others do not."""
    CANCELLED = "cancelled"
    """Every second one is cancelled, each at another point."""


@dataclass(frozen=True, slots=True)
class LeftPerRun:
    """What is left of a run, on the average over all that count.

    ``bytes``, to the nearest whole one; ``objects`` that the collector tracks, of the types of
    which there are more; ``types``: these types, those that grew most first, with their objects.
    ``results``: how many of the SDK's own results are alive (not an average).
    """

    bytes: int
    objects: float
    results: int
    types: tuple[tuple[str, float], ...]


def measure(mix: Mix, make: Make[I, R], is_struck: Callable[[I], bool]) -> LeftPerRun:
    """Run in a row, drop the results, and see what is left.

    ``make``: the workload, with faults where the mix has them; ``is_struck`` tells whether an input
    meets one. Says so if an undisturbed run goes wrong. Raises ``Unavailable`` if a disturbed one
    never ends, for then there is no end at which something could be left.
    """
    with Harness(make()) as harness:
        row = _Row(harness, mix, make, is_struck)
        try:
            left = left_by(lambda: row.run(COUNT), lambda: row.run(WARM_UP))
        except Hang as hang:
            if mix is Mix.PLAIN:
                raise
            raise Unavailable(f"a run that meets {mix} never ends: {hang}") from hang
    return _leak(left, row.result_type)


class _Row(Generic[I, R]):
    """Runs one after the other, as the mix has them."""

    result_type: type = type(None)

    def __init__(
        self, harness: Harness[I, R], mix: Mix, make: Make[I, R], is_struck: Callable[[I], bool]
    ) -> None:
        self._harness = harness
        self._is_struck = is_struck
        self._run_one: Callable[[int], Awaitable[None]] = {
            Mix.PLAIN: self._plain,
            Mix.FAULTS: self._with_faults,
            Mix.CANCELLED: self._cancelled,
        }[mix]
        self._points = course_of(make).points if mix is Mix.CANCELLED else 0

    def run(self, count: int) -> None:
        """Run ``count`` times, rest, and forget the harness's own records."""
        self._harness.clock.run(self._run(count), limit=LIMIT_S)
        self._harness.forget()

    async def _run(self, count: int) -> None:
        # All in one run of the clock, which would end an SDK's own tasks at the end of each.
        for number in range(count):
            self._harness.prepare()
            await self._run_one(number)
        await asyncio.sleep(REST_S)

    async def _plain(self, number: int) -> None:
        (one,) = self._harness.inputs
        result = await self._harness.engine.run(one)
        self._harness.check_results([result])
        self.result_type = type(self._harness.workload.native(result))

    async def _with_faults(self, number: int) -> None:
        (one,) = self._harness.inputs
        if self._is_struck(one):
            # How it ends is the matter of another benchmark; here it only must be over.
            await asyncio.gather(self._harness.engine.run(one), return_exceptions=True)
        else:
            await self._plain(number)

    async def _cancelled(self, number: int) -> None:
        if number % 2 == 0:
            await self._plain(number)
            return
        point = 1 + number // 2 % self._points

        def cut(count: int, task: asyncio.Task[R]) -> None:
            if count == point:
                task.cancel()

        await watched(self._harness, cut)


def _leak(left: Left, result_type: type) -> LeftPerRun:
    counts = sorted(((_name(kind), count) for kind, count in left.grown.items()), key=_rank)
    return LeftPerRun(
        bytes=round(left.bytes / COUNT),
        objects=_each(left.objects),
        results=left.grown.get(result_type, 0),
        types=tuple((name, _each(count)) for name, count in counts),
    )


def _rank(entry: tuple[str, int]) -> tuple[int, str]:
    name, count = entry
    return -count, name


def _each(count: int) -> float:
    return round(count / COUNT, 3)


def _name(kind: type) -> str:
    module = kind.__module__
    return kind.__qualname__ if module == "builtins" else f"{module}.{kind.__qualname__}"


class OfLeak(Protocol):
    """A benchmark of what runs in a row leave behind."""

    left: LeftPerRun


@series(version="1", kind="exact", unit="bytes", group="memory", holds={"runs": COUNT})
def retained_bytes(self: OfLeak, *cell: object) -> int:
    """Bytes that a run leaves behind, on the average."""
    return self.left.bytes


@series(
    version="1",
    kind="exact",
    unit="objects",
    group="memory",
    holds={"runs": COUNT},
    explain="work",
)
def retained_objects(self: OfLeak, *cell: object) -> float:
    """Objects that a run leaves behind, on the average."""
    if self.left.types:
        lines = [f"{each:g} {name}" for name, each in self.left.types[:MOST_TYPES]]
        note("\n".join([*lines, "for each run"]))
    return self.left.objects


@series(
    version="1",
    kind="exact",
    unit="results",
    group="memory",
    holds={"runs": COUNT},
    explain="work",
)
def results_alive(self: OfLeak, *cell: object) -> int:
    """Of 200 runs, the SDK's own results that are still alive."""
    return self.left.results
