"""Where what a ``meters.memory`` call retains was allocated.

Kind: exact. Unit: bytes, as that meter counts them.
Cost: twice that meter's; two snapshots, of about 600 bytes for each live block.
Within ``recording``, every ``memory.traced`` call looks at all live blocks where it reads its
levels (``meters.memory_looks``). The differences by traceback add up to what it retains, but for
some ten bytes of a reading itself.
Blind spots: those of ``meters.memory``; a traceback has the frames of one task, not of what made
the task, and at most ``FRAMES``; where something was allocated says nothing of who holds it.
"""

import tracemalloc
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from meters import memory_looks
from meters.memory_looks import CallLooks, looking

FRAMES = 25
_OWN_FILES = frozenset({__file__, memory_looks.__file__, tracemalloc.__file__})

Site = tuple[tuple[str, int], ...]
"""Files and lines, the most recent call first."""


class Sites(CallLooks[tracemalloc.Snapshot, Mapping[Site, int]]):
    """``calls``: what each ``memory.traced`` call retains: bytes more than were there before, by
    where they were allocated."""

    def look(self, earlier: tracemalloc.Snapshot | None) -> tracemalloc.Snapshot:
        """All live blocks."""
        return tracemalloc.take_snapshot()

    def compared(
        self, before: tracemalloc.Snapshot, after: tracemalloc.Snapshot
    ) -> Mapping[Site, int]:
        """Those that there are more, or less."""
        return grown(before, after)


@contextmanager
def recording(only: int | None = None) -> Iterator[Sites]:
    """Within the block, ``memory.traced`` calls keep where memory was allocated; ``only``: the one
    of this number, from 0."""
    kept = Sites(only)
    with looking(kept), tracing_frames():
        yield kept


@contextmanager
def tracing_frames() -> Iterator[None]:
    """Within the block, whoever starts ``tracemalloc`` has it keep ``FRAMES``."""
    plain = tracemalloc.start
    tracemalloc.start = lambda nframe=1: plain(FRAMES)
    try:
        yield
    finally:
        tracemalloc.start = plain


def grown(before: tracemalloc.Snapshot, after: tracemalloc.Snapshot) -> dict[Site, int]:
    """Bytes that there are more at a snapshot than at an earlier one, by where they were
    allocated; those of what takes snapshots do not count."""
    found: defaultdict[tracemalloc.Traceback, int] = defaultdict(int)
    for snapshot, sign in ((before, -1), (after, 1)):
        for trace in snapshot.traces:
            found[trace.traceback] += sign * trace.size
    sites: defaultdict[Site, int] = defaultdict(int)
    for traceback, size in found.items():
        # Most are there at both, and to look at their frames takes much longer than to add.
        if size:
            frames = tuple((frame.filename, frame.lineno) for frame in reversed(traceback))
            if frames[0][0] not in _OWN_FILES:
                sites[frames] += size
    return {site: size for site, size in sites.items() if size}
