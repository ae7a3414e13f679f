"""A provider that allows so much and no more: what happens above it, how much fits below it.

10 words, 1.1 s a model call, all echoes started at the same moment on an idle provider.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import product

from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.presentation import presented
from benchmarks.core.ties import Both, both
from benchmarks.echo.workload import WORDS, Echoes
from benchmarks.questions import capacity, limits
from benchmarks.questions.limits import Allowance

LATENCY_S = 1.1

REQUESTS_PER_MINUTE = (10, 60)
SLOTS = (5,)
HINTS = ("retry-after", "none")
ECHOES = (5, 20)

PROVIDERS = {
    "5 slots": Allowance(slots=5, per_minute=None),
    "60/min": Allowance(slots=None, per_minute=60),
}

Key = tuple[int, int, str, int]
Cache = Mapping[Key, Attempt[Both[limits.BurstResult]]]
Capacities = Mapping[str, Attempt[capacity.CapacityFound]]


def provide(allowance: Allowance) -> Echoes:
    """Echoes whose provider allows just that."""
    return Echoes(WORDS, LATENCY_S, allowance.slots, limit=allowance.rate)


def measure(per_minute: int, slots: int, hint: str, echoes: int) -> limits.BurstResult:
    """One combination."""
    allowance = Allowance(slots, per_minute, tell=hint == "retry-after")
    return limits.measure(provide(allowance), echoes, per_minute)


@presented(
    holds={"words": WORDS, "latency_s": LATENCY_S},
    roles={
        "requests_per_minute": "limit",
        "slots": "slots",
        "hint": "hint",
        "echoes": "runs",
    },
)
class Provider:
    """A grid of 8 cells; ``hint``: whether a refusal says when to come again."""

    params = (REQUESTS_PER_MINUTE, SLOTS, HINTS, ECHOES)
    param_names = ("requests_per_minute", "slots", "hint", "echoes")

    def setup_cache(self) -> Cache:
        keys = product(REQUESTS_PER_MINUTE, SLOTS, HINTS, ECHOES)
        return {key: attempt(partial(both, partial(measure, *key))) for key in keys}

    def setup(self, cache: Cache, *key: *Key) -> None:
        self.cells = value_of(cache[key])

    track_makespan = limits.makespan
    track_words_lost = limits.lost("words")
    track_runs_failed = limits.runs_failed
    track_calls_wasted = limits.calls_wasted
    track_seconds_above_limit = limits.seconds_above_limit


@presented(
    holds={"words": WORDS, "latency_s": LATENCY_S},
    roles={"provider": "provider"},
)
class Capacity:
    """How many echoes at once meet the service level, by what the provider allows."""

    params = (tuple(PROVIDERS),)
    param_names = ("provider",)

    def setup_cache(self) -> Capacities:
        return {
            name: attempt(partial(capacity.find, provide, allowance))
            for name, allowance in PROVIDERS.items()
        }

    def setup(self, cache: Capacities, provider: str) -> None:
        self.capacity = value_of(cache[provider])

    track_runs = capacity.runs
    track_p95_makespan = capacity.p95_makespan
    track_longest_step = capacity.longest_step
    track_longest_call = capacity.longest_call
