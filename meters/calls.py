"""Calls made: entries into Python functions, and calls of C functions from Python code.

Kind: exact. Unit: calls.
Cost: 2 to 2.5 times slower (about 300 ns per call); a full collection before; no memory.
Blind spots: the current thread only; a C function called by another C function is not seen;
every resumption of a coroutine or generator counts as a Python call, so ``await`` has its share;
numbers depend on the Python minor version (3.12 inlines comprehensions, which were calls before).
What puts the members of protocols in order (``meters.protocol_members``) is not counted.
The cyclic collector is off while counting, because its finalizers are calls too.
"""

import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from types import FrameType
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
    python = c = 0
    previous = sys.getprofile()
    set_profile = sys.setprofile
    one, another, a_third = UNCOUNTED

    # Half of what is told is that something has returned: that is looked at first.
    def profile(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal python, c
        if event == "call":
            code = frame.f_code
            if not (code is one or code is another or code is a_third):
                python += 1
        elif event == "c_call" and argument is not set_profile:
            code = frame.f_code
            if not (code is one or code is another or code is a_third):
                c += 1

    def profile_seen(frame: FrameType, event: str, argument: Any) -> None:
        if frame.f_code.co_filename not in unseen:
            profile(frame, event, argument)

    with CollectorPaused():
        set_profile(profile_seen if unseen else profile)
        try:
            result = call()
        finally:
            set_profile(previous)
    return Calls(python, c, result)
