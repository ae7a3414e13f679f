"""Many negotiations in a row on one engine, and what they leave behind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from benchmarks._cancel import Task, course_of, watched
from benchmarks._leak_faults import EveryThird, is_struck
from benchmarks._rig import Rig
from meters.leak import Left, left_by
from mocks.clock import Hang
from mocks.worlds.negotiation.script import Scenario
from targets.protocol import Unavailable

AGENTS = 3
WARM_UP = 24
"""Negotiations before those that count: they fill the caches."""
COUNT = 200
"""Negotiations that count."""

REST_S = 3601.0
"""Virtual seconds of rest after the last one: what an SDK keeps for an hour is gone for certain. It
may clean up late, and a timer that was cancelled stays with asyncio until its time has come."""

LIMIT_S = 100_000.0
"""Virtual seconds after which all of them are given up."""


class Mix(StrEnum):
    """What happens to the negotiations."""

    PLAIN = "plain"
    """Nothing."""
    FAULTS = "faults"
    """The center fails in every third one, one agent in every third."""
    CANCELLED = "cancelled"
    """Every second one is cancelled, each at another point."""


@dataclass(frozen=True, slots=True)
class Leak:
    """What is left of a negotiation, on the average over all that count.

    ``bytes``, to the nearest whole one; ``objects`` that the collector tracks, of the types of
    which there are more; ``types``: these types, those that grew most first, with their objects.
    ``sessions``: how many of the SDK's own results are alive (not an average).
    """

    bytes: int
    objects: float
    sessions: int
    types: tuple[tuple[str, float], ...]


def measure(mix: Mix) -> Leak:
    """Negotiate in a row, drop the results, and see what is left.

    Says so if an undisturbed negotiation goes wrong. Raises ``Unavailable`` if a disturbed one
    never ends, for then there is no end at which something could be left.
    """
    with Rig(agents=AGENTS, faults=EveryThird() if mix is Mix.FAULTS else None) as rig:
        row = _Row(rig, mix)
        try:
            left = left_by(lambda: row.run(COUNT), lambda: row.run(WARM_UP))
        except Hang as hang:
            if mix is Mix.PLAIN:
                raise
            raise Unavailable(f"a negotiation that meets {mix} never ends: {hang}") from hang
    return _leak(left, row.session_type)


class _Row:
    """Negotiations one after the other, as the mix has them."""

    session_type: type = type(None)

    def __init__(self, rig: Rig, mix: Mix) -> None:
        self._rig = rig
        self._negotiate: Callable[[int], Awaitable[None]] = {
            Mix.PLAIN: self._plain,
            Mix.FAULTS: self._with_faults,
            Mix.CANCELLED: self._cancelled,
        }[mix]
        self._points = course_of(Scenario.PLAN, AGENTS).points if mix is Mix.CANCELLED else 0

    def run(self, count: int) -> None:
        """Negotiate ``count`` times, rest, and forget the harness's own records."""
        self._rig.clock.run(self._run(count), limit=LIMIT_S)
        self._rig.forget()

    async def _run(self, count: int) -> None:
        # All in one run of the clock, which would end an SDK's own tasks at the end of each.
        for number in range(count):
            self._rig.prepare()
            await self._negotiate(number)
        await asyncio.sleep(REST_S)

    async def _plain(self, number: int) -> None:
        (demand,) = self._rig.demands
        result = await self._rig.negotiator.negotiate(demand)
        self._rig.check_results([result])
        self.session_type = type(result.native)

    async def _with_faults(self, number: int) -> None:
        (demand,) = self._rig.demands
        if is_struck(demand.mark):
            # How it ends is the matter of another benchmark; here it only must be over.
            await asyncio.gather(self._rig.negotiator.negotiate(demand), return_exceptions=True)
        else:
            await self._plain(number)

    async def _cancelled(self, number: int) -> None:
        if number % 2 == 0:
            await self._plain(number)
            return
        point = 1 + number // 2 % self._points

        def cut(count: int, task: Task) -> None:
            if count == point:
                task.cancel()

        await watched(self._rig, cut)


def _leak(left: Left, session_type: type) -> Leak:
    counts = sorted(((_name(kind), count) for kind, count in left.grown.items()), key=_rank)
    return Leak(
        bytes=round(left.bytes / COUNT),
        objects=_each(left.objects),
        sessions=left.grown.get(session_type, 0),
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
