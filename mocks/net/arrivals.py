"""What is on its way, and the timers that bring it."""

import asyncio
import contextvars
import functools
import heapq
import itertools
from collections.abc import Callable, Hashable
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

    def at(
        self, when: float, call: Callable[..., object], *args: Any, lane: Hashable | None = None
    ) -> None:
        """Have `call(*args)` called at `when`, in seconds of the loop's clock, and not before what
        was asked for on the same `lane`."""
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


class SeparateArrivals(Arrivals):
    """`Arrivals` on a loop that chooses the order of what comes from outside at one instant.

    Each has an event of its own there (`call_event`), so those of different lanes may come in any
    order, and between other things that are due.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._arm_event: Callable[..., asyncio.TimerHandle] = getattr(loop, "call_event")  # noqa: B009
        self._events: dict[int, tuple[asyncio.TimerHandle, Callable[[], asyncio.TimerHandle]]] = {}

    def at(
        self, when: float, call: Callable[..., object], *args: Any, lane: Hashable | None = None
    ) -> None:
        """See `Arrivals.at`."""
        number = next(self._numbers)

        def arm() -> asyncio.TimerHandle:
            arm_event = functools.partial(self._arm_event, lane=lane)
            # The event is armed, and so comes, in that context.
            return self._context.run(arm_event, when, self._bring_one, number, call, args)

        self._events[number] = arm(), arm

    def arm(self) -> bool:
        """See `Arrivals.arm`. Who cancels one has cancelled all of them."""
        first = next(iter(self._events.values()), None)
        if first is None or not first[0].cancelled():
            return False
        self._events = {number: (arm(), arm) for number, (_, arm) in self._events.items()}
        return True

    def clear(self) -> None:
        """See `Arrivals.clear`."""
        for event, _ in self._events.values():
            event.cancel()
        self._events.clear()

    def _bring_one(self, number: int, call: Callable[..., object], args: tuple[Any, ...]) -> None:
        del self._events[number]
        call(*args)


def arrivals_on(loop: asyncio.AbstractEventLoop) -> Arrivals:
    """Those that suit `loop`."""
    return SeparateArrivals(loop) if hasattr(loop, "call_event") else Arrivals(loop)
