"""Bytes that a piece of work leaves in memory, where one reading may be off: a thread that has just
ended, a cache that grows now and then."""

from __future__ import annotations

import statistics
import tracemalloc
from collections.abc import Callable

from benchmarks.core.on_machine import grained
from meters import memory
from mocks.sqlite.statements import statement

READINGS = 5
"""How many the median is of. Once more than half of them are in one grain, it is in that grain."""


def median_kept(
    ready: Callable[[], Callable[[], object]], release: Callable[[], object] | None = None
) -> int:
    """The median of what ``READINGS`` such pieces of work leave behind, their results included, in
    grains; another one has gone before them. ``ready`` gives the next one, ready to be done;
    ``release`` drops what the harness itself recorded. What the mock of SQLite remembers of
    statements, each with its values, is dropped too."""

    def drop() -> None:
        statement.cache_clear()
        if release is not None:
            release()

    warm_up = ready()
    tracemalloc.start(1)
    try:
        results = [warm_up()]
        readings: list[int] = []
        for _ in range(READINGS):
            work = ready()
            drop()
            traced = memory.traced(work, drop)
            readings.append(traced.retained)
            results.append(traced.result)
            agreeing = [each for each in readings if grained(each) == grained(traced.retained)]
            if len(agreeing) > READINGS // 2:
                return grained(traced.retained)
    finally:
        tracemalloc.stop()
    return grained(round(statistics.median(readings)))
