"""What 100 entities cost to store on this machine: CPU time, and bytes on the disk."""

from __future__ import annotations

import time

from benchmarks.core.cells import value_of
from benchmarks.core.forked import fresh
from benchmarks.core.presentation import presented
from benchmarks.core.series import runs, series
from benchmarks.recall.running import remembering

ENTITIES = 100
TIMES = 3


def measure() -> tuple[float, float]:
    """CPU seconds of the quickest of some pieces of 100 entities, and the bytes that files grow by
    for each."""
    with remembering() as memory:
        memory.on.rest()
        memory.fill(ENTITIES)
        before = memory.on_disk()
        taken = []
        for _ in range(TIMES):
            new = memory.new(ENTITIES)
            started = time.process_time()
            memory.run(memory.store(new))
            taken.append(time.process_time() - started)
        return min(taken), (memory.on_disk() - before) / TIMES


@presented(holds={"entities": ENTITIES})
class Store:
    """100 entities are stored in one piece."""

    def setup(self) -> None:
        self.cpu, self.disk = value_of(fresh(measure))

    @series(version="1", kind="sampled", unit="seconds", group="cpu")
    @runs(repeat=1, rounds=3)
    def sample_cpu(self) -> float:
        """CPU time."""
        return self.cpu

    @series(version="1", kind="sampled", unit="bytes", group="memory")
    @runs(repeat=1, rounds=3)
    def sample_disk_bytes(self) -> float:
        """Bytes by which the files in the memory's folder grow."""
        return self.disk
