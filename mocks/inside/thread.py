"""One thread that runs inside a virtual clock, and one wait of it."""

import _thread
import asyncio
import itertools
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from types import FrameType

from mocks.clock.hang import Waiting

real_lock = _thread.allocate_lock
"""Makes a lock of the interpreter's, whatever has been put in its place."""

_real_join = threading.Thread.join
_numbers = itertools.count()

# What threads are made of and wait with; a place in a program is not there.
_MACHINERY = frozenset({"mocks"}) | sys.stdlib_module_names


class ThreadEnded(SystemExit):
    """Ends a thread, at its wait, that is left when what it ran in is switched off."""


@dataclass(eq=False, slots=True)
class Pause:
    """One wait: of `thread`, or of the loop's thread where that is None."""

    is_over: bool = False
    timed_out: bool = False
    thread: "InsideThread | None" = None
    timer: asyncio.TimerHandle | None = None


class InsideThread:
    """A real thread that runs only when it has the turn."""

    def __init__(self, thread: threading.Thread) -> None:
        self.thread = thread
        self.number = next(_numbers)
        self.gate = _held()  # opened when it gets the turn
        self.arrived = _held()  # opened when it is about to run its program
        self.ident = 0
        self.native_id = 0
        self.queues = 0  # how many `get` of a queue it is in
        self.in_database = False  # where it never waits for long, whatever it seems to do
        self.has_ended = False
        self.is_doomed = False
        self.joiners: list[Pause] = []
        self.is_away = False

    def arrive(self) -> None:
        """Note who runs it, and that it does. Called in the thread itself."""
        self.ident = threading.get_ident()
        self.native_id = threading.get_native_id()
        self.arrived.release()

    def is_idle(self) -> bool:
        """Whether it waits for work, as far as can be seen: in a queue."""
        return self.queues > 0

    def join(self) -> None:
        """Wait for real until the interpreter has done with it."""
        _real_join(self.thread)

    def waiting(self, frames: Mapping[int, FrameType]) -> Waiting:
        """Where it waits, from the frames of all threads (`sys._current_frames`)."""
        chain = [each for each in _stack(frames.get(self.ident)) if _root(each) != "mocks"]
        places = [_place(frame) for frame in chain]
        own = [_place(frame) for frame in chain if _root(frame) not in _MACHINERY]
        names = tuple(frame.f_code.co_qualname for frame in chain)
        pairs = tuple((frame.f_code.co_filename, _place(frame)) for frame in chain)
        where = places[-1] if places else "an unknown place"
        return Waiting(self.thread.name, where, own[-1] if own else where, names, pairs)


def place_of(frame: FrameType | None) -> str:
    """The innermost place, from `frame` outwards, that is the program's."""
    places = [_place(each) for each in _stack(frame) if _root(each) not in _MACHINERY]
    return places[-1] if places else "an unknown place"


def _held() -> "_thread.LockType":
    lock = real_lock()
    lock.acquire()
    return lock


def _stack(frame: FrameType | None) -> list[FrameType]:
    found: list[FrameType] = []
    while frame is not None:
        found.append(frame)
        frame = frame.f_back
    return found[::-1]


def _place(frame: FrameType) -> str:
    code = frame.f_code
    return f"{PurePath(code.co_filename).name}:{frame.f_lineno} in {code.co_name}"


def _root(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]
