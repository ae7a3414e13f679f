"""How one negotiation grows with the number of agents, from 5 to 1,000."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial

from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.harness import cold_harness
from benchmarks.negotiation.workload import NegotiationHarness, Negotiations
from benchmarks.questions import scaling
from targets.protocols.negotiation import Negotiated

SIZES = (5, 10, 20, 50, 100, 1000)

Cache = Mapping[int, Attempt[scaling.Figures]]


def measure(agents: int) -> scaling.Figures:
    """All figures of one plain negotiation."""
    return scaling.measure(Negotiations(agents))


def setup_cache() -> Cache:
    """The figures of every size, measured once for all series of this module."""
    return {agents: attempt(partial(measure, agents)) for agents in SIZES}


class Agents:
    """A plain negotiation with so many agents, 1 s a model call."""

    params = SIZES
    param_names = ("agents",)
    timer = staticmethod(time.process_time)
    warmup_time = 0.02
    harness: NegotiationHarness
    timed: list[Negotiated] | None = None

    def setup(self, cache: Cache, agents: int) -> None:
        self.figures = value_of(cache[agents])
        self.harness = cold_harness(Negotiations, agents)  # asv's warm-up runs warm it
        self.harness.prepare()

    def teardown(self, cache: Cache, agents: int) -> None:
        if self.timed is not None:
            self.harness.check(self.timed)

    track_makespan = scaling.makespan
    track_sdk_bytecodes = scaling.sdk_bytecodes
    track_traced_peak = scaling.traced_peak
    track_retained_bytes = scaling.retained_bytes
    time_cpu = scaling.cpu


class Growth:
    """How a quantity grows with the number of agents: value ~ agents ** exponent."""

    params = scaling.QUANTITIES
    param_names = ("quantity",)

    def setup(self, cache: Cache, quantity: str) -> None:
        self.growth = scaling.fit(cache, quantity)

    track_exponent = scaling.exponent
    track_largest_local_exponent = scaling.largest_local_exponent
    track_fit_error = scaling.fit_error
