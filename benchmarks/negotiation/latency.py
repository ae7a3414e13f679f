"""The model as the bottleneck: latency x negotiations at once x provider slots, 50 agents.

All is measured in both orders of what is due at the same instant; the worse figure counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import product

from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.presentation import portal_row, presented
from benchmarks.core.ties import Both, both
from benchmarks.negotiation.workload import Negotiations
from benchmarks.questions import latency
from mocks.worlds.negotiation.script import Scenario

AGENTS = 50
LATENCIES = (0.07, 0.23, 1.1, 5.3)
"""No divisors of the time-outs that SDKs have: no call ends at the instant at which one does."""
READ_AT_S = LATENCIES[2]
"""The latency whose figures are told first."""
NEGOTIATIONS = (1, 5, 20)
SLOTS = ("unlimited", "20", "5")

Key = tuple[float, int, str]
Cache = Mapping[Key, Attempt[Both[latency.SharedModelResult]]]


def measure(latency_s: float, negotiations: int, slots: str) -> latency.SharedModelResult:
    """One combination."""
    limit = None if slots == "unlimited" else int(slots)
    return latency.measure(Negotiations(AGENTS, Scenario.PLAN, latency_s, limit), negotiations)


@presented(
    holds={"agents": AGENTS, "read_at_latency_s": READ_AT_S},
    roles={"latency_s": "latency", "negotiations": "runs", "slots": "slots"},
)
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
    track_efficiency = portal_row(
        latency.efficiency,
        rank=60,
        label="Makespan / critical path",
        work="20 negotiations of 50 agents at once, 1.1 s a model call; 1 is as fast as can be",
        unit="ratio",
        cell={"latency_s": "1.1", "negotiations": "20", "slots": "unlimited"},
        inverted=True,
        in_floors=False,
    )
    track_agents_lost = portal_row(
        latency.lost("agents"),
        rank=70,
        label="Agents lost",
        work="of 1,000, when the same shares 20 model slots",
        unit="agents",
        cell={"latency_s": "1.1", "negotiations": "20", "slots": "20"},
        in_floors=False,
    )
