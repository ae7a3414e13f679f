"""A provider that allows so much and no more: what happens above it, how much fits below it.

10 agents, 1.1 s a model call, all negotiations started at the same moment on an idle provider. All
is measured in both orders of what is due at the same instant; the worse figure counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import product

from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.presentation import presented
from benchmarks.core.ties import Both, both
from benchmarks.negotiation.workload import Negotiations
from benchmarks.questions import capacity, limits
from benchmarks.questions.limits import Allowance
from mocks.worlds.negotiation.script import Scenario

AGENTS = 10
"""A plain negotiation then makes 12 calls: 5, 10 and 20 at once make 60, 120 and 240, which is
just what 60 and 120 requests a minute allow, and more than 200."""

LATENCY_S = 1.1
"""No divisor of the time-outs and pauses that SDKs have, nor of a minute: no call of ours ends at
the instant at which one of them does."""

REQUESTS_PER_MINUTE = (60, 120, 200)
SLOTS = (5, 20)
HINTS = ("retry-after", "none")
NEGOTIATIONS = (1, 5, 10, 20)

PROVIDERS = {
    "5 slots": Allowance(slots=5, per_minute=None),
    "20 slots": Allowance(slots=20, per_minute=None),
    "60/min": Allowance(slots=None, per_minute=60),
    "120/min": Allowance(slots=None, per_minute=120),
    "200/min": Allowance(slots=None, per_minute=200),
    "20 slots, 120/min": Allowance(slots=20, per_minute=120),
}
"""All of them say when to come again."""

Key = tuple[int, int, str, int]
Cache = Mapping[Key, Attempt[Both[limits.BurstResult]]]
Capacities = Mapping[str, Attempt[capacity.CapacityFound]]


def provide(allowance: Allowance) -> Negotiations:
    """Negotiations whose provider allows just that."""
    return Negotiations(AGENTS, Scenario.PLAN, LATENCY_S, allowance.slots, limit=allowance.rate)


def measure(per_minute: int, slots: int, hint: str, negotiations: int) -> limits.BurstResult:
    """One combination."""
    allowance = Allowance(slots, per_minute, tell=hint == "retry-after")
    return limits.measure(provide(allowance), negotiations, per_minute)


@presented(
    holds={"agents": AGENTS, "latency_s": LATENCY_S},
    roles={
        "requests_per_minute": "limit",
        "slots": "slots",
        "hint": "hint",
        "negotiations": "runs",
    },
)
class Provider:
    """A grid of 48 cells, measured once for its series.

    ``hint``: whether a refusal says when to come again. A negotiation that raises is an outcome
    here; a hang fails the cell; what belongs to another demand is said beside the value.
    """

    params = (REQUESTS_PER_MINUTE, SLOTS, HINTS, NEGOTIATIONS)
    param_names = ("requests_per_minute", "slots", "hint", "negotiations")

    def setup_cache(self) -> Cache:
        keys = product(REQUESTS_PER_MINUTE, SLOTS, HINTS, NEGOTIATIONS)
        return {key: attempt(partial(both, partial(measure, *key))) for key in keys}

    def setup(self, cache: Cache, *key: *Key) -> None:
        self.cells = value_of(cache[key])

    track_makespan = limits.makespan
    track_agents_lost = limits.lost("agents")
    track_runs_failed = limits.runs_failed
    track_calls_wasted = limits.calls_wasted
    track_seconds_above_limit = limits.seconds_above_limit


@presented(
    holds={"agents": AGENTS, "latency_s": LATENCY_S},
    roles={"provider": "provider"},
)
class Capacity:
    """How many negotiations at once meet the service level, by what the provider allows.

    The level: 95 % end within 10 virtual seconds of their start, none fails, no agent is lost,
    nothing is for another demand. A burst on an idle provider: with a limit of requests a minute,
    it may come once a minute.
    """

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
    track_longest_offer_wait = capacity.longest_step
    track_longest_call = capacity.longest_call
