"""Memory that work takes between marks that it passes, such as the messages of a stream.

Kind: exact. Unit: bytes; marks.
Cost: that of ``meters.memory``, and a microsecond a mark.
Blind spots: those of ``meters.memory``. Of what is allocated and freed again between two marks, the
peak counts, not the sum; what free lists hand out is no allocation. How often CPython asked for
memory is not seen, only how much more was held at a mark than at the one before.
"""

import gc
import tracemalloc
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from meters.collector import CollectorPaused


@dataclass(frozen=True, slots=True)
class Between:
    """What was held at each mark, and the highest number of bytes between it and the next, in bytes
    above the first mark."""

    held: tuple[int, ...]
    peaks: tuple[int, ...]

    @property
    def rises(self) -> tuple[int, ...]:
        """Bytes more (or fewer) at each mark than at the one before."""
        return tuple(after - before for before, after in pairwise(self.held))

    @property
    def taken(self) -> tuple[int, ...]:
        """Bytes taken from each mark to the next, at the peak between them."""
        return tuple(peak - held for held, peak in zip(self.held, self.peaks[1:], strict=False))


class Marks:
    """Takes a reading whenever ``mark`` is called in a traced block, at most ``most`` times."""

    def __init__(self, most: int) -> None:
        self._held = array("q", bytes(8 * most))
        self._peaks = array("q", bytes(8 * most))
        self._next = most

    def mark(self) -> None:
        """Take a reading. Does nothing outside of ``during``."""
        place = self._next
        if place < len(self._held):
            self._held[place], self._peaks[place] = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            self._next = place + 1

    def during(self, work: Callable[[], object]) -> Between:
        """Run the work, which was run before, and give what was read meanwhile."""
        tracemalloc.start(1)
        try:
            gc.collect()
            with CollectorPaused():
                self._next = 0
                work()
                count, self._next = self._next, len(self._held)
        finally:
            tracemalloc.stop()
        first = self._held[0] if count else 0
        held = tuple(level - first for level in self._held[:count])
        return Between(held, tuple(peak - first for peak in self._peaks[:count]))
