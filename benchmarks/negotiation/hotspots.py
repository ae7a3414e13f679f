"""Where one negotiation's work is done and where its time is spent waiting."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.presentation import presented
from benchmarks.negotiation.workload import LATENCY_S, Negotiations
from benchmarks.questions import hotspots
from benchmarks.questions.hotspots import RANKS, Ranked, Stay, place_of_rank
from mocks.worlds.negotiation.script import Scenario
from targets.protocol import Unavailable

WORK_AGENTS = 50
"""Enough for what is done once an agent to outweigh what is done once a negotiation."""
WAIT_AGENTS = 5
SCENARIOS = (Scenario.PLAN.value, Scenario.ASK_ALL.value, Scenario.SUB_DEMAND.value)


def rank_functions() -> Ranked:
    """The functions of one plain negotiation."""
    return hotspots.rank_functions(Negotiations(WORK_AGENTS))


@presented(holds={"agents": WORK_AGENTS, "latency_s": LATENCY_S})
class Work:
    """The hottest functions of the SDK: one plain negotiation, 50 agents."""

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


Cache = Mapping[str, Attempt[list[Stay]]]


def waits_of(scenario: str) -> list[Stay]:
    """Where one negotiation waits."""
    return hotspots.waits_of(Negotiations(WAIT_AGENTS, Scenario(scenario)))


@presented(holds={"agents": WAIT_AGENTS, "latency_s": LATENCY_S})
class Waits:
    """Where a negotiation of 5 agents waits, 1 s a model call; ``all`` is the whole of it.

    When the virtual clock moves, the time goes to the innermost place in the SDK's own files that
    the negotiation waits at, told apart by the places it was reached from.
    """

    params = (SCENARIOS, ("all", *RANKS))
    param_names = ("scenario", "rank")

    def setup_cache(self) -> Cache:
        return {name: attempt(partial(waits_of, name)) for name in SCENARIOS}

    def setup(self, cache: Cache, scenario: str, rank: str) -> None:
        stays = value_of(cache[scenario])
        place = place_of_rank(rank)
        if place >= len(stays):
            raise Unavailable(f"the negotiation waits at {len(stays) - 1} places only")
        self.stay = stays[place]

    track_seconds = hotspots.seconds
    track_beyond_critical_path = hotspots.beyond_critical_path
