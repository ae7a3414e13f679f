"""Where what a ``meters.memory`` call retains was allocated.

Kind: exact. Unit: bytes, as that meter counts them.
Cost: twice that meter's; two snapshots, of about 600 bytes for each live block.
Within ``recording``, every ``memory.traced`` call looks at all live blocks where it reads its
levels. The differences by traceback add up to what it retains, but for some ten bytes of a reading
itself. What is read stays the same: what a look itself takes is there at both readings.
Blind spots: those of ``meters.memory``; a traceback has the frames of one task, not of what made
the task, and at most ``FRAMES``; where something was allocated says nothing of who holds it.
"""

import gc
import tracemalloc
from array import array
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from meters import memory

FRAMES = 25
_OWN_FILES = frozenset({__file__, tracemalloc.__file__})

Site = tuple[tuple[str, int], ...]
"""Files and lines, the most recent call first."""


class Sites:
    """The live blocks at each reading of the last call. ``retained``: bytes, as that call says."""

    def __init__(self) -> None:
        self.retained = 0
        self._looks: dict[int, tracemalloc.Snapshot] = {}

    def grown(self) -> dict[Site, int]:
        """Bytes that the last call retains more than were there before, by where they were
        allocated; empty if there was no call."""
        found: defaultdict[Site, int] = defaultdict(int)
        for index, sign in ((0, -1), (2, 1)):
            for trace in self._looks[index].traces if index in self._looks else ():
                frames = tuple(
                    (frame.filename, frame.lineno) for frame in reversed(trace.traceback)
                )
                if frames[0][0] not in _OWN_FILES:
                    found[frames] += sign * trace.size
        return {site: size for site, size in found.items() if size}

    def read(self, readings: "array[int]", index: int) -> None:
        """In place of ``memory``'s reading: what the first look takes is there at both."""
        if index == 0:
            self._looks = {0: tracemalloc.take_snapshot()}
            gc.collect()
        _plain_reading(readings, index)
        if index != 0:
            self.retained = readings[index] - readings[0]
            self._looks[index] = tracemalloc.take_snapshot()


_plain_reading = memory._read_level


@contextmanager
def recording() -> Iterator[Sites]:
    """Within the block, ``memory.traced`` calls keep where memory was allocated."""
    kept = Sites()
    memory._read_level = kept.read
    tracemalloc.start(FRAMES)
    gc.collect()  # free lists would hand out blocks from before
    try:
        yield kept
    finally:
        tracemalloc.stop()
        memory._read_level = _plain_reading
