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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from meters import memory

FRAMES = 25
_OWN_FILES = frozenset({__file__, tracemalloc.__file__})

Site = tuple[tuple[str, int], ...]
"""Files and lines, the most recent call first."""


@dataclass(frozen=True, slots=True)
class AllocatedByCall:
    """What one call retains: ``retained`` bytes, as it says; ``grown``: bytes more than were there
    before, by where they were allocated."""

    retained: int
    grown: Mapping[Site, int]


class Sites:
    """``calls``: what each ``memory.traced`` call retains, in order."""

    def __init__(self) -> None:
        self.calls: list[AllocatedByCall] = []
        self._before: tracemalloc.Snapshot | None = None

    def forked(self) -> None:
        """What another process recorded before is its own."""
        self.calls.clear()

    def witnessed(self) -> list[AllocatedByCall]:
        """What this process recorded."""
        return self.calls

    def learn(self, witnessed: list[AllocatedByCall]) -> None:
        """Keep what a process recorded that was forked from this one."""
        self.calls += witnessed

    def read(self, readings: "array[int]", index: int) -> None:
        """In place of ``memory``'s reading: what the first look takes is there at both."""
        if index == 0:
            self._before = tracemalloc.take_snapshot()
            gc.collect()
        _plain_reading(readings, index)
        if index != 0 and self._before is not None:
            found = _grown(self._before, tracemalloc.take_snapshot())
            self._before = None
            self.calls.append(AllocatedByCall(readings[index] - readings[0], found))


_plain_reading = memory._read_level
_plain_start = tracemalloc.start


@contextmanager
def recording() -> Iterator[Sites]:
    """Within the block, ``memory.traced`` calls keep where memory was allocated: whoever starts
    ``tracemalloc`` has it keep ``FRAMES``."""
    kept = Sites()
    memory._read_level = kept.read
    tracemalloc.start = lambda nframe=1: _plain_start(FRAMES)
    try:
        yield kept
    finally:
        tracemalloc.start = _plain_start
        memory._read_level = _plain_reading


def _grown(before: tracemalloc.Snapshot, after: tracemalloc.Snapshot) -> dict[Site, int]:
    found: defaultdict[Site, int] = defaultdict(int)
    for snapshot, sign in ((before, -1), (after, 1)):
        for trace in snapshot.traces:
            frames = tuple((frame.filename, frame.lineno) for frame in reversed(trace.traceback))
            if frames[0][0] not in _OWN_FILES:
                found[frames] += sign * trace.size
    return {site: size for site, size in found.items() if size}
