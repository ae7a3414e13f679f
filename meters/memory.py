"""Python memory of a call: peak and retained bytes of everything Python allocated (tracemalloc).

Kind: exact. Unit: bytes.
Cost: 5 times slower on asyncio and JSON work, 14 times in a loop of integer arithmetic; two full
collections (3 ms with 17 000 objects); about 67 bytes per live block, which are not counted.
Blind spots: only allocations made through Python's allocators count (numpy's arrays do, ``malloc``
in a C library does not); all threads count; blocks allocated before tracing starts are unknown, so
a call that replaces an old block by a new one appears to retain the new one, unless ``warm_up``
made the old one. Names that C code makes up for one
look-up before the peak (``datetime.isoformat`` asks its time zone for one) stay in CPython's method
cache or not, depending on addresses: the peak moves by some 60 bytes for each, unless the process
runs without address randomisation (``meters.addresses``); retained bytes do not.

The start is warm: the caller has run the work before, or first-use caches count as retained; and
always equally often, because CPython sizes instance dictionaries by experience, so that every run
peaks a few bytes lower than the one before it. If the process has used a tracer (``bytecodes``,
``calls``), the work runs once more after that: since 3.12 a tracer makes CPython attach some 70
bytes to every code object when it next runs.

The cyclic collector is off during the call, so the peak contains garbage that waits for it: that
is an upper bound, and the same in every process.
"""

import gc
import sys
import tracemalloc
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from meters.collector import CollectorPaused
from meters.task_registry import RoomyTaskRegistry

T = TypeVar("T")

# CPython 3.13 renamed the function and deprecated the old name.
_clear_method_cache: Callable[[], None] = (
    getattr(sys, "_clear_internal_caches", None) or sys._clear_type_cache
)


@dataclass(frozen=True, slots=True)
class Traced(Generic[T]):
    """What a call returned, and the bytes it held at most and holds still, above the start."""

    peak: int
    retained: int
    result: T


def traced(
    call: Callable[[], T],
    release: Callable[[], object] | None = None,
    warm_up: Callable[[], object] | None = None,
) -> Traced[T]:
    """Run ``call`` once and return its peak and retained bytes with its result.

    ``warm_up`` does the same work before it, traced but not counted, and what it returns is kept
    until the end: what the work leaves behind, and replaces the next time, is then not retained.
    ``peak`` is the highest number of traced bytes during the call. ``release`` is called after it
    and drops what the harness itself recorded. ``retained`` is what a full collection then leaves,
    the result included; it is negative if the call freed more traced memory than it kept.
    tracemalloc is started with one frame per block if it was not tracing, and then stopped.
    """
    # Readings go into a preallocated array: Python integers would be traced bytes of our own.
    readings = array("q", (0, 0, 0))
    with RoomyTaskRegistry():
        was_tracing = tracemalloc.is_tracing()
        if not was_tracing:
            tracemalloc.start(1)
            gc.collect()  # free lists would hand out blocks from before
        try:
            earlier = warm_up() if warm_up is not None else None
            with CollectorPaused():
                _read_level(readings, 0)
                tracemalloc.reset_peak()
                result = call()
                readings[1] = tracemalloc.get_traced_memory()[1]
                if release is not None:
                    release()
                gc.collect()
                _read_level(readings, 2)
            del earlier
        finally:
            if not was_tracing:
                tracemalloc.stop()
    before, peak, after = readings
    return Traced(peak - before, after - before, result)


def _read_level(readings: "array[int]", index: int) -> None:
    """Store the traced bytes of now; to be called right after a collection.

    The method cache is cleared because it keeps attribute names alive, and which of them depends
    on their addresses. Read twice: a collection empties the free lists, so the first reading leaves
    its own tuple in one, and the second finds that tuple there before and after the call alike.
    """
    _clear_method_cache()
    readings[index] = tracemalloc.get_traced_memory()[0]
    readings[index] = tracemalloc.get_traced_memory()[0]
