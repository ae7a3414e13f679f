"""Memory over time and under pressure: what stays, what waiting costs, what happens without any."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.presentation import presented
from benchmarks.core.series import series
from benchmarks.negotiation import leak_faults
from benchmarks.negotiation.waiting import bytes_of_waiting
from benchmarks.negotiation.workload import LATENCY_S, Negotiations
from benchmarks.questions import leak, pressure
from benchmarks.questions.leak import Mix

AGENTS = 3

Cache = Mapping[str, Attempt[leak.LeftPerRun]]


def measure(mix: Mix) -> leak.LeftPerRun:
    """What negotiations in a row leave behind."""

    def make() -> Negotiations:
        faults = leak_faults.EveryThird() if mix is Mix.FAULTS else None
        return Negotiations(AGENTS, faults=faults)

    return leak.measure(mix, make, leak_faults.is_struck)


@presented(holds={"agents": AGENTS, "latency_s": LATENCY_S}, roles={"mix": "mix"})
class Leak:
    """200 negotiations in a row on one engine, after 24 others; 3 agents.

    Their results are dropped. ``faults``: in every third one the center fails, in every third one
    an agent. ``cancelled``: every second one is cancelled, each at another point.
    """

    params = tuple(mix.value for mix in Mix)
    param_names = ("mix",)

    def setup_cache(self) -> Cache:
        return {mix.value: attempt(partial(measure, mix)) for mix in Mix}

    def setup(self, cache: Cache, mix: str) -> None:
        self.left = value_of(cache[mix])

    track_retained_bytes = leak.retained_bytes
    track_retained_objects = leak.retained_objects
    track_results_alive = leak.results_alive


@presented(demo=("track_bytes",))
class Waiting:
    """20 negotiations that wait for their users at the same time."""

    held: int

    def setup(self) -> None:
        self.held = bytes_of_waiting()

    @series(version="1", kind="exact", unit="bytes", group="memory")
    def track_bytes(self) -> int:
        """Bytes that each holds while it waits for the confirmation."""
        return self.held


class Pressure:
    """A negotiation whose 3 offers of 32 MiB meet 16 MiB of free address space."""

    timeout = 120

    def setup(self) -> None:
        self.pressed = pressure.pressed("benchmarks.negotiation.large_offers")

    track_outcome = pressure.outcome
