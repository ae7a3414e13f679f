"""The loop on which a schedule chooses the order of what is due at the same instant."""

from __future__ import annotations

import asyncio
import heapq
import math
from collections import deque
from collections.abc import Callable, Hashable
from contextvars import Context
from typing import Any, TypeVarTuple, cast

from mocks.clock.loop import VirtualLoop
from mocks.clock.schedules.choices import ON_TIME, Late
from mocks.clock.schedules.events import Event, own_clock, owner
from mocks.clock.schedules.overtaking import Overtaking, Witness
from mocks.clock.ties import SAME_DIGITS

Ts = TypeVarTuple("Ts")

_Position = tuple[int, float, int]
"""Of an event within its instant: pass of the loop, place in it, number in the canonical order."""


class ScheduledLoop(VirtualLoop):
    """Virtual loop on which events of one instant may come late within it, as ``late`` says.

    Events are timers, and what comes from outside (``call_event``). On a real machine those that
    are due at the same virtual instant come some microseconds apart, so the loop may look for them
    in one pass, or run any number of callbacks between one and the next. That, and nothing else, is
    what a schedule chooses. It cannot choose what a real run cannot show:

    - Callbacks that are ready run in the order in which they became ready, which asyncio promises.
    - No event comes before its instant, nor after a later one.
    - A timer that is due when it is armed comes in the loop's next pass.
    - Of two timers armed at one instant for another, the first armed comes first, since the clock
      that both were armed by does not go back. Nor does a chain of timers make up for being armed
      later: a sleep of 1 s ends before two of 0.5 s that were begun after it.
      Timers of other machines (``own_clock``) keep this among each other only, machine by machine.
      ``any_timers`` lifts this: asyncio calls the order of simultaneous timers undefined, and a
      clock that ticks coarsely (Windows up to Python 3.12: 15.6 ms) does show such orders.
    - Events of one lane (packets of one connection) keep their order.

    Where the schedule lets nothing come late, all is as on a ``VirtualLoop``, but for instants,
    which are rounded to the nanosecond (as on a ``ReversedLoop``).

    Args:
        late: how late the next event comes, by the number of those that are due at the same instant
            after it, and by whose it is (``Trial.late``).
        is_watched: note who overtakes whom, in ``overtakings``.
    """

    def __init__(
        self,
        late: Callable[[int, str], Late],
        *,
        any_timers: bool = False,
        is_watched: bool = False,
        thread_patience: float = 10.0,
    ) -> None:
        super().__init__(thread_patience=thread_patience)
        self._ask = late
        self._any_timers = any_timers
        self._witness = Witness() if is_watched else None
        self._instant = -1.0
        self._pass = 0  # of the instant
        self._taken = 0  # events of the instant
        self._held: list[tuple[_Position, Event]] = []
        # Events of the instant that come late, by lane: order, and where they come.
        self._late: dict[Hashable, list[tuple[int, tuple[int, float]]]] = {}
        # What is armed now comes after these, by lane, as in ``Event.after``.
        self._lineage: dict[Hashable, int] = {}

    @property
    def overtakings(self) -> list[Overtaking]:
        """Who overtook whom so far; empty unless the loop is watched."""
        return [] if self._witness is None else self._witness.overtakings

    def call_at(
        self,
        when: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Arm a timer for the virtual instant `when`. See `asyncio.loop.call_at`."""
        if when is None:
            raise TypeError("when cannot be None")
        event = self._armed(when, callback, args, context)
        other = own_clock.get()
        event.is_timer = other is None
        event.is_prompt = event.when() <= self.time()
        if other is not None:
            event.lane = (other, self.time())
            event.after = {event.lane: event.order}
        elif not self._any_timers:
            event.lane = self.time()
            event.after = {**self._lineage, self.time(): event.order}
        return event

    def call_event(
        self,
        when: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        lane: Hashable | None = None,
        beside: asyncio.TimerHandle | None = None,
    ) -> asyncio.TimerHandle:
        """Arm a timer for what comes from outside. See `event_at`."""
        event = self._armed(when, callback, args, None)
        if lane is not None:
            event.lane = ("lane", lane)
            event.after = {event.lane: event.order}
        if isinstance(beside, Event):
            event.rank = (beside.rank[0], event.order)
        return event

    def cancel_timers(self) -> None:
        """Cancel every armed timer."""
        super().cancel_timers()
        for _, event in self._held:
            event.cancel()

    def has_later_timers(self) -> bool:
        """Whether timers are armed that have not fired."""
        return super().has_later_timers() or any(not event.cancelled() for _, event in self._held)

    def _armed(
        self, when: float, callback: Callable[..., object], args: Any, context: Context | None
    ) -> Event:
        self._check_closed()
        if self._debug:
            self._check_thread()
            self._check_callback(callback, "call_at")
        event = Event(round(float(when), SAME_DIGITS), callback, args, self, context)
        event.order = next(self._orders)
        event.rank = (event.order,)
        event.lane = None
        event.after = {}
        event.is_timer = event.is_prompt = False
        event.late = ON_TIME
        if event._source_traceback:
            del event._source_traceback[-1]
        heapq.heappush(self._scheduled, event)
        event._scheduled = True
        return event

    @property
    def _queue(self) -> deque[asyncio.Handle]:
        return cast("deque[asyncio.Handle]", vars(self)["_ready"])

    def _run_once(self) -> None:
        if self._held and self.time() > self._instant:
            # The program has moved the clock itself (``time.sleep``): all these are overdue.
            self._release(math.inf)
        while self._held and not self._queue:
            # Nothing is left to run before the next one, unless it has been cancelled.
            (first, *_), _ = self._held[0]
            self._pass = max(self._pass, first)
            self._release(self._pass)
        super()._run_once()

    def _process_events(self, event_list: list[Any]) -> None:
        """Called by asyncio between its look for what is due and the callbacks of the pass."""
        super()._process_events(event_list)  # type: ignore[misc]
        if self.time() > self._instant:
            self._instant = self.time()
            self._pass = self._taken = 0
            self._late = {}
            self._lineage = {}
        else:
            self._pass += 1
        self._take_due()
        if self._witness is not None and self._held:
            self._witness.runs(self._queue, [event for _, event in self._held])
        self._release(self._pass)

    def _take_due(self) -> None:
        """Take the events that are due now from asyncio's heap, and place them as the schedule
        says."""
        due: list[Event] = []
        while self._scheduled and self._scheduled[0].when() <= self.time():
            event = cast(Event, heapq.heappop(self._scheduled))
            event._scheduled = False
            if event.cancelled():
                self._timer_cancelled_count -= 1
            else:
                due.append(event)
        # The program may have moved the clock beyond several instants: these keep their order.
        due.sort(key=lambda event: (event.when(), event.rank))
        is_contested = len(due) > 1 or bool(self._held or self._queue)
        for index, event in enumerate(due):
            if is_contested and not event.is_prompt and event.when() == self._instant:
                event.late = self._ask(len(due) - 1 - index, owner(event))
            heapq.heappush(self._held, (self._position(event), event))
            self._taken += 1

    def _position(self, event: Event) -> _Position:
        """Where an event comes within its instant."""
        number = self._taken
        on_time = position = (self._pass, float(number))
        if event.late:
            place = number + event.late.places + (0.5 if event.late.places else 0.0)
            position = (self._pass + event.late.passes, place)
        if self._late and not event.is_prompt:
            for lane, order in event.after.items():
                for other, there in self._late.get(lane, ()):
                    if other <= order:
                        position = max(position, there)
        if position > on_time and event.lane is not None:
            self._late.setdefault(event.lane, []).append((event.order, position))
        return (*position, number)

    def _release(self, until: float) -> None:
        """Make ready what comes in this pass."""
        held, queue = self._held, self._queue
        while held and held[0][0][0] <= until:
            _, event = heapq.heappop(held)
            if event.cancelled():
                continue
            if self._witness is not None:
                self._witness.comes(event, self._instant, [other for _, other in held])
            if event.is_timer:
                for lane, order in event.after.items():
                    if order > self._lineage.get(lane, -1):
                        self._lineage[lane] = order
            queue.append(event)
