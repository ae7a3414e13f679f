"""What a coroutine waits for: each stretch of a loop's time goes to a place in an SDK's files.

Kind: exact on a virtual clock. Unit: seconds of the loop's clock.
Cost: some microseconds at each jump of the clock.
Blind spots: the loop must move its clock with a method ``move_to(when)``. A task is followed into
the tasks it waits for through ``await``, ``gather``, ``wait``, ``wait_for`` and ``TaskGroup``, as
long as all of them wait at the same places; through an event, a queue or ``shield`` it is not, so
the place is the one that waits for the event.
"""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Any, Self, TypeVar

from meters.paths import Paths

T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A line of a function; ``file`` as code objects give it."""

    file: str
    line: int
    function: str


@dataclass(frozen=True, slots=True)
class Wait:
    """A stretch of time and the places that waited, outermost first; none: not in those files."""

    start: float
    end: float
    path: tuple[Location, ...]


Frames = Callable[[object], Iterable[FrameType]]
"""Frames of a suspended coroutine and of the coroutines it awaits, outermost first."""


class WaitProfile:
    """Context manager that watches the clock of ``loop`` while ``run`` runs a coroutine.

    ``waits`` holds every stretch, one after the other: their sum is the time that passed.
    ``inside`` names directories or files (symbolic links are resolved) whose places count.
    """

    def __init__(self, loop: Any, inside: Sequence[str], frames: Frames) -> None:
        self.waits: list[Wait] = []
        self._loop = loop
        self._inside = Paths(inside)
        self._frames = frames
        self._root: asyncio.Task[Any] | None = None
        self._move: Callable[[float], None] = loop.move_to

    async def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Await ``coroutine``; what its task waits for is what time is attributed to."""
        self._root = asyncio.current_task()
        try:
            return await coroutine
        finally:
            self._root = None

    def __enter__(self) -> Self:
        self._loop.move_to = self._note_and_move
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        del self._loop.move_to

    def _note_and_move(self, when: float) -> None:
        start = self._loop.time()
        if self._root is not None and when > start:
            self.waits.append(Wait(start, when, self._path(self._root)))
        self._move(when)

    def _path(self, root: asyncio.Task[Any]) -> tuple[Location, ...]:
        if asyncio.current_task(self._loop) is None:
            return self._path_of(root)
        # A task that runs moves the clock itself, by a blocking sleep: it holds up all others.
        running: list[FrameType] = []
        frame: FrameType | None = sys._getframe()
        while frame is not None:
            running.append(frame)
            frame = frame.f_back
        return self._own_locations(reversed(running))

    def _path_of(self, task: asyncio.Task[Any]) -> tuple[Location, ...]:
        frames = list(self._frames(task.get_coro()))
        path = self._own_locations(frames)
        paths = {self._path_of(each) for each in _awaited_tasks(task, frames)}
        return path + paths.pop() if len(paths) == 1 else path

    def _own_locations(self, frames: Iterable[FrameType]) -> tuple[Location, ...]:
        return tuple(
            Location(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_qualname)
            for frame in frames
            if frame.f_code.co_filename in self._inside
        )


def _awaited_tasks(task: asyncio.Task[Any], frames: Sequence[FrameType]) -> list[asyncio.Task[Any]]:
    """The tasks without which ``task`` can not go on, as far as asyncio shows them."""
    found: list[asyncio.Task[Any]] = []
    futures = [task._fut_waiter, *_in_locals(frames)]  # type: ignore[attr-defined]
    while futures:
        future = futures.pop()
        if isinstance(future, asyncio.Task):
            if not future.done():
                found.append(future)
        else:
            futures += getattr(future, "_children", ())  # of ``gather``
    return found


def _in_locals(frames: Sequence[FrameType]) -> list[Any]:
    """What the innermost coroutine waits for, where it waits on a future made for the purpose."""
    if not frames:
        return []
    known = frames[-1].f_locals
    match (frames[-1].f_globals.get("__name__"), frames[-1].f_code.co_name):
        case ("asyncio.tasks", "wait_for"):
            return [known.get("fut")]
        case ("asyncio.tasks", "_wait"):
            return list(known["fs"])
        case ("asyncio.taskgroups", "__aexit__" | "_aexit"):
            return list(known["self"]._tasks)
    return []
