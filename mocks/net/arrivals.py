"""What is on its way, and the timer that brings it."""

import asyncio
import contextvars
import heapq
import itertools
from collections.abc import Callable
from typing import Any


class Arrivals:
    """Calls at later instants of a loop, in order of their instants, then as they were asked for.

    One timer of the loop stands for all of them, so no order of timers due at the same instant
    changes that in which packets of one connection arrive. It runs in the context in which this
    was made, since what is on its way belongs to no task.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._context = contextvars.copy_context()
        self._numbers = itertools.count()
        self._due: list[tuple[float, int, Callable[..., object], tuple[Any, ...]]] = []
        self._timer: asyncio.TimerHandle | None = None

    def at(self, when: float, call: Callable[..., object], *args: Any) -> None:
        """Have `call(*args)` called at `when`, in seconds of the loop's clock."""
        heapq.heappush(self._due, (when, next(self._numbers), call, args))
        self.arm()

    def arm(self) -> bool:
        """See to it that the timer is there, which a run of the clock that ends may have
        cancelled. Gives whether it was missing."""
        if not self._due:
            return False
        when = self._due[0][0]
        timer = self._timer
        if timer is not None and not timer.cancelled():
            if timer.when() <= when:
                return False
            timer.cancel()
        self._timer = self._loop.call_at(when, self._bring, when, context=self._context)
        return True

    def clear(self) -> None:
        """Forget what is on its way."""
        self._due.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _bring(self, when: float) -> None:
        # Not what is due by the clock: a loop may round the instants of its timers.
        self._timer = None
        due = self._due
        while due and due[0][0] <= when:
            _, _, call, args = heapq.heappop(due)
            call(*args)
        self.arm()
