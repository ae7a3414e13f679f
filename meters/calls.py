"""Calls made: entries into Python functions, and calls of C functions from Python code.

Kind: exact. Unit: calls.
Cost: 1.5 times slower on CPython 3.11 (about 150 ns per call), 2 to 2.5 times on newer ones; a full
collection before; some 200 bytes per function.
Blind spots: the current thread only; a C function called by another C function is not seen;
every resumption of a coroutine or generator counts as a Python call, so ``await`` has its share;
numbers depend on the Python minor version (3.12 inlines comprehensions, which were calls before).
What puts the members of protocols in order (``meters.protocol_members``) is not counted.
The cyclic collector is off while counting, because its finalizers are calls too.
"""

import gc
import sys
from _lsprof import Profiler, profiler_entry, profiler_subentry
from collections.abc import Callable, Collection
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any, Generic, TypeVar

from meters.collector import CollectorPaused
from meters.protocol_members import UNCOUNTED

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Calls(Generic[T]):
    """What a call returned, and how many Python and C calls it made (itself included)."""

    python: int
    c: int
    result: T

    @property
    def total(self) -> int:
        """Python and C calls together."""
        return self.python + self.c


def count(call: Callable[[], T], unseen: Collection[str] = ()) -> Calls[T]:
    """Run ``call`` once and return its calls. A profile function set before is set again.
    ``unseen``: files whose functions do not count, nor what they call of C."""
    if unseen or sys.version_info >= (3, 12):
        return _told_of_each(call, unseen)
    return _told_at_the_end(call)


def _told_of_each(call: Callable[[], T], unseen: Collection[str]) -> Calls[T]:
    """As ``count``, by a function that is told of each event."""
    previous = sys.getprofile()
    set_profile = sys.setprofile
    profile, counts = _counting(set_profile)

    def profile_seen(frame: FrameType, event: str, argument: Any) -> None:
        if frame.f_code.co_filename not in unseen:
            profile(frame, event, argument)

    with CollectorPaused():
        set_profile(profile_seen if unseen else profile)
        try:
            result = call()
        finally:
            set_profile(previous)
    return Calls(*counts(), result)


def _told_at_the_end(call: Callable[[], T]) -> Calls[T]:
    """As ``count``, by the profiler that is written in C: twice as fast. Since CPython 3.12 it is
    told of other events."""
    # It reads a clock at each event. Nothing is read as fast as this, and no time is asked for.
    profiler = _Profiler(gc.isenabled, 1.0)
    previous = sys.getprofile()
    with CollectorPaused():
        profiler.enable(subcalls=True, builtins=True)
        try:
            result = call()
        finally:
            profiler.disable()
            sys.setprofile(previous)
    return Calls(*profiler.counts(), result)


class _Profiler(Profiler):
    """Can be called, too: whoever takes the profile function of one thread for that of another one
    calls ``sys.setprofile`` with it, and then it is told of each event."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._told, self._counts_told = _counting(self.disable)

    def __call__(self, frame: FrameType, event: str, argument: Any) -> None:
        self._told(frame, event, argument)

    def counts(self) -> tuple[int, int]:
        """Calls of Python and of C functions."""
        python, c = self._counts_told()
        for entry in self.getstats():
            if not isinstance(entry.code, CodeType):
                c += _c_calls(entry)
            elif any(entry.code is code for code in UNCOUNTED):
                c -= sum(map(_c_calls, entry.calls or ()))
            else:
                python += entry.callcount
        return python, c


def _c_calls(entry: profiler_entry | profiler_subentry) -> int:
    is_c = isinstance(entry.code, str) and entry.code not in _ENDS
    return entry.callcount if is_c else 0


_ENDS = ("<method 'disable' of '_lsprof.Profiler' objects>", "<built-in method sys.setprofile>")
"""What ends counting, and does not count."""


def _counting(
    end: Callable[..., object],
) -> tuple[Callable[[FrameType, str, Any], None], Callable[[], tuple[int, int]]]:
    """A profile function that counts, and one that gives the calls of Python and of C functions so
    far. ``end`` and ``sys.setprofile`` do not count."""
    python = c = 0
    set_profile = sys.setprofile
    one, another, a_third = UNCOUNTED

    # Half of what is told is that something has returned: that is looked at first.
    def profile(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal python, c
        if event == "call":
            code = frame.f_code
            if not (code is one or code is another or code is a_third):
                python += 1
        elif event == "c_call" and argument is not set_profile and argument != end:
            code = frame.f_code
            if not (code is one or code is another or code is a_third):
                c += 1

    def counts() -> tuple[int, int]:
        return python, c

    return profile, counts
