"""Plain asyncio on a clock as a real machine has it: nothing takes no time, and the same work takes
now this long, now that long. What orders it shows is what a real run can show."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine, Hashable
from typing import Any

from mocks.clock import VirtualLoop

SMALL_S = 1e-6


class JitteryLoop(VirtualLoop):
    """Each look at the clock and each callback takes some microseconds, at times a hundred times as
    many; timers are looked for that much later than they are due. A thousand such delays are still
    less than the time between the instants of a test's program."""

    def __init__(self, seed: int) -> None:
        self._source = random.Random(seed)
        self._usual = self._source.choice((1.0, 10.0))
        self._lanes: dict[Hashable | None, float] = {}
        super().__init__()
        self._clock_resolution = 1e-9

    def time(self) -> float:
        """See ``asyncio.loop.time``."""
        self._now += self._cost()
        return self._now

    def move_to(self, when: float) -> None:
        """Wake up a little late."""
        self._now = max(self._now, when) + self._cost()

    def call_event(
        self,
        when: float,
        callback: Callable[..., object],
        *args: object,
        lane: Hashable | None = None,
        beside: asyncio.TimerHandle | None = None,
    ) -> asyncio.TimerHandle:
        """What comes from outside comes a little early or late, within a lane in its order."""
        when += self._source.choice((-1, 1)) * sum(self._cost() for _ in range(4))
        when = max(when, self._lanes.get(lane, 0.0))
        if lane is not None:
            self._lanes[lane] = when + SMALL_S
        return self.call_at(when, callback, *args)

    def _cost(self) -> float:
        times = 100.0 if self._source.random() < 0.2 else 1.0
        return SMALL_S * self._usual * times * self._source.random()


def orders_of(program: Callable[[], Coroutine[Any, Any, str]], seeds: range) -> set[str]:
    """What a program gives on the loops of these seeds."""
    found = set()
    for seed in seeds:
        loop = JitteryLoop(seed)
        try:
            found.add(loop.run_until_complete(program()))
        finally:
            loop.close()
    return found
