"""CPU time of reading a rule file, that of regular expressions in C included."""

from __future__ import annotations

import time
from functools import partial

from benchmarks.core.cells import value_of
from benchmarks.core.forked import fresh
from benchmarks.core.presentation import presented
from benchmarks.core.series import runs, series
from benchmarks.rules.files import KILOBYTES
from benchmarks.rules.reading import reading

KB_READ = 300
"""How much is read for one figure, in kilobytes, but for one file at least: clocks of CPU time may
tick in milliseconds."""


def cpu(kilobytes: int) -> float:
    """CPU seconds to load and interpret a file by a fresh reader."""
    times = max(1, KB_READ // kilobytes)
    with reading(kilobytes) as one:
        one.on.run(one.fresh())

        async def many() -> None:
            for _ in range(times):
                await one.fresh()

        before = time.process_time()
        one.on.run(many())
        return (time.process_time() - before) / times


@presented(roles={"kilobytes": "size"})
class Read:
    """A file of so many kilobytes is loaded and interpreted by a fresh reader."""

    params = KILOBYTES
    param_names = ("kilobytes",)

    def setup(self, kilobytes: int) -> None:
        self.seconds = value_of(fresh(partial(cpu, kilobytes)))

    @series(version="1", kind="sampled", unit="seconds", group="cpu")
    @runs(repeat=1, rounds=3)
    def sample_cpu(self, kilobytes: int) -> float:
        """CPU time."""
        return self.seconds
