"""The asyncio loop whose time is virtual."""

import asyncio
import heapq
import itertools
import math
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import Context
from typing import Any, TypeVar, TypeVarTuple

from mocks.clock.base import SelectorLoop
from mocks.clock.hang import Waiting
from mocks.clock.selector import JumpingSelector
from mocks.clock.threads import who_may_wake
from mocks.clock.timer import Timer

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_GENERATORS = 5_000
"""CPython gives a set of so many members a table that has room for three times as many."""


class VirtualLoop(SelectorLoop):
    """Selector event loop on a virtual clock that starts at 0.0 seconds.

    The clock stands still while callbacks run, and jumps to the next timer, exactly, when
    nothing is runnable and no outside work is pending. Outside work is: calls given to
    `run_in_executor` (`asyncio.to_thread`, `getaddrinfo`) that their executor has not finished,
    even if nobody awaits them any more; file descriptors registered with the loop; and live
    child processes started through asyncio. While there is some, the loop waits for real, at
    most for the real duration of the gap to the next timer. If it is woken before, the clock
    has not moved. So that outside work which wakes the loop again and again cannot hold a
    timer off for ever, the timer is due at the latest after the gap plus `thread_patience`
    seconds of real time.

    When nothing is runnable, no timer is armed and no outside work is pending, the program can
    never go on: the running `run_until_complete` or `run_forever` raises `Hang`. Threads that
    were started since the first run of the loop, and thread pools at work, could still call
    `call_soon_threadsafe`; they get `thread_patience` real seconds to end or to wake the loop.
    A timer armed for infinity is no timer.

    Timers due at the same instant fire in the order in which they were armed (`ReversedLoop`: the
    other way round).

    Outside work the loop does not see: threads started by hand (those of `anyio.to_thread` too)
    and pools used without `run_in_executor` delay the proof of a hang, but not a jump; signals
    delay neither.

    Args:
        thread_patience: real seconds, see above.
    """

    def __init__(self, *, thread_patience: float = 10.0) -> None:
        self.thread_patience = thread_patience
        self.horizon = math.inf
        self.threads_before: weakref.WeakSet[threading.Thread] | None = None
        self._now = 0.0
        self._orders = itertools.count()
        self._calls: set[Future[Any]] = set()
        self._children: set[asyncio.SubprocessTransport] = set()
        super().__init__(JumpingSelector(self))
        self._make_room_in_ready_queue()
        self._make_room_for_generators()
        self._clock_resolution = math.ulp(0.0)

    def _make_room_in_ready_queue(self) -> None:
        # A deque takes a new block whenever its content has moved on by 64 callbacks, and keeps a
        # few for later. It gets them now, and not in the middle of a measurement of memory.
        ready: deque[None] = vars(self)["_ready"]
        ready.extend([None] * 64 * 16)
        ready.clear()

    def _make_room_for_generators(self) -> None:
        # asyncio keeps asynchronous generators in a weak set, whose table grows at a moment that
        # depends on the addresses of those long dead. Discarded one by one, it keeps its table.
        generators: Any = vars(self)["_asyncgens"]
        generators.data.update(range(_GENERATORS))
        for filler in range(_GENERATORS):
            generators.data.discard(filler)

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._now

    def move_to(self, when: float) -> None:
        """Set the clock to `when` virtual seconds. Callbacks are not run."""
        self._now = now = float(when)
        # asyncio runs the timers before time() + resolution: with one unit in the last place
        # that is the timers at or before now. Zero would never run the timer at now.
        self._clock_resolution = math.ulp(now)

    def next_timer(self) -> float:
        """Instant of the next timer, infinity if there is none before the horizon.

        Right only between callbacks, when asyncio has removed cancelled timers from the head.
        """
        if self._scheduled:
            when = self._scheduled[0].when()
            if when < self.horizon:
                return when
        return math.inf

    def has_later_timers(self) -> bool:
        """Whether timers are armed that the horizon keeps from firing."""
        return any(not timer.cancelled() and timer.when() < math.inf for timer in self._scheduled)

    def has_outside_work(self) -> bool:
        """Whether executors or child processes still work for this loop."""
        if self._children:
            self._children = {child for child in self._children if child.get_returncode() is None}
        return bool(self._calls or self._children)

    def note_threads(self) -> None:
        """Take the threads alive now for ones that will not wake the loop."""
        self.threads_before = weakref.WeakSet(threading.enumerate())

    @contextmanager
    def limited_to(self, seconds: float) -> Iterator[None]:
        """For a while, treat timers `seconds` or more from now as ones that never fire."""
        self.horizon = self._now + seconds
        try:
            yield
        finally:
            self.horizon = math.inf

    run_tasks = staticmethod(asyncio.all_tasks)
    """The tasks that end with a run: all tasks of the loop it is given, but on a `LastingClock`."""

    def background_waits(self) -> list[Waiting]:
        """Where each task waits that outlives a run, by name: none, but on a `LastingClock`."""
        return []

    def wakers(self) -> list[str]:
        """Names of what could wake it from outside; none is the proof that nothing can."""
        return who_may_wake(self.threads_before or ())

    def cancel_timers(self) -> None:
        """Cancel every armed timer."""
        for timer in list(self._scheduled):
            timer.cancel()

    def run_forever(self) -> None:
        """Run until `stop` is called. Raises `Hang` if nothing can ever happen again."""
        if self.threads_before is None:
            self.note_threads()
        super().run_forever()

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
        self._check_closed()
        if self._debug:
            self._check_thread()
            self._check_callback(callback, "call_at")
        timer = Timer(when, callback, args, self, context)
        timer.order = next(self._orders)
        if timer._source_traceback:
            del timer._source_traceback[-1]
        heapq.heappush(self._scheduled, timer)
        timer._scheduled = True
        return timer

    def run_in_executor(
        self,
        executor: Executor | None,
        func: Callable[[*Ts], T],
        *args: *Ts,
    ) -> asyncio.Future[T]:
        """Call `func(*args)` in an executor. See `asyncio.loop.run_in_executor`."""
        self._check_closed()
        if self._debug:
            self._check_callback(func, "run_in_executor")
        if executor is None:
            self._check_default_executor()
            if self._default_executor is None:
                self._default_executor = ThreadPoolExecutor(thread_name_prefix="asyncio")
            executor = self._default_executor
        # The concurrent future is followed, not the asyncio one: cancelling the latter does not
        # stop the thread. Its callbacks run in order, so the result is on its way to the loop
        # before the call stops to count as outside work.
        call = executor.submit(func, *args)
        future = asyncio.wrap_future(call, loop=self)
        self._calls.add(call)
        call.add_done_callback(self._call_done)
        return future

    def _call_done(self, call: Future[Any]) -> None:
        self._calls.discard(call)
        # The loop may have gone back to waiting between the delivery of the result and here.
        self._write_to_self()

    async def shutdown_default_executor(self, *args: Any, **kwargs: Any) -> None:
        """Join the threads of the default executor. See the method of the same name in asyncio."""
        joining: Future[None] = Future()
        # From 3.12 on asyncio arms a timer here, which must not be jumped to while threads end.
        self._calls.add(joining)
        try:
            await super().shutdown_default_executor(*args, **kwargs)
        finally:
            self._calls.discard(joining)

    async def _make_subprocess_transport(
        self, *args: Any, **kwargs: Any
    ) -> asyncio.SubprocessTransport:
        transport = await super()._make_subprocess_transport(*args, **kwargs)
        # In 3.11 the exit is awaited in a thread that has no descriptor in the selector.
        self._children.add(transport)
        return transport
