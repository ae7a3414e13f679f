"""The chain of waits that a block's time on an event loop is made of.

Kind: exact, on a virtual clock. Unit: the loop's seconds.
Cost: about 200 bytes for each callback that ran; part of ``meters.attribution``.
Each callback of a loop remembers the one that scheduled it. Back from the last callback, through
timers, locks, queues and events, that is the critical path: whoever waited for a timer that ended
there, where its code awaited, and since when.
Where that was somebody who gave a lock free, the path goes on through who held it, and says of the
waits meanwhile that somebody on the path waited for the lock (``meters.locks``).
Where a loop is run until something is complete, and then until something else is, the path of each
is followed back from its end, and no further than to the end of the one before: what polls
meanwhile is on none.
Blind spots: of several loops that ran one after the other, the path of the last one; time that
passes outside of the loop (threads, sockets) is put down to where the wait began; what comes over
the network, and was not sent at the same instant by one of ``asyncio``'s transports, is put down to
what ran last before it.
"""

from __future__ import annotations

import math
from asyncio import Handle, Task, TimerHandle, base_events
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import FrameType
from typing import Any, Generic, TypeVar

from meters.locks import GIVES, LockHold, LockHolds, lock_of
from meters.transports import ConnectionEnd, near_end, read_from
from meters.waits import Frames

P = TypeVar("P")

_IS_COMPLETE = base_events._run_until_complete_cb  # type: ignore[attr-defined]
"""The callback that ends a run of a loop."""


def frames_of(awaitable: object) -> Iterator[FrameType]:
    """Those of a suspended coroutine and of what it awaits, outermost first; up to the first
    asynchronous generator."""
    while awaitable is not None:
        frame = _first(awaitable, "cr_frame", "gi_frame", "ag_frame")
        if isinstance(frame, FrameType):
            yield frame
        awaitable = _first(awaitable, "cr_await", "gi_yieldfrom", "ag_await")


@dataclass(frozen=True, slots=True)
class Wait(Generic[P]):
    """From ``start`` to ``end`` something waited at ``place``, None if that is not known. ``hold``:
    of a lock, until whose end something later on the path waited; None if there was none."""

    place: P | None
    start: float
    end: float
    hold: LockHold[P] | None = None


@dataclass(slots=True)
class _Step(Generic[P]):
    """One callback. ``made``: when it was scheduled, by the step ``maker`` at ``maker_place``;
    ``ran``: when it ran; ``before``: of a task, its step before; ``waited_at``: where the task was
    between the two, and for which ``lock``, 0 for none; ``gave``: what ended with it, by the lock
    that it gave free."""

    maker: _Step[P] | None
    maker_place: P | None
    made: float
    is_timer: bool
    ran: float = 0.0
    before: _Step[P] | None = None
    waited_at: P | None = None
    lock: int = 0
    gave: dict[int, LockHold[P]] | None = None

    def waited_for(self) -> LockHold[P] | None:
        """The hold of a lock that ended for its sake, since it was waited for."""
        gave = None if self.maker is None else self.maker.gave
        hold = None if gave is None else gave.get(self.lock)
        if hold is None or self.before is None:
            return None
        return replace(hold, since=max(hold.since, self.before.ran))


