"""Bytes that a piece of work leaves behind, where each needs something done before it."""

from __future__ import annotations

import gc
import statistics
import tracemalloc
from collections.abc import Callable

from benchmarks.core.on_machine import grained
from meters import memory

READINGS = 3
"""So many are taken, of which the median counts: a table that grows by addresses is in one."""


def kept_bytes(prepared: Callable[[], Callable[[], object]]) -> int:
    """The median of some readings, in grains, after one that warms up; the result included while
    it is measured, and dropped before the next. ``prepared`` does what comes before, unmeasured,
    and gives the work."""
    tracemalloc.start(1)
    try:
        prepared()()
        readings = []
        for _ in range(READINGS):
            work = prepared()
            gc.collect()
            readings.append(memory.traced(work).retained)
    finally:
        tracemalloc.stop()
    return grained(round(statistics.median(readings)))
