"""How one negotiation grows with the number of agents, from 5 to 1,000."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial

from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.harness import cold_harness
from benchmarks.core.presentation import portal_row, presented
from benchmarks.negotiation.workload import LATENCY_S, NegotiationHarness, Negotiations
from benchmarks.questions import scaling
from targets.protocols.negotiation import Negotiated

SIZES = (5, 10, 20, 50, 100, 1000)

Cache = Mapping[int, Attempt[scaling.SizeFigures]]


def measure(agents: int) -> scaling.SizeFigures:
    """All figures of one plain negotiation."""
    return scaling.measure(Negotiations(agents))


def setup_cache() -> Cache:
    """The figures of every size, measured once for all series of this module."""
    return {agents: attempt(partial(measure, agents)) for agents in SIZES}


@presented(holds={"latency_s": LATENCY_S}, roles={"agents": "size"})
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
    track_retained_bytes = portal_row(
        scaling.retained_bytes,
        rank=40,
        label="Bytes retained per agent",
        work="after a plain negotiation of 100 agents, its result kept",
        unit="bytes",
        cell={"agents": "100"},
        per=100,
        needs_same="python",
    )
    time_cpu = scaling.cpu


@presented(holds={"latency_s": LATENCY_S})
class Growth:
    """How a quantity grows with the number of agents: value ~ agents ** exponent."""

    params = scaling.QUANTITIES
    param_names = ("quantity",)

    def setup(self, cache: Cache, quantity: str) -> None:
        self.growth = scaling.fit(cache, quantity)

    track_exponent = portal_row(
        scaling.exponent,
        rank=80,
        label="Growth exponent of its work",
        work="its own bytecodes from 5 to 1,000 agents; 1 is linear, 2 is quadratic",
        unit="exponent",
        cell={"quantity": "sdk_bytecodes"},
        in_floors=False,
        needs_same="python",
    )
    track_largest_local_exponent = scaling.largest_local_exponent
    track_fit_error = scaling.fit_error
