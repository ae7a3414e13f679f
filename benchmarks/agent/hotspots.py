"""Where the work of a run with tools is done, and where its time is spent waiting."""

from __future__ import annotations

from benchmarks.agent.concurrency import HELD, errands
from benchmarks.agent.running import CACHE_TIMEOUT_S, fresh
from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.presentation import presented
from benchmarks.questions import hotspots
from benchmarks.questions.hotspots import RANKS, Ranked, Stay, place_of_rank
from targets.protocol import Unavailable


def rank_functions() -> Ranked:
    """The functions of one run."""
    return hotspots.rank_functions(errands())


def waits() -> list[Stay]:
    """Where one run waits."""
    return hotspots.waits_of(errands())


@presented(holds=HELD)
class Work:
    """The hottest functions of the SDK."""

    params = ("all", *RANKS)
    param_names = ("rank",)

    def setup_cache(self) -> Attempt[Ranked]:
        return fresh(rank_functions)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

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
    """Where a run waits; ``all`` is the whole of it."""

    params = ("all", *RANKS)
    param_names = ("rank",)

    def setup_cache(self) -> Attempt[list[Stay]]:
        return fresh(waits)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Attempt[list[Stay]], rank: str) -> None:
        stays = value_of(cache)
        place = place_of_rank(rank)
        if place >= len(stays):
            raise Unavailable(f"the run waits at {len(stays) - 1} places only")
        self.stay = stays[place]

    track_seconds = hotspots.seconds
    track_beyond_critical_path = hotspots.beyond_critical_path
