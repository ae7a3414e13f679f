"""Many negotiations at once on one engine: do they overlap, do they disturb each other?"""

from __future__ import annotations

from functools import partial

from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.harness import warm_harness
from benchmarks.core.presentation import presented
from benchmarks.negotiation.workload import LATENCY_S, NegotiationHarness, Negotiations
from benchmarks.questions import concurrency, races

AGENTS = 5


@presented(
    holds={"agents": AGENTS, "latency_s": LATENCY_S},
    roles={"negotiations": "runs"},
    demo=("track_makespan", "track_crosstalk"),
)
class Parallel:
    """So many negotiations started at the same moment; 5 agents each, 1 s a model call."""

    params = (1, 2, 5, 10, 20, 50)
    param_names = ("negotiations",)
    harness: NegotiationHarness

    def setup(self, negotiations: int) -> None:
        self.harness = warm_harness(Negotiations, AGENTS)

    track_makespan = concurrency.makespan
    track_peak_in_flight = concurrency.peak_in_flight
    track_crosstalk = concurrency.crosstalk
    sample_cpu_per_run = concurrency.cpu_per_run
    sample_loop_lag = concurrency.loop_lag


RACING = 10
"""Negotiations at once; with fewer, fewer answers are due together."""


@presented(holds={"agents": AGENTS, "latency_s": LATENCY_S, "runs": RACING})
class Races:
    """10 negotiations started at the same moment, 5 agents each, 1 s a model call, once in the
    canonical order of what is due at the same instant and under 50 schedules with other orders."""

    def setup_cache(self) -> Attempt[races.Races]:
        return attempt(partial(races.races, partial(Negotiations, AGENTS), RACING))

    def setup(self, cache: Attempt[races.Races]) -> None:
        self.races = value_of(cache)

    track_outcomes = races.outcomes
    track_agents_lost = races.lost("agents")
    track_crosstalk = races.crosstalk
