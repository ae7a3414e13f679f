"""The model as the bottleneck: runs at once that share a slow provider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from benchmarks.core.harness import Harness
from benchmarks.core.series import Series, series
from benchmarks.core.ties import Both
from benchmarks.core.workload import I, R, Workload
from meters import spans


@dataclass(frozen=True, slots=True)
class SharedModelResult:
    """What came of one combination; seconds are virtual."""

    makespan: float
    efficiency: float
    lost: int


def measure(workload: Workload[I, R], count: int) -> SharedModelResult:
    """All runs start at the same moment and share the provider's slots."""
    with Harness(workload) as harness:
        results = harness.run_new(count)
        harness.check_results(results, complete=False)
        makespan = harness.clock.now
        path = spans.critical_path(workload.spans())
        lost = sum(map(workload.lost, results))
    return SharedModelResult(round(makespan, 9), round(spans.efficiency(path, makespan), 9), lost)


class OfSharedModel(Protocol):
    """A benchmark of combinations, in both orders of what is due at the same instant."""

    cells: Both[SharedModelResult]


@series(version="2", kind="exact", unit="seconds", group="virtual time")
def makespan(self: OfSharedModel, *cell: object) -> float:
    """From the start of all to the end of the last, in virtual seconds."""
    return self.cells.worse(lambda cell: cell.makespan)


@series(version="2", kind="exact", unit="fraction", group="virtual time", direction="higher")
def efficiency(self: OfSharedModel, *cell: object) -> float:
    """Critical path / makespan: 1 is as fast as the calls' dependencies allow."""
    return self.cells.worse(lambda cell: cell.efficiency, higher_is_better=True)


def lost(unit: str) -> Series[OfSharedModel, int]:
    """The series of the parts of this ``unit`` that are lost."""

    @series(version="2", kind="exact", unit=unit, group="outcome")
    def lost(self: OfSharedModel, *cell: object) -> int:
        """Parts that are missing in the results."""
        return self.cells.worse(lambda cell: cell.lost)

    return lost
