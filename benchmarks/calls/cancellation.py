"""A call's task is cancelled: does it end, and leave nothing behind, wherever it stood?"""

from __future__ import annotations

from benchmarks.calls.baseline import HELD
from benchmarks.calls.workload import Streams
from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.presentation import presented
from benchmarks.questions import cancellation

Cache = Attempt[list[cancellation.Interruption]]


def interruptions() -> list[cancellation.Interruption]:
    """What comes of a cancellation at each point."""
    return cancellation.interruptions(Streams)


@presented(holds=HELD)
class Run:
    """A call is cancelled once after each callback of its loop, in an engine of its own each."""

    def setup_cache(self) -> Cache:
        return attempt(interruptions)

    def setup(self, cache: Cache) -> None:
        self.points = value_of(cache)

    track_points = cancellation.points
    track_swallowed = cancellation.swallowed
    track_left_behind = cancellation.left_behind
    track_hangs = cancellation.hangs
    track_seconds_to_end = cancellation.seconds_to_end
