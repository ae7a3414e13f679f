"""What is alive at the peak of a ``meters.memory`` call, by where it was allocated.

Kind: exact. Unit: bytes, as that meter counts them.
Cost: the call is done three times, the third with ``FRAMES`` for each block; a snapshot.
The peak is found in steps, each in a run of its own (``benchmarks.attribute_peak`` forks for them):
in which callback of the event loop it is reached, by reading the peak before and after each; then
at which line that runs in it, by reading it at each line; then a snapshot is taken right before
that line, and compared with one from before the call. What the line itself holds besides, when the
peak is reached, is put down to the line.
Blind spots: those of ``meters.allocation_sites``; of work without an event loop nothing is found; a
frame that is traced takes some 500 bytes more, so that the sites add up to a little more than the
peak.
"""

import gc
import sys
import tracemalloc
from array import array
from asyncio import events
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

from meters import memory, memory_looks
from meters.allocation_sites import Site, grown

AS_HIGH = 512
"""Bytes by which a line has to be higher than an earlier one: tracing takes some itself."""

NOWHERE = -1
"""The number of the callback where the peak is reached in none."""


@dataclass(frozen=True, slots=True)
class PeakMoment:
    """When a peak is reached: in the callback of this number, from 0, while the line of this number
    runs in it, from 1; -1 if that is not known yet."""

    callback: int
    line: int = -1


@dataclass(frozen=True, slots=True)
class PeakOfCall:
    """``peak``: bytes, as the meter says; ``callback``: in which it is reached."""

    peak: int
    callback: int


@dataclass(frozen=True, slots=True)
class AliveAtPeak:
    """``grown``: bytes more than before the call, by where they were allocated; ``at``: where the
    peak is reached, the most recent call first."""

    grown: Mapping[Site, int]
    at: Site


class PeakSteps:
    """One step of the search. ``calls``: of each ``memory.traced`` call, in order; ``line``: the
    number of the line at which the peak is, ``alive``: what is alive there, once they are found."""

    def __init__(self, only: int | None = None, moment: PeakMoment | None = None) -> None:
        """``only``: the number of the call that is looked at; ``moment``: None to find its
        callback; without a ``line`` to find that; else what is alive then is looked at."""
        self.calls: list[PeakOfCall] = []
        self.line = 0
        self.alive: AliveAtPeak | None = None
        self._only = only
        self._moment = moment
        self._earlier = 0
        self._before: tracemalloc.Snapshot | None = None
        self._callback = 0
        self._peak_in = NOWHERE
        self._highest = 0
        self._lines = 0

    def forked(self) -> None:
        """What another process recorded before is its own."""
        self._earlier += len(self.calls)
        self.calls.clear()

    def witnessed(self) -> tuple[list[PeakOfCall], int, AliveAtPeak | None]:
        """What this process recorded."""
        return self.calls, self.line, self.alive

    def learn(self, witnessed: tuple[list[PeakOfCall], int, AliveAtPeak | None]) -> None:
        """Keep what a process recorded that was forked from this one."""
        calls, line, alive = witnessed
        self.calls += calls
        self.line = line or self.line
        self.alive = alive or self.alive

    def read(self, readings: "array[int]", index: int) -> None:
        """In place of ``memory``'s reading."""
        if index == 0:
            self._begin()
        else:
            events.Handle._run = _plain_run  # type: ignore[method-assign]
        _plain_reading(readings, index)
        if index != 0:
            self.calls.append(PeakOfCall(readings[1] - readings[0], self._peak_in))

    def _begin(self) -> None:
        self._callback = self._highest = 0
        self._peak_in = NOWHERE
        if self._only not in (None, self._earlier + len(self.calls)):
            return
        if self._moment is not None and self._moment.line >= 0:
            memory._clear_method_cache()  # as before the snapshot that this one is compared with
            self._before = tracemalloc.take_snapshot()
            gc.collect()
        events.Handle._run = self._run()  # type: ignore[method-assign, assignment]

    def _run(self) -> Callable[[events.Handle], None]:
        def run(handle: events.Handle) -> None:
            number = self._callback
            self._callback = number + 1
            if self._moment is None:
                _plain_run(handle)
                self._note_callback(number)
            elif self._moment.callback == number:
                self._traced(handle)
            else:
                _plain_run(handle)

        return run

    def _note_callback(self, number: int) -> None:
        peak = tracemalloc.get_traced_memory()[1]
        if peak > self._highest:
            self._highest = peak
            self._peak_in = number

    def _traced(self, handle: events.Handle) -> None:
        self._lines = 0
        self._highest = 0
        previous = sys.gettrace()
        looks = self._moment is not None and self._moment.line >= 0
        sys.settrace(self._look if looks else self._find)
        try:
            _plain_run(handle)
        finally:
            sys.settrace(previous)
        if not looks:
            self._note_line()
        elif self._moment is not None and self._lines == self._moment.line:
            self._see_what_it_added()

    def _find(self, frame: FrameType, event: str, argument: Any) -> Any:
        """Trace function: reads the peak since the line before."""
        if frame.f_code.co_filename in _OWN_FILES:
            return None
        if event == "line":
            self._note_line()
            self._lines += 1
        return self._find

    def _note_line(self) -> None:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        if peak > self._highest + AS_HIGH:
            self._highest = peak
            self.line = self._lines

    def _look(self, frame: FrameType, event: str, argument: Any) -> Any:
        """Trace function: looks at the line before which so many have run, and what it adds."""
        if frame.f_code.co_filename in _OWN_FILES:
            return None
        if event == "line":
            self._lines += 1
            assert self._moment is not None
            if self._lines == self._moment.line:
                self._see(frame)
            elif self._lines == self._moment.line + 1:
                self._see_what_it_added()
        return self._look

    def _see(self, frame: FrameType) -> None:
        if self._before is not None:
            self.alive = AliveAtPeak(self._grown(self._before), _stack(frame))
            self._before = None
        # Nothing that looking took is alive any more but what it says.
        tracemalloc.reset_peak()
        self._highest = tracemalloc.get_traced_memory()[0]

    def _grown(self, before: tracemalloc.Snapshot) -> Mapping[Site, int]:
        memory._clear_method_cache()
        return grown(before, tracemalloc.take_snapshot())

    def _see_what_it_added(self) -> None:
        added = tracemalloc.get_traced_memory()[1] - self._highest
        if self.alive is not None and added > 0:
            sites = dict(self.alive.grown)
            sites[self.alive.at] = sites.get(self.alive.at, 0) + added
            self.alive = AliveAtPeak(sites, self.alive.at)


def _stack(frame: FrameType | None) -> Site:
    """The lines that run, the most recent call first, as tracebacks of blocks are."""
    found = []
    while frame is not None:
        if frame.f_code.co_filename not in _OWN_FILES:
            found.append((frame.f_code.co_filename, frame.f_lineno))
        frame = frame.f_back
    return tuple(found)


_OWN_FILES = frozenset({__file__, memory_looks.__file__, tracemalloc.__file__})
_plain_reading = memory._read_level
_plain_run = events.Handle._run


@contextmanager
def searching(steps: PeakSteps) -> Iterator[None]:
    """Within the block, ``memory.traced`` calls are searched for their peak."""
    memory._read_level = steps.read
    try:
        yield
    finally:
        memory._read_level = _plain_reading
        events.Handle._run = _plain_run  # type: ignore[method-assign]
