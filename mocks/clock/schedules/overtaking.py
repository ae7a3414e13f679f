"""Who overtook whom, and where they wait."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from types import FunctionType
from typing import Any

from mocks.clock.hang import Waiting, describe
from mocks.clock.schedules.events import Event, owner

_MOST_HOPS = 8
"""Futures that wait for each other, looked through for a task."""


@dataclass(frozen=True, slots=True)
class Party:
    """What an event wakes. ``name``: the actor whose it is, or else the task, or its coroutine
    where asyncio numbered the task; ``where``: the place in the program's code that waits, as
    "file.py:LINE in function"; ``waiting``: all about the task, ``None`` for a mere callback."""

    name: str
    where: str
    waiting: Waiting | None = None

    def __str__(self) -> str:
        return f"{self.name} at {self.where}" if self.name else self.where


@dataclass(frozen=True, slots=True)
class Overtaking:
    """At virtual second ``at`` both were due; ``late`` comes first in the canonical order, and
    ``first`` did. ``is_event``: ``first`` is an event too, else a callback that was ready before
    the late event came."""

    at: float
    first: Party
    late: Party
    is_event: bool = True

    def __str__(self) -> str:
        return f"at {self.at:.9g} s {self.first} came before {self.late}"


class Witness:
    """Notes overtakings on a ``ScheduledLoop``. What waits is asked when it is overtaken."""

    def __init__(self) -> None:
        self._events: list[Overtaking] = []
        self._ready: dict[int, list[Overtaking]] = {}
        self._overtaken: set[int] = set()

    @property
    def overtakings(self) -> list[Overtaking]:
        """In order; callbacks count only where no event overtook the late one."""
        alone = [
            each
            for number, found in self._ready.items()
            if number not in self._overtaken
            for each in found
        ]
        return sorted([*self._events, *alone], key=lambda each: each.at)

    def comes(self, event: Event, at: float, held: Iterable[Event]) -> None:
        """An event comes, and these are still held back."""
        for late in held:
            if late.late and late.rank < event.rank and not late.cancelled():
                self._overtaken.add(late.order)
                self._events.append(Overtaking(at, party(event), party(late)))

    def runs(self, ready: Iterable[asyncio.Handle], held: Sequence[Event]) -> None:
        """These callbacks run now, and these events are still held back."""
        for late in held:
            if late.late and late.order not in self._overtaken:
                found = self._ready.setdefault(late.order, [])
                found += [
                    Overtaking(late.when(), party(one), party(late), is_event=False)
                    for one in ready
                    if not one.cancelled()
                ]


def party(handle: asyncio.Handle) -> Party:
    """What a callback or an event wakes, as it waits now."""
    callback: Any = handle._callback  # type: ignore[attr-defined]
    arguments: Sequence[Any] = handle._args
    task = _task_of([callback, *arguments])
    if task is None:
        return Party(owner(handle), _place_of(callback))
    waiting = describe(task)
    return Party(owner(handle) or _name(waiting), waiting.origin, waiting)


def _name(waiting: Waiting) -> str:
    # The numbers that asyncio gives depend on what the process did before.
    is_numbered = waiting.task.startswith("Task-") and waiting.task[5:].isdigit()
    return waiting.chain[0] if is_numbered and waiting.chain else waiting.task


def _task_of(things: Iterable[object]) -> asyncio.Task[Any] | None:
    """The first task that one of these wakes: what a timer sets, by what waits for it."""
    looked_at: set[int] = set()
    todo = deque((thing, 0) for thing in things)
    while todo:
        thing, hops = todo.popleft()
        if id(thing) in looked_at or hops > _MOST_HOPS:
            continue
        looked_at.add(id(thing))
        if isinstance(thing, asyncio.Task) and not thing.done():
            return thing
        todo.extend((next_, hops + 1) for next_ in _leads_to(thing))
    return None


def _leads_to(thing: object) -> Iterator[object]:
    if isinstance(thing, asyncio.Future):
        for callback, _ in list(getattr(thing, "_callbacks", None) or ()):
            yield callback
        return
    bound = getattr(thing, "__self__", None)
    if isinstance(bound, asyncio.Future):
        yield bound
    elif isinstance(bound, asyncio.Timeout):
        yield getattr(bound, "_task", None)
    if isinstance(thing, FunctionType):
        for cell in thing.__closure__ or ():
            try:
                yield cell.cell_contents
            except ValueError:  # not bound yet
                continue


def _place_of(callback: object) -> str:
    function = getattr(callback, "__func__", callback)
    code = getattr(function, "__code__", None)
    name = getattr(function, "__qualname__", type(callback).__name__)
    if code is None:
        return str(name)
    return f"{PurePath(code.co_filename).name}:{code.co_firstlineno} in {name}"
