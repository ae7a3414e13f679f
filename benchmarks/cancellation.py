"""A negotiation is cancelled: does it end, and leave nothing behind, wherever it stood?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial

from benchmarks._cancel import Interruption, interruptions
from benchmarks._cancel_notes import worst
from benchmarks._cells import Attempt, attempt, value_of
from benchmarks._notes import note
from benchmarks._series import series
from mocks.worlds.negotiation.script import Scenario

SCENARIOS = ("plan", "ask_one", "ask_all", "sub_demand", "discovery")

Cache = Mapping[str, Attempt[list[Interruption]]]


class Negotiation:
    """One of 3 agents is cancelled once after each callback of its loop, in an engine of its own
    each time: those are all the points at which it can be cancelled.

    After each the engine has to negotiate the same demand again, and another one.
    """

    params = SCENARIOS
    param_names = ("scenario",)

    def setup_cache(self) -> Cache:
        return {name: attempt(partial(interruptions, Scenario(name))) for name in SCENARIOS}

    def setup(self, cache: Cache, scenario: str) -> None:
        self.points = value_of(cache[scenario])

    @series(version="1", kind="exact", unit="points", group="outcome")
    def track_points(self, cache: Cache, scenario: str) -> int:
        """Points at which it was cancelled."""
        return len(self.points)

    @series(version="1", kind="exact", unit="points", group="outcome")
    def track_swallowed(self, cache: Cache, scenario: str) -> int:
        """Points after which it ended with another error, or with a plan that was still to be
        asked for."""
        return self._count([(point, point.swallowed) for point in self.points])

    @series(version="1", kind="exact", unit="points", group="outcome")
    def track_left_behind(self, cache: Cache, scenario: str) -> int:
        """Points after which a task, a call in flight or a timer was left, or the engine did not
        negotiate the same demand or the next one rightly."""
        return self._count([(point, ", ".join(point.left)) for point in self.points])

    @series(version="1", kind="exact", unit="points", group="outcome")
    def track_hangs(self, cache: Cache, scenario: str) -> int:
        """Points after which it never ended, or the engine's next negotiation never did."""
        return self._count([(point, point.hang) for point in self.points])

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_seconds_to_end(self, cache: Cache, scenario: str) -> float:
        """Longest time from the cancellation to the end, in virtual seconds, where it ended."""
        ended = [point for point in self.points if point.seconds is not None]
        slow = [(point, f"{point.seconds:g} s" if point.seconds else "") for point in ended]
        self._count(slow)
        return max((point.seconds or 0.0 for point in ended), default=math.nan)

    def _count(self, found: list[tuple[Interruption, str]]) -> int:
        """How many points have something to say; the places where they say it are noted."""
        wrong = [(point.where, what) for point, what in found if what]
        if wrong:
            note(worst(wrong))
        return len(wrong)
