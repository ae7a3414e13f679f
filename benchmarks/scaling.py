"""How one negotiation grows with the number of agents, from 5 to 1,000."""

from __future__ import annotations

import gc
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial

from benchmarks._cells import Attempt, attempt, value_of
from benchmarks._rig import Rig, cold_rig
from benchmarks._series import ADDRESS_TOLERANCE, runs, series
from benchmarks._subject import own_files
from meters import bytecodes, calls, growth
from targets.protocol import Unavailable
from targets.protocols.negotiation import Negotiated

SIZES = (5, 10, 20, 50, 100, 1000)


@dataclass(frozen=True, slots=True)
class Figures:
    """The exact figures of one plain negotiation."""

    makespan: float
    model_calls: int
    events: int
    bytecodes: int
    sdk_bytecodes: int
    function_calls: int
    traced_peak: int
    retained_bytes: int


QUANTITIES = tuple(name for name in Figures.__dataclass_fields__ if name != "traced_peak")
"""What growth is fitted to: the figures that are exact to the digit, which a peak is not."""

Cache = Mapping[int, Attempt[Figures]]


def measure(agents: int) -> Figures:
    """All figures, in a fixed order, memory before what traces: tracers leave marks in the code."""
    with Rig(agents=agents) as rig:
        rig.checked()
        traced = rig.traced(release=True)
        rig.check_results(traced.result)
        makespan = rig.makespan()
        model_calls, events = len(rig.world.model.calls), len(rig.world.events)
        counted = rig.measure(lambda run: bytecodes.count(run, inside=own_files()))
        rig.check(counted.result)
        called = rig.measure(calls.count)
        rig.check(called.result)
    return Figures(
        makespan=makespan,
        model_calls=model_calls,
        events=events,
        bytecodes=counted.total,
        sdk_bytecodes=counted.inside,
        function_calls=called.total,
        traced_peak=traced.peak,
        retained_bytes=traced.retained,
    )


def setup_cache() -> Cache:
    """The figures of every size, measured once for all series of this module."""
    return {agents: attempt(partial(measure, agents)) for agents in SIZES}


class Agents:
    """A plain negotiation with so many agents, 1 s a model call."""

    params = SIZES
    param_names = ("agents",)
    timer = staticmethod(time.process_time)
    warmup_time = 0.02
    rig: Rig
    timed: list[Negotiated] | None = None

    def setup(self, cache: Cache, agents: int) -> None:
        self.figures = value_of(cache[agents])
        self.rig = cold_rig(agents)  # asv's warm-up runs warm it
        self.rig.prepare()

    def teardown(self, cache: Cache, agents: int) -> None:
        if self.timed is not None:
            self.rig.check(self.timed)

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_makespan(self, cache: Cache, agents: int) -> float:
        """From the start to the plan, in virtual seconds."""
        return self.figures.makespan

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_sdk_bytecodes(self, cache: Cache, agents: int) -> int:
        """Bytecodes executed in the SDK's own files."""
        return self.figures.sdk_bytecodes

    @series(
        version="2",
        kind="exact",
        unit="bytes",
        group="memory",
        tolerance=ADDRESS_TOLERANCE,
    )
    def track_traced_peak(self, cache: Cache, agents: int) -> int:
        """Highest number of bytes held during the negotiation."""
        return self.figures.traced_peak

    @series(version="2", kind="exact", unit="bytes", group="memory")
    def track_retained_bytes(self, cache: Cache, agents: int) -> int:
        """Bytes still held when the negotiation is over and its result is kept."""
        return self.figures.retained_bytes

    @series(version="1", kind="sampled", unit="seconds", group="cpu")
    @runs(repeat=(3, 20, 0.1), rounds=2)
    def time_cpu(self, cache: Cache, agents: int) -> None:
        """CPU time, the cyclic collector's included."""
        gc.enable()  # asv's timer turned it off; an SDK's cycles are its cost
        self.timed = self.rig.run()


class Growth:
    """How a quantity grows with the number of agents: value ~ agents ** exponent."""

    params = QUANTITIES
    param_names = ("quantity",)

    def setup(self, cache: Cache, quantity: str) -> None:
        values = [float(asdict(value_of(cache[agents]))[quantity]) for agents in SIZES]
        if min(values) <= 0:
            raise Unavailable(f"{quantity} is {min(values):g} at some size: no power law fits")
        self.growth = growth.fit(SIZES, values)

    @series(version="2", kind="exact", unit="exponent", group="growth")
    def track_exponent(self, cache: Cache, quantity: str) -> float:
        """Slope of the straight line through all sizes, log on log."""
        return self.growth.exponent

    @series(version="2", kind="exact", unit="exponent", group="growth")
    def track_largest_local_exponent(self, cache: Cache, quantity: str) -> float:
        """Largest slope between two neighbouring sizes: what the straight line may hide."""
        return self.growth.largest_local

    @series(version="2", kind="exact", unit="relative error", group="growth")
    def track_fit_error(self, cache: Cache, quantity: str) -> float:
        """Largest relative distance of a value from the line."""
        return self.growth.residual
