"""A provider that allows so much and no more: what happens above it, how much fits below it.

10 agents, 1.1 s a model call, all negotiations started at the same moment on an idle provider. All
is measured in both orders of what is due at the same instant; the worse figure counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any, TypeVar

from benchmarks import _capacity
from benchmarks._cells import Attempt, attempt, value_of
from benchmarks._limits import Allowance, burst
from benchmarks._notes import note, wrong
from benchmarks._series import series
from benchmarks._ties import Both, both
from meters.rates import seconds_above
from targets.protocol import Unavailable

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

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Cell:
    """What came of one combination; seconds are virtual."""

    makespan: float
    agents_lost: int
    negotiations_failed: int
    calls_wasted: int
    seconds_above_limit: float
    reasons: str


Key = tuple[int, int, str, int]
Cache = Mapping[Key, Attempt[Both[Cell]]]
Capacities = Mapping[str, Attempt[_capacity.Capacity]]


def measure(per_minute: int, slots: int, hint: str, negotiations: int) -> Cell:
    """Run one combination. Raises what ``burst`` raises."""
    done = burst(negotiations, Allowance(slots, per_minute, tell=hint == "retry-after"))
    if done.wrong:
        wrong(done.wrong)
    sent = [call.queued for call in done.calls]
    return Cell(
        makespan=max(done.makespans),
        agents_lost=done.agents_lost,
        negotiations_failed=len(done.failures),
        calls_wasted=done.calls_wasted,
        seconds_above_limit=round(seconds_above(sent, per_minute), 9),
        reasons=done.reasons,
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

    @series(version="2", kind="exact", unit="seconds", group="virtual time")
    def track_makespan(self, cache: Cache, *key: *Key) -> float:
        """From the start of all to the end of the last, however it ended, in virtual seconds."""
        return self.cells.worse(lambda cell: cell.makespan)

    @series(version="2", kind="exact", unit="agents", group="outcome")
    def track_agents_lost(self, cache: Cache, *key: *Key) -> int:
        """Agents whose offer is in no result: all of a negotiation that failed."""
        return self.cells.worse(lambda cell: cell.agents_lost)

    @series(version="2", kind="exact", unit="negotiations", group="outcome")
    def track_negotiations_failed(self, cache: Cache, *key: *Key) -> int:
        """Negotiations that raised or ended without a plan."""
        return self.cells.worse(
            lambda cell: cell.negotiations_failed, notes=lambda cell: cell.reasons
        )

    @series(version="2", kind="exact", unit="calls", group="calls")
    def track_calls_wasted(self, cache: Cache, *key: *Key) -> int:
        """Calls made whose answer is in no result: refused, given up, or answered in vain."""
        return self.cells.worse(lambda cell: cell.calls_wasted)

    @series(version="2", kind="exact", unit="seconds", group="virtual time")
    def track_seconds_above_limit(self, cache: Cache, *key: *Key) -> float:
        """Virtual seconds in which the requests of the last 60 s, refused ones included, are more
        than the limit: a provider that counts refusals too would have refused all through them."""
        return self.cells.worse(lambda cell: cell.seconds_above_limit)


def _figures(capacity: _capacity.Capacity) -> Both[_capacity.Figures]:
    if capacity.figures is None:
        raise Unavailable(f"no negotiation ends with a plan; {capacity.beyond}")
    if said := capacity.figures.first.wrong or capacity.figures.last.wrong:
        wrong(said)
    return capacity.figures


def _where_measured(function: F) -> F:
    """The series is n/a where not even one negotiation gives a plan."""

    def setup(cache: Capacities, provider: str) -> None:
        _figures(value_of(cache[provider]))

    vars(function)["setup"] = setup  # asv runs it after the class's own
    return function


class Capacity:
    """How many negotiations at once meet the service level, by what the provider allows.

    The level: 95 % end within 10 virtual seconds of their start, none fails, no agent is lost,
    nothing is for another demand. A burst on an idle provider: with a limit of requests a minute,
    it may come once a minute.
    """

    params = (tuple(PROVIDERS),)
    param_names = ("provider",)
    capacity: _capacity.Capacity

    def setup_cache(self) -> Capacities:
        return {
            name: attempt(partial(_capacity.find, allowance))
            for name, allowance in PROVIDERS.items()
        }

    def setup(self, cache: Capacities, provider: str) -> None:
        self.capacity = value_of(cache[provider])

    @series(version="2", kind="exact", unit="negotiations", group="outcome", direction="higher")
    def track_negotiations(self, cache: Capacities, provider: str) -> int:
        """The largest number that meets the level, at most 200; 0 if not even one does."""
        note(self.capacity.beyond)
        return self.capacity.negotiations

    @_where_measured
    @series(version="2", kind="exact", unit="seconds", group="virtual time")
    def track_p95_makespan(self, cache: Capacities, provider: str) -> float:
        """Virtual seconds in which 95 % of them ended, at that number (at one, if it is 0)."""
        return _figures(self.capacity).worse(lambda figures: figures.p95_makespan)

    @_where_measured
    @series(version="2", kind="exact", unit="seconds", group="virtual time")
    def track_longest_offer_wait(self, cache: Capacities, provider: str) -> float:
        """Virtual seconds from the match to an agent's offer, queues, refusals and pauses included:
        what a time-out for offers must exceed, at that number."""
        return _figures(self.capacity).worse(lambda figures: figures.longest_offer_wait)

    @_where_measured
    @series(version="2", kind="exact", unit="seconds", group="virtual time")
    def track_longest_call(self, cache: Capacities, provider: str) -> float:
        """Virtual seconds from a request to its answer, the provider's queue included: what a
        time-out for one call must exceed, at that number."""
        return _figures(self.capacity).worse(lambda figures: figures.longest_call)
