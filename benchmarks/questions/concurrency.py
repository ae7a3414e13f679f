"""Many runs at once on one engine: do they overlap, do they disturb each other?"""

from __future__ import annotations

from benchmarks.core.series import runs, series
from benchmarks.questions.work import OnHarness
from meters import cpu, spans
from meters.lag import LoopLag


@series(version="1", kind="exact", unit="seconds", group="virtual time")
def makespan(self: OnHarness, count: int) -> float:
    """From the start of all to the end of the last, in virtual seconds."""
    return self.harness.makespan(count)


@series(version="1", kind="exact", unit="calls", group="calls", direction="higher")
def peak_in_flight(self: OnHarness, count: int) -> int:
    """Most model calls served at the same time."""
    self.harness.checked(count)
    return spans.peak_in_flight(self.harness.workload.spans())


@series(version="1", kind="exact", unit="foreign items", group="outcome")
def crosstalk(self: OnHarness, count: int) -> int:
    """What belongs to another run and is found in the results. Must be 0."""
    results = self.harness.run_new(count)
    return self.harness.workload.foreign(self.harness.inputs, results)


@series(version="1", kind="sampled", unit="seconds", group="cpu")
@runs(repeat=4, rounds=2, by_itself=True)
def cpu_per_run(self: OnHarness, count: int) -> float:
    """CPU seconds of all of them, divided by their number."""
    self.harness.prepare(count)
    timed = cpu.cpu_seconds(self.harness.run)
    self.harness.check(timed.result)
    return timed.seconds / count


@series(version="1", kind="sampled", unit="seconds", group="cpu")
@runs(repeat=4, rounds=2, by_itself=True)
def loop_lag(self: OnHarness, count: int) -> float:
    """Longest time the loop did not look for new work, in CPU seconds."""
    self.harness.prepare(count)
    with LoopLag(self.harness.clock.loop) as lag:
        results = self.harness.run()
    self.harness.check(results)
    return lag.longest
