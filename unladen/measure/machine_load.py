"""How busy the machine is with other work while we measure, and waiting until it is not.

Measuring keeps one process busy at a time, so on a machine with nothing else to do no process waits
for a CPU. Linux counts the time in which some process did (pressure stall
information, PSI, Documentation/accounting/psi.rst), and the time that a hypervisor gave to other
machines (*steal* in /proc/stat). Where there is no PSI, the load average stands in: coarser, and
slow to fall.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PRESSURE = Path("/proc/pressure/cpu")
STATISTICS = Path("/proc/stat")

BUSY = 0.25
"""Share of the time with waiting, or stolen, from which on the machine counts as busy. Two busy
processes a core give 0.9 and more; measuring by itself less than 0.1."""

PATIENCE = 60.0
"""Seconds that are waited for a quiet machine, unless the user says otherwise."""

STEP = 1.0
"""Seconds between two looks while waiting."""


@dataclass(frozen=True)
class Load:
    """Over a span of time: ``waiting``, the share of it in which some process that could run had to
    wait, None if unknown; ``stolen``, the share of CPU time that the hypervisor took. At its end:
    ``average``, the load average over a minute; ``cores``."""

    waiting: float | None
    stolen: float
    average: float
    cores: int

    @property
    def is_busy(self) -> bool:
        """Whether others took CPU time from what was measured."""
        if self.waiting is None:
            # One is our own process.
            return self.stolen >= BUSY or self.average - 1 >= BUSY * self.cores
        return max(self.waiting, self.stolen) >= BUSY

    def __str__(self) -> str:
        """``processes waited for a CPU 93 % of the time, load 12.1 on 2 cores``."""
        parts = []
        if self.waiting is not None:
            parts.append(f"processes waited for a CPU {100 * self.waiting:.0f} % of the time")
        if self.stolen >= 0.01:
            parts.append(f"the hypervisor took {100 * self.stolen:.0f} %")
        parts.append(f"load {self.average:.1f} on {self.cores} cores")
        return ", ".join(parts)


class LoadWatch:
    """What the load has been since this was made."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begins now."""
        self._clock = clock
        self._begin = clock()
        self._waiting = _waiting()
        self._stolen, self._all = _stolen()

    def load(self) -> Load:
        """Until now."""
        waiting, (stolen, everything) = _waiting(), _stolen()
        elapsed = self._clock() - self._begin
        share = None
        if waiting is not None and self._waiting is not None and elapsed > 0:
            share = min(1.0, (waiting - self._waiting) / elapsed)
        ticks = everything - self._all
        return Load(
            waiting=share,
            stolen=(stolen - self._stolen) / ticks if ticks > 0 else 0.0,
            average=os.getloadavg()[0],
            cores=os.cpu_count() or 1,
        )


class Patience:
    """Waits for a quiet machine, ``seconds`` in all. ``waited``: so far."""

    def __init__(
        self,
        seconds: float,
        stage: Callable[[str], None],
        look: Callable[[], Load] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``stage`` is told that it waits. ``look``: the load over the last seconds."""
        self.waited = 0.0
        self._seconds = seconds
        self._stage = stage
        self._look = look or current_load
        self._sleep = sleep

    def wait(self) -> None:
        """Return when the machine is quiet, or the patience is used up."""
        is_told = False
        while self.waited < self._seconds and (load := self._look()).is_busy:
            if not is_told:  # a log keeps every line
                self._stage(f"waiting for a quiet machine: {load}")
                is_told = True
            self._sleep(STEP)
            self.waited += STEP


def current_load() -> Load:
    """Over the last ten seconds or so, with none stolen."""
    fields = _pressure()
    share = float(fields["avg10"]) / 100 if fields else None
    return Load(share, 0.0, os.getloadavg()[0], os.cpu_count() or 1)


def _waiting() -> float | None:
    """Seconds since the start of the machine in which some process waited; None if unknown."""
    fields = _pressure()
    return int(fields["total"]) / 1e6 if fields else None


def _pressure() -> dict[str, str]:
    """The line ``some avg10=0.00 avg60=0.00 avg300=0.00 total=0``; empty without PSI."""
    try:
        first = PRESSURE.read_text().splitlines()[0]
    except (OSError, IndexError):
        return {}
    return dict(field.split("=", 1) for field in first.split()[1:])


def _stolen() -> tuple[int, int]:
    """Ticks of CPU time stolen, and all ticks; both 0 where this is not counted."""
    try:
        line = STATISTICS.read_text().splitlines()[0]
    except OSError:
        return 0, 0
    ticks = [int(field) for field in line.split()[1:9]]
    return ticks[7], sum(ticks)
