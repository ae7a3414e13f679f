"""A run with tools is cancelled: does it end, and leave nothing behind, wherever it stood?"""

from __future__ import annotations

from benchmarks.agent.concurrency import HELD, errands
from benchmarks.agent.running import CACHE_TIMEOUT_S, fresh
from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.presentation import presented
from benchmarks.questions import cancellation

Cache = Attempt[list[cancellation.Interruption]]


def interruptions() -> list[cancellation.Interruption]:
    """What comes of a cancellation at each point."""
    return cancellation.interruptions(errands)


@presented(holds=HELD)
class Run:
    """A run is cancelled once after each callback of its loop, in an SDK opened anew each."""

    def setup_cache(self) -> Cache:
        return fresh(interruptions)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Cache) -> None:
        self.points = value_of(cache)

    track_points = cancellation.points
    track_swallowed = cancellation.swallowed
    track_left_behind = cancellation.left_behind
    track_hangs = cancellation.hangs
    track_seconds_to_end = cancellation.seconds_to_end
