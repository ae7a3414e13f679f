"""The model as the bottleneck: latency x negotiations at once x provider slots, 50 agents.

All is measured in both orders of what is due at the same instant; the worse figure counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import product

from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.ties import Both, both
from benchmarks.negotiation.workload import Negotiations
from benchmarks.questions import latency
from mocks.worlds.negotiation.script import Scenario

AGENTS = 50
LATENCIES = (0.07, 0.23, 1.1, 5.3)
"""No divisors of the time-outs that SDKs have: no call ends at the instant at which one does."""
NEGOTIATIONS = (1, 5, 20)
SLOTS = ("unlimited", "20", "5")

Key = tuple[float, int, str]
Cache = Mapping[Key, Attempt[Both[latency.Cell]]]


def measure(latency_s: float, negotiations: int, slots: str) -> latency.Cell:
    """One combination."""
    limit = None if slots == "unlimited" else int(slots)
    return latency.measure(Negotiations(AGENTS, Scenario.PLAN, latency_s, limit), negotiations)


class Model:
    """A grid of 36 cells, measured once for its three series."""

    params = (LATENCIES, NEGOTIATIONS, SLOTS)
    param_names = ("latency_s", "negotiations", "slots")

    def setup_cache(self) -> Cache:
        keys = product(LATENCIES, NEGOTIATIONS, SLOTS)
        return {key: attempt(partial(both, partial(measure, *key))) for key in keys}

    def setup(self, cache: Cache, *key: *Key) -> None:
        self.cells = value_of(cache[key])

    track_makespan = latency.makespan
    track_efficiency = latency.efficiency
    track_agents_lost = latency.lost("agents")
