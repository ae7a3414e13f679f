"""What is on its way, and the timers that bring it."""

import asyncio
import contextvars
import functools
import heapq
import itertools
import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from mocks.clock.schedules import actor


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
        # Called when there is something new, by who waits for the next arrival without the loop.
        self.hurry: Callable[[], object] | None = None

    def at(
        self, when: float, call: Callable[..., object], *args: Any, lane: Hashable | None = None
    ) -> None:
        """Have `call(*args)` called at `when`, in seconds of the loop's clock, and not before what
        was asked for on the same `lane`."""
        heapq.heappush(self._due, (when, next(self._numbers), call, args))
        self.arm()
        self._say_so()

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
        self._timer = self._loop.call_at(when, self._fire, when, context=self._context)
        return True

    def clear(self) -> None:
        """Forget what is on its way."""
        self._due.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def next_at(self) -> float:
        """When the next one is due; infinity if there is none."""
        return self._due[0][0] if self._due else math.inf

    def bring(self, when: float) -> None:
        """Make the calls that are due at `when`."""
        due = self._due
        while due and due[0][0] <= when:
            _, _, call, args = heapq.heappop(due)
            call(*args)

    def _say_so(self) -> None:
        if self.hurry is not None:
            self.hurry()

    def _fire(self, when: float) -> None:
        # Not what is due by the clock: a loop may round the instants of its timers.
        self._timer = None
        self.bring(when)
        self.arm()


class SeparateArrivals(Arrivals):
    """`Arrivals` on a loop that chooses the order of what comes from outside at one instant.

    Each has an event of its own there (`call_event`), so those of different lanes may come in any
    order, and between other things that are due. It is the event of who sent it.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._arm_event: Callable[..., asyncio.TimerHandle] = getattr(loop, "call_event")  # noqa: B009
        self._events: dict[int, _Separate] = {}

    def at(
        self, when: float, call: Callable[..., object], *args: Any, lane: Hashable | None = None
    ) -> None:
        """See `Arrivals.at`."""
        number = next(self._numbers)
        context = self._context.copy()
        context.run(actor.set, actor.get())
        event = self._events[number] = _Separate(when, number, call, args, lane, context)
        self._arm_one(event)
        self._say_so()

    def arm(self) -> bool:
        """See `Arrivals.arm`. Who cancels one has cancelled all of them."""
        first = next(iter(self._events.values()), None)
        if first is None or first.timer is None or not first.timer.cancelled():
            return False
        for event in self._events.values():
            self._arm_one(event)
        return True

    def clear(self) -> None:
        """See `Arrivals.clear`."""
        for event in self._events.values():
            if event.timer is not None:
                event.timer.cancel()
        self._events.clear()

    def next_at(self) -> float:
        """See `Arrivals.next_at`."""
        return min((event.when for event in self._events.values()), default=math.inf)

    def bring(self, when: float) -> None:
        """See `Arrivals.bring`."""
        while self._events:
            event = min(self._events.values(), key=lambda each: (each.when, each.number))
            if event.when > when:
                break
            if event.timer is not None:
                event.timer.cancel()
            self._bring_one(event)

    def _arm_one(self, event: "_Separate") -> None:
        arm = functools.partial(self._arm_event, lane=event.lane)
        # The event is armed, and so comes, in that context.
        event.timer = event.context.run(arm, event.when, self._bring_one, event)

    def _bring_one(self, event: "_Separate") -> None:
        del self._events[event.number]
        event.call(*event.args)


@dataclass(slots=True)
class _Separate:
    when: float
    number: int
    call: Callable[..., object]
    args: tuple[Any, ...]
    lane: Hashable | None
    context: contextvars.Context
    timer: asyncio.TimerHandle | None = None


def arrivals_on(loop: asyncio.AbstractEventLoop) -> Arrivals:
    """Those that suit `loop`."""
    return SeparateArrivals(loop) if hasattr(loop, "call_event") else Arrivals(loop)
