"""Where one echo's work is done and where its time is spent waiting."""

from __future__ import annotations

from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.presentation import presented
from benchmarks.echo.workload import WORDS, Echoes
from benchmarks.questions import hotspots
from benchmarks.questions.hotspots import RANKS, Ranked, Stay, place_of_rank
from targets.protocol import Unavailable


def rank_functions() -> Ranked:
    """The functions of one echo."""
    return hotspots.rank_functions(Echoes())


def waits() -> list[Stay]:
    """Where one echo waits."""
    return hotspots.waits_of(Echoes())


@presented(holds={"words": WORDS, "latency_s": 1.0})
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


@presented(holds={"words": WORDS, "latency_s": 1.0})
class Waits:
    """Where an echo waits; ``all`` is the whole of it."""

    params = ("all", *RANKS)
    param_names = ("rank",)

    def setup_cache(self) -> Attempt[list[Stay]]:
        return attempt(waits)

    def setup(self, cache: Attempt[list[Stay]], rank: str) -> None:
        stays = value_of(cache)
        place = place_of_rank(rank)
        if place >= len(stays):
            raise Unavailable(f"the echo waits at {len(stays) - 1} places only")
        self.stay = stays[place]

    track_seconds = hotspots.seconds
    track_beyond_critical_path = hotspots.beyond_critical_path
