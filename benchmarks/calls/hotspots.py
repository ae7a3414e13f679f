"""Where one call's work is done and where its time is spent waiting."""

from __future__ import annotations

from benchmarks.calls.baseline import HELD
from benchmarks.calls.workload import Streams
from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.presentation import presented
from benchmarks.questions import hotspots
from benchmarks.questions.hotspots import RANKS, Ranked, Stay, place_of_rank
from targets.protocol import Unavailable


def rank_functions() -> Ranked:
    """The functions of one call."""
    return hotspots.rank_functions(Streams())


def waits() -> list[Stay]:
    """Where one call waits."""
    return hotspots.waits_of(Streams())


@presented(holds=HELD)
class Work:
    """The hottest functions of the SDK."""

    params = ("all", *RANKS)
    param_names = ("rank",)

    def setup_cache(self) -> Attempt[Ranked]:
        return attempt(rank_functions)

    def setup(self, cache: Attempt[Ranked], rank: str) -> None:
        ranked = value_of(cache)
        place = place_of_rank(rank)
        if place >= len(ranked.own):
            raise Unavailable(f"the SDK runs {len(ranked.own) - 1} functions of its own")
        self.own, self.caused = ranked.own[place], ranked.caused[place]

    track_bytecodes = hotspots.bytecodes
    track_bytecodes_with_libraries = hotspots.bytecodes_with_libraries


@presented(holds=HELD)
class Waits:
    """Where a call waits; ``all`` is the whole of it."""

    params = ("all", *RANKS)
    param_names = ("rank",)

    def setup_cache(self) -> Attempt[list[Stay]]:
        return attempt(waits)

    def setup(self, cache: Attempt[list[Stay]], rank: str) -> None:
        stays = value_of(cache)
        place = place_of_rank(rank)
        if place >= len(stays):
            raise Unavailable(f"the call waits at {len(stays) - 1} places only")
        self.stay = stays[place]

    track_seconds = hotspots.seconds
    track_beyond_critical_path = hotspots.beyond_critical_path
