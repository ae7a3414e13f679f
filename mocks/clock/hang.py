"""The proof that a program waits for ever, and what each of its tasks waits for."""

import asyncio
import gc
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from types import FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mocks.clock.loop import VirtualLoop

# A message stays readable when thousands of tasks wait.
_MOST_IN_MESSAGE = 10

# Attributes that lead to the frame and to what it awaits, by kind of coroutine.
_LINKS = (
    ("cr_frame", "cr_await"),
    ("gi_frame", "gi_yieldfrom"),
    ("ag_frame", "ag_await"),
)

# Types without such attributes: what `anext`, `async for` and `__await__` give.
_WRAPPERS = frozenset(
    {"anext_awaitable", "async_generator_asend", "async_generator_athrow", "coroutine_wrapper"}
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One task that waits.

    Attributes:
        task: name of the task.
        where: the innermost place that awaits, as "file.py:LINE in function".
        origin: the innermost such place outside the standard library; `where` if there is none.
        chain: names of the coroutines that await each other, outermost first.
        places: their files, as code objects give them, and places as in `where`, in that order.
    """

    task: str
    where: str
    origin: str
    chain: tuple[str, ...]
    places: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        if self.origin == self.where:
            return f"{self.task} at {self.where}"
        return f"{self.task} at {self.where}, from {self.origin}"


class Hang(RuntimeError):
    """Nothing is runnable, no timer is armed and no outside work is pending.

    Also raised when a program came to its end but some of its tasks refuse cancellation;
    `waiting` is empty then.

    Attributes:
        at: virtual seconds at which the program stopped.
        waiting: the tasks that wait, ordered by name.
        threads: names of threads that could have woken the loop but did not in time; or how
            many calls in executors.
        refusing: the tasks that did not end when they were cancelled afterwards.
        background: the tasks that live beside the runs of a `LastingClock`, such as a server's, and
            the threads inside a `Machine` that are at work.
    """

    what = "hang at virtual time"

    def __init__(
        self,
        at: float,
        waiting: tuple[Waiting, ...],
        threads: tuple[str, ...] = (),
        refusing: tuple[Waiting, ...] = (),
        background: tuple[Waiting, ...] = (),
    ) -> None:
        super().__init__(at, waiting, threads, refusing, background)
        self.at = at
        self.waiting = waiting
        self.threads = threads
        self.refusing = refusing
        self.background = background

    def __str__(self) -> str:
        parts = [f"{self.what} {self.at} s"]
        if self.waiting or not self.refusing:
            parts.append(f"waiting: {_list(self.waiting)}")
        if self.threads:
            parts.append(f"threads that did not wake the loop: {_list(self.threads)}")
        if self.refusing:
            parts.append(f"refuse cancellation: {_list(self.refusing)}")
        if self.background:
            parts.append(f"in the background: {_list(self.background)}")
        return "; ".join(parts).replace("\n", " ")


class OutOfTime(Hang):
    """The program still waits for timers, but all of them are due after the limit of its run."""

    what = "not over at the limit of the run; at virtual time"


def hang_of(loop: "VirtualLoop", threads: Iterable[str] = (), *, timers_left: bool = False) -> Hang:
    """The `Hang` of a loop as it stands, with names of `threads` waited for in vain.

    It is an `OutOfTime` if there are `timers_left`, all beyond the loop's horizon.
    """
    waiting = tuple(describe(task) for task in pending_tasks(loop))
    kind = OutOfTime if timers_left else Hang
    background = tuple(loop.background_waits())
    return kind(loop.time(), waiting, tuple(threads), background=background)


def pending_tasks(loop: "VirtualLoop") -> list[asyncio.Task[Any]]:
    """The tasks of a run on `loop` that are not done, by name (Task-2 before Task-10)."""
    tasks = loop.run_tasks(loop)
    return sorted(tasks, key=lambda task: (len(task.get_name()), task.get_name()))


def by_name(tasks: Iterable[asyncio.Task[Any]]) -> list[asyncio.Task[Any]]:
    """`tasks` by name (Task-2 before Task-10)."""
    return sorted(tasks, key=lambda task: (len(task.get_name()), task.get_name()))


def describe(task: asyncio.Task[Any]) -> Waiting:
    """Where `task` waits."""
    frames = list(await_chain(task.get_coro()))
    places = [_place(frame) for frame in frames]
    where = places[-1] if places else "an unknown place"
    own = [place for place, frame in zip(places, frames, strict=True) if not _in_stdlib(frame)]
    names = tuple(frame.f_code.co_qualname.rpartition("<locals>.")[2] for frame in frames)
    files = (frame.f_code.co_filename for frame in frames)
    pairs = tuple(zip(files, places, strict=True))
    return Waiting(task.get_name(), where, own[-1] if own else where, names, pairs)


def await_chain(awaitable: object) -> Iterator[FrameType]:
    """Frames of a suspended coroutine and of the coroutines it awaits, outermost first."""
    while awaitable is not None:
        for frame_name, next_name in _LINKS:
            if hasattr(awaitable, next_name):
                frame = getattr(awaitable, frame_name)
                if frame is not None:
                    yield frame
                awaitable = getattr(awaitable, next_name)
                break
        else:
            awaitable = _wrapped(awaitable)


def _wrapped(awaitable: object) -> object | None:
    """What one of the interpreter's own wrappers awaits; None for anything else."""
    if type(awaitable).__name__ not in _WRAPPERS:
        return None
    referents: list[object] = gc.get_referents(awaitable)
    for referent in referents:
        if type(referent).__name__ in _WRAPPERS or any(hasattr(referent, k) for _, k in _LINKS):
            return referent
    return None


def _place(frame: FrameType) -> str:
    code = frame.f_code
    return f"{PurePath(code.co_filename).name}:{frame.f_lineno} in {code.co_name}"


def _in_stdlib(frame: FrameType) -> bool:
    module = str(frame.f_globals.get("__name__", ""))
    return module.partition(".")[0] in sys.stdlib_module_names


def _list(items: Iterable[object]) -> str:
    texts = [str(item) for item in items]
    left_out = len(texts) - _MOST_IN_MESSAGE
    if left_out > 0:
        texts[_MOST_IN_MESSAGE:] = [f"and {left_out} more"]
    return ", ".join(texts) if texts else "nobody"
