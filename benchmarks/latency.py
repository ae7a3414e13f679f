"""The model as the bottleneck: latency x negotiations at once x provider slots, 50 agents.

All is measured in both orders of what is due at the same instant; the worse figure counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import product

from benchmarks._cells import Attempt, attempt, value_of
from benchmarks._outcome import agents_lost
from benchmarks._rig import Rig
from benchmarks._series import series
from benchmarks._ties import Both, both
from meters import spans
from mocks.worlds.negotiation.stages import spans as placed

AGENTS = 50
LATENCIES = (0.07, 0.23, 1.1, 5.3)
"""No divisors of the time-outs that SDKs have: no call ends at the instant at which one does."""
NEGOTIATIONS = (1, 5, 20)
SLOTS = ("unlimited", "20", "5")


@dataclass(frozen=True, slots=True)
class Cell:
    """What came of one combination; seconds are virtual."""

    makespan: float
    efficiency: float
    agents_lost: int


Key = tuple[float, int, str]
Cache = Mapping[Key, Attempt[Both[Cell]]]


def measure(latency: float, negotiations: int, slots: str) -> Cell:
    """All negotiations start at the same moment and share the provider's slots."""
    limit = None if slots == "unlimited" else int(slots)
    with Rig(agents=AGENTS, latency=latency, slots=limit) as rig:
        results = rig.negotiate(negotiations)
        rig.check_results(results, may_lose_offers=True)
        makespan = rig.clock.now
        path = spans.critical_path(placed(rig.world.model.calls))
        lost = agents_lost(rig.world, results)
    return Cell(round(makespan, 9), round(spans.efficiency(path, makespan), 9), lost)


class Model:
    """A grid of 36 cells, measured once for its three series."""

    params = (LATENCIES, NEGOTIATIONS, SLOTS)
    param_names = ("latency_s", "negotiations", "slots")

    def setup_cache(self) -> Cache:
        keys = product(LATENCIES, NEGOTIATIONS, SLOTS)
        return {key: attempt(partial(both, partial(measure, *key))) for key in keys}

    def setup(self, cache: Cache, latency: float, negotiations: int, slots: str) -> None:
        self.cells = value_of(cache[latency, negotiations, slots])

    @series(version="2", kind="exact", unit="seconds", group="virtual time")
    def track_makespan(self, cache: Cache, latency: float, negotiations: int, slots: str) -> float:
        """From the start of all to the end of the last, in virtual seconds."""
        return self.cells.worse(lambda cell: cell.makespan)

    @series(version="2", kind="exact", unit="fraction", group="virtual time", direction="higher")
    def track_efficiency(
        self, cache: Cache, latency: float, negotiations: int, slots: str
    ) -> float:
        """Critical path / makespan: 1 is as fast as the calls' dependencies allow."""
        return self.cells.worse(lambda cell: cell.efficiency, higher_is_better=True)

    @series(version="2", kind="exact", unit="agents", group="outcome")
    def track_agents_lost(self, cache: Cache, latency: float, negotiations: int, slots: str) -> int:
        """Agents whose offer is missing in the results."""
        return self.cells.worse(lambda cell: cell.agents_lost)
