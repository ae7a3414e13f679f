"""How many cores there are for what we start."""

from __future__ import annotations

import os
from pathlib import Path

QUOTA = Path("/sys/fs/cgroup/cpu.max")
"""What a container may use (Linux, Documentation/admin-guide/cgroup-v2.rst): microseconds of CPU
time, or ``max``, and in how many of the clock's."""


def cores(quota: Path = QUOTA) -> int:
    """How many this process may use: those it may run on, or less if a container has less time."""
    if hasattr(os, "sched_getaffinity"):
        there_are = len(os.sched_getaffinity(0))
    else:
        there_are = os.cpu_count() or 1
    return min(there_are, _allowed(quota) or there_are)


def _allowed(quota: Path) -> int | None:
    """Whole cores that the time is for, at least one; None if there is no limit."""
    try:
        time, period = quota.read_text().split()
        return max(1, int(time) // int(period))
    except (OSError, ValueError):
        return None
