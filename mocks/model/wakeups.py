"""Waiting for the model: calls that end at the same instant share one timer."""

from __future__ import annotations

import asyncio
from collections import deque
from itertools import filterfalse, repeat

from mocks.clock.schedules import event_at


class Wakeups:
    """Futures that are done at an instant of the loop, in the order they were asked for.

    A provider answers hundreds of calls at one instant of a virtual clock; one timer for each
    would spend more bytecodes in asyncio's heap than many an SDK does on the call.
    """

    def __init__(self) -> None:
        self._due: dict[float, list[asyncio.Future[None]]] = {}
        self._timers: dict[float, asyncio.TimerHandle] = {}

    def at(self, when: float, loop: asyncio.AbstractEventLoop) -> asyncio.Future[None]:
        """A future that is done at ``when`` (loop time)."""
        future: asyncio.Future[None] = loop.create_future()
        due = self._due.get(when)
        if due is None:
            self._due[when] = [future]
            self._timers[when] = loop.call_at(when, self._wake, when)
        else:
            due.append(future)
        return future

    def prune(self) -> None:
        """Disarm the timers that nobody waits for any more (their waiters were cancelled)."""
        for when, futures in list(self._due.items()):
            if all(future.cancelled() for future in futures):
                self._timers.pop(when).cancel()
                del self._due[when]

    def _wake(self, when: float) -> None:
        del self._timers[when]
        pending = filterfalse(asyncio.Future.cancelled, self._due.pop(when))
        # The loop over the futures runs in C: see the module's docstring.
        deque(map(asyncio.Future.set_result, pending, repeat(None)), maxlen=0)


class ReversedWakeups(Wakeups):
    """Futures that are done in the order opposite to the one in which they were asked for."""

    def _wake(self, when: float) -> None:
        self._due[when].reverse()
        super()._wake(when)


class ScheduledWakeups(Wakeups):
    """Futures that are done one by one, for a ``mocks.clock.schedules.ScheduledLoop`` to let come
    in any order: answers from outside. Its canonical order is that of ``Wakeups``."""

    def __init__(self) -> None:
        super().__init__()
        self._events: dict[float, list[asyncio.TimerHandle]] = {}

    def at(self, when: float, loop: asyncio.AbstractEventLoop) -> asyncio.Future[None]:
        """A future that is done at ``when`` (loop time)."""
        future: asyncio.Future[None] = loop.create_future()
        due = self._due.setdefault(when, [])
        events = self._events.setdefault(when, [])
        first = events[0] if events else None
        due.append(future)
        events.append(event_at(loop, when, self._answer, when, future, beside=first))
        return future

    def prune(self) -> None:
        """Disarm the timers that nobody waits for any more (their waiters were cancelled)."""
        for when, futures in list(self._due.items()):
            if all(future.cancelled() for future in futures):
                for event in self._events.pop(when):
                    event.cancel()
                del self._due[when]

    def _answer(self, when: float, future: asyncio.Future[None]) -> None:
        due = self._due[when]
        due.remove(future)
        if not due:
            del self._due[when], self._events[when]
        if not future.cancelled():
            future.set_result(None)
