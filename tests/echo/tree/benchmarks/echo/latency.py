"""The model as the bottleneck: latency x echoes at once x provider slots."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import product

from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.presentation import presented
from benchmarks.core.ties import Both, both
from benchmarks.echo.workload import WORDS, Echoes
from benchmarks.questions import latency

LATENCIES = (0.23, 1.1)
ECHOES = (1, 20)
SLOTS = ("unlimited", "5")

Key = tuple[float, int, str]
Cache = Mapping[Key, Attempt[Both[latency.SharedModelResult]]]


def measure(latency_s: float, echoes: int, slots: str) -> latency.SharedModelResult:
    """One combination."""
    limit = None if slots == "unlimited" else int(slots)
    return latency.measure(Echoes(WORDS, latency_s, limit), echoes)


@presented(
    holds={"words": WORDS},
    roles={"latency_s": "latency", "echoes": "runs", "slots": "slots"},
)
class Model:
    """A grid of 8 cells, measured once for its three series."""

    params = (LATENCIES, ECHOES, SLOTS)
    param_names = ("latency_s", "echoes", "slots")

    def setup_cache(self) -> Cache:
        keys = product(LATENCIES, ECHOES, SLOTS)
        return {key: attempt(partial(both, partial(measure, *key))) for key in keys}

    def setup(self, cache: Cache, *key: *Key) -> None:
        self.cells = value_of(cache[key])

    track_makespan = latency.makespan
    track_efficiency = latency.efficiency
    track_words_lost = latency.lost("words")