class Steps(Generic[P]):
    """The callbacks of a block. ``place_of``: the place of a frame that waits, None if it is of no
    interest; ``frames``: of a suspended coroutine."""

    def __init__(
        self, place_of: Callable[[FrameType], P | None], frames: Frames = frames_of
    ) -> None:
        self._place_of = place_of
        self._frames = frames
        self._current: _Step[P] | None = None
        # By address: a new handle or task there replaces what is said of the old one, and none is
        # kept alive.
        self._scheduled: dict[int, _Step[P]] = {}
        self._of_task: dict[int, _Step[P]] = {}
        self._ends: list[_Step[P]] = []
        self._task = 0
        self._sent: dict[ConnectionEnd, _Step[P]] = {}
        self._holds: LockHolds[P] = LockHolds()

    def made(self, handle: Handle, loop: Any, place: P | None) -> None:
        """A handle is being made, by code at ``place``."""
        is_timer = isinstance(handle, TimerHandle)
        self._scheduled[id(handle)] = _Step(self._current, place, loop.time(), is_timer)

    def ran(self, handle: Handle) -> None:
        """A handle begins to run."""
        known: Any = handle
        step = self._scheduled.pop(id(handle), None)
        now = known._loop.time()
        sender = self._sent.get(read_from(known._callback))
        if sender is not None and sender.ran == now:
            step = _Step(sender, None, now, False)
        elif step is None or (step.made != now and not step.is_timer):
            # One that a socket keeps: whatever ran last has brought what is read there.
            step = _Step(self._current, None, now, False)
        step.ran = now
        self._current = step
        if known._callback is _IS_COMPLETE:
            self._ends.append(step)
        task = getattr(known._callback, "__self__", None)
        self._task = id(task)
        if isinstance(task, Task):
            self._resume(task, step)

    def sends(self, transport: object) -> None:
        """Something is sent, or a connection is closed."""
        if self._current is not None and (end := near_end(transport)):
            self._sent[end] = self._current

    def heard(self, code: int, lock: int, place: P | None) -> None:
        """Code called at ``place`` makes a lock, asks for it or gives it free: by their ids."""
        step = self._current
        if step is None:
            return
        if code not in GIVES:
            self._holds.heard(code, lock, self._task, place, step.ran)
        elif (ended := self._holds.given(lock, self._task)) is not None:
            step.gave = {**(step.gave or {}), lock: ended}

    def path(self) -> list[Wait[P]]:
        """The waits of the critical path, the first one first; each begins when the one before it
        ended."""
        found: list[Wait[P]] = []
        since = -math.inf
        for end in self._ends or self._last:
            found += reversed(list(_until(since, self._back(end))))
            since = end.ran
        return found

    @property
    def _last(self) -> Sequence[_Step[P]]:
        return [] if self._current is None else [self._current]

    def _resume(self, task: Task[Any], step: _Step[P]) -> None:
        coroutine: Any = task.get_coro()
        if getattr(coroutine, "cr_suspended", False):
            step.before = self._of_task.get(id(task))
            frames = list(self._frames(coroutine))
            step.waited_at = self._innermost(frames)
            step.lock = lock_of(frames[-1]) if frames else 0
            self._holds.goes_on(step.lock, id(task), step.ran)
        self._of_task[id(task)] = step

    def _innermost(self, frames: Sequence[FrameType]) -> P | None:
        """Where a suspended coroutine waits: in the innermost frame that is of interest."""
        places = (self._place_of(frame) for frame in reversed(frames))
        return next((place for place in places if place is not None), None)

    def _back(self, end: _Step[P]) -> Iterator[Wait[P]]:
        step: _Step[P] | None = end
        waiting: _Step[P] | None = None
        asking: _Step[P] | None = None
        holds: list[LockHold[P]] = []
        while step is not None:
            if step.before is not None:
                waiting = step
                asking = asking if step.waited_at is None else step
                holds += filter(None, [step.waited_for()])
            if not step.is_timer or step.made == step.ran:
                step = step.maker
                continue
            since = waiting.before.ran if waiting is not None and waiting.before else step.made
            if waiting is not None and step.made <= since < step.ran:
                place = waiting.waited_at or _asked_at(asking, since)
                yield Wait(place, since, step.ran, _hold_at(holds, step.ran))
                step, waiting = waiting.before, None
            else:
                place = step.maker_place or _asked_at(asking, step.made)
                yield Wait(place, step.made, step.ran, _hold_at(holds, step.ran))
                step, waiting = step.maker, None


def _until(since: float, waits: Iterable[Wait[P]]) -> Iterator[Wait[P]]:
    """Those of a way back that end after an instant, the first of them begun no earlier."""
    for wait in waits:
        if wait.end <= since:
            return
        yield replace(wait, start=max(wait.start, since))


def _hold_at(holds: list[LockHold[P]], end: float) -> LockHold[P] | None:
    """The last of these that had begun before an instant; on the way back the others are over."""
    while holds and holds[-1].since >= end:
        holds.pop()
    return holds[-1] if holds else None


def _asked_at(asking: _Step[P] | None, since: float) -> P | None:
    """Where a task waited all the while for what waited elsewhere, such as its server: of several
    waits, as for the parts of an answer, in that which had begun."""
    while asking is not None and asking.before is not None:
        if asking.before.ran <= since:
            return asking.waited_at
        asking = asking.before
    return None


def _first(thing: Any, *names: str) -> Any:
    return next(
        (found for name in names if (found := getattr(thing, name, None)) is not None), None
    )
