"""What memory one run takes, and keeps."""

from __future__ import annotations

from benchmarks.core.series import ADDRESS_TOLERANCE, runs, series
from benchmarks.questions.work import OnHarness


@series(version="2", kind="exact", unit="bytes", group="memory")
def retained_bytes(self: OnHarness, *cell: object) -> int:
    """Bytes still held when the run is over and its result is kept."""
    traced = self.harness.traced(release=True)
    self.harness.check_results(traced.result)
    return traced.retained


@series(
    version="2",
    kind="exact",
    unit="bytes",
    group="memory",
    tolerance=ADDRESS_TOLERANCE,
    explain="peak",
)
def traced_peak(self: OnHarness, *cell: object) -> int:
    """Highest number of bytes held during the run."""
    traced = self.harness.traced()
    self.harness.check(traced.result)
    return traced.peak


@series(version="1", kind="sampled", unit="bytes", group="memory")
@runs(repeat=1, rounds=3)
def resident_peak(self: OnHarness, *cell: object) -> None:
    """Resident memory that 20 runs at once add at their peak.

    One sample a process: a second one would live in the pages that the first one left.
    """
    self.harness.check(self.harness.run_new(20))
