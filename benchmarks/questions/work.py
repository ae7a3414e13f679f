"""What one run is: how long it takes, what it does, what it costs."""

from __future__ import annotations

import gc
from typing import Any, Protocol

from benchmarks.core.counted import number
from benchmarks.core.harness import Harness
from benchmarks.core.series import runs, series
from benchmarks.core.subject import own_files
from meters import bytecodes as bytecode_meter
from meters import calls, spans


class OnHarness(Protocol):
    """A benchmark that measures on a harness."""

    harness: Harness[Any, Any]


class TimedRun(OnHarness, Protocol):
    """One that times a run; its ``teardown`` checks the results, outside of the timing."""

    timed: list[Any] | None


@series(version="1", kind="exact", unit="seconds", group="virtual time")
def makespan(self: OnHarness, *cell: object) -> float:
    """From the start to the end, in virtual seconds."""
    return self.harness.makespan()


@series(version="1", kind="exact", unit="calls", group="calls")
def model_calls(self: OnHarness, *cell: object) -> int:
    """Model calls made."""
    self.harness.checked()
    return number(self.harness.calls)


@series(version="1", kind="exact", unit="calls", group="calls", direction="higher")
def peak_in_flight(self: OnHarness, *cell: object) -> int:
    """Most model calls served at the same time."""
    self.harness.checked()
    return spans.peak_in_flight(self.harness.workload.spans())


@series(version="1", kind="exact", unit="events", group="calls")
def events(self: OnHarness, *cell: object) -> int:
    """Events the SDK announced."""
    self.harness.checked()
    return len(self.harness.workload.world.events)


@series(version="1", kind="exact", unit="bytecodes", group="work")
def bytecodes(self: OnHarness, *cell: object) -> int:
    """Bytecodes executed: SDK, asyncio, mocks and driver."""
    counted = self.harness.measure(bytecode_meter.count)
    self.harness.check(counted.result)
    return counted.total


@series(version="1", kind="exact", unit="bytecodes", group="work")
def sdk_bytecodes(self: OnHarness, *cell: object) -> int:
    """Bytecodes executed in the SDK's own files."""
    counted = self.harness.measure(lambda run: bytecode_meter.count_inside(run, own_files()))
    self.harness.check(counted.result)
    return counted.inside


@series(version="1", kind="exact", unit="calls", group="work")
def function_calls(self: OnHarness, *cell: object) -> int:
    """Python and C functions called (a resumed coroutine counts as a call)."""
    counted = self.harness.measure(calls.count)
    self.harness.check(counted.result)
    return counted.total


@series(version="1", kind="sampled", unit="seconds", group="cpu")
@runs(repeat=(10, 40, 0.2), rounds=2)
def cpu(self: TimedRun, *cell: object) -> None:
    """CPU time, the cyclic collector's included."""
    gc.enable()  # asv's timer turned it off; an SDK's cycles are its cost
    self.timed = self.harness.run()
