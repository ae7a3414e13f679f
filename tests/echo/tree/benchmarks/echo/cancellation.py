"""An echo is cancelled: does it end, and leave nothing behind, wherever it stood?"""

from __future__ import annotations

from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.presentation import presented
from benchmarks.echo.workload import WORDS, Echoes
from benchmarks.questions import cancellation

Cache = Attempt[list[cancellation.Interruption]]


def interruptions() -> list[cancellation.Interruption]:
    """What comes of a cancellation at each point."""
    return cancellation.interruptions(Echoes)


@presented(holds={"words": WORDS, "latency_s": 1.0})
class Run:
    """An echo is cancelled once after each callback of its loop, in an engine of its own each."""

    def setup_cache(self) -> Cache:
        return attempt(interruptions)

    def setup(self, cache: Cache) -> None:
        self.points = value_of(cache)

    track_points = cancellation.points
    track_swallowed = cancellation.swallowed
    track_left_behind = cancellation.left_behind
    track_hangs = cancellation.hangs
    track_seconds_to_end = cancellation.seconds_to_end
