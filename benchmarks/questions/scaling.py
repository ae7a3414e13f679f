"""How one run grows with the size of its work."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.harness import Harness
from benchmarks.core.series import ADDRESS_TOLERANCE, runs, series
from benchmarks.core.subject import own_files
from benchmarks.core.workload import I, R, Workload
from benchmarks.questions.work import TimedRun
from meters import bytecodes, calls, growth
from targets.protocol import Unavailable


@dataclass(frozen=True, slots=True)
class SizeFigures:
    """The exact figures of one plain run. ``bytecodes``: of all code, None if only those of the
    SDK's own files were counted."""

    makespan: float
    model_calls: int
    events: int
    bytecodes: int | None
    sdk_bytecodes: int
    function_calls: int
    traced_peak: int
    retained_bytes: int


QUANTITIES = tuple(name for name in SizeFigures.__dataclass_fields__ if name != "traced_peak")
"""What growth is fitted to: the figures that are exact to the digit, which a peak is not."""


def measure(workload: Workload[I, R], *, everywhere: bool = True) -> SizeFigures:
    """All figures, in a fixed order, memory before what traces: tracers leave marks in the code.
    ``everywhere``: count the bytecodes of all code, which takes longer than of the SDK's own alone.
    """
    count = bytecodes.count if everywhere else bytecodes.count_inside
    with Harness(workload) as harness:
        harness.checked()
        traced = harness.traced(release=True)
        harness.check_results(traced.result)
        makespan = harness.makespan()
        model_calls, events = len(harness.calls), len(workload.world.events)
        counted = harness.measure(lambda run: count(run, own_files()))
        harness.check(counted.result)
        called = harness.measure(calls.count)
        harness.check(called.result)
    return SizeFigures(
        makespan=makespan,
        model_calls=model_calls,
        events=events,
        bytecodes=counted.total if everywhere else None,
        sdk_bytecodes=counted.inside,
        function_calls=called.total,
        traced_peak=traced.peak,
        retained_bytes=traced.retained,
    )


class OfSize(TimedRun, Protocol):
    """A benchmark of one size."""

    figures: SizeFigures


@series(version="1", kind="exact", unit="seconds", group="virtual time")
def makespan(self: OfSize, *cell: object) -> float:
    """From the start to the end, in virtual seconds."""
    return self.figures.makespan


@series(version="1", kind="exact", unit="bytecodes", group="work")
def sdk_bytecodes(self: OfSize, *cell: object) -> int:
    """Bytecodes executed in the SDK's own files."""
    return self.figures.sdk_bytecodes


@series(
    version="2",
    kind="exact",
    unit="bytes",
    group="memory",
    tolerance=ADDRESS_TOLERANCE,
    explain="peak",
)
def traced_peak(self: OfSize, *cell: object) -> int:
    """Highest number of bytes held during the run."""
    return self.figures.traced_peak


@series(version="2", kind="exact", unit="bytes", group="memory")
def retained_bytes(self: OfSize, *cell: object) -> int:
    """Bytes still held when the run is over and its result is kept."""
    return self.figures.retained_bytes


@series(version="1", kind="sampled", unit="seconds", group="cpu")
@runs(repeat=(3, 20, 0.1), rounds=2)
def cpu(self: OfSize, *cell: object) -> None:
    """CPU time, the cyclic collector's included."""
    gc.enable()  # asv's timer turned it off; an SDK's cycles are its cost
    self.timed = self.harness.run()


def fit(cache: Mapping[int, Attempt[Any]], quantity: str) -> growth.Growth:
    """How a quantity, a field of the figures of each size, grows with the sizes: value ~ size **
    exponent. ``Unavailable`` where no power law fits."""
    values = [float(asdict(value_of(figures))[quantity]) for figures in cache.values()]
    if min(values) <= 0:
        raise Unavailable(f"{quantity} is {min(values):g} at some size: no power law fits")
    return growth.fit(tuple(cache), values)


class OfGrowth(Protocol):
    """A benchmark of the growth of one quantity."""

    growth: growth.Growth


@series(version="2", kind="exact", unit="exponent", group="growth")
def exponent(self: OfGrowth, *cell: object) -> float:
    """Slope of the straight line through all sizes, log on log."""
    return self.growth.exponent


@series(version="2", kind="exact", unit="exponent", group="growth")
def largest_local_exponent(self: OfGrowth, *cell: object) -> float:
    """Largest slope between two neighbouring sizes: what the straight line may hide."""
    return self.growth.largest_local


@series(version="2", kind="exact", unit="relative error", group="growth")
def fit_error(self: OfGrowth, *cell: object) -> float:
    """Largest relative distance of a value from the line."""
    return self.growth.residual
