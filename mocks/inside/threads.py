"""Threads as coroutines of a virtual clock: one runs at a time, from one wait to the next."""

import ctypes
import functools
import heapq
import itertools
import math
import sys
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import thread as pools
from contextvars import Context
from threading import get_ident
from typing import Any

from mocks.clock import real
from mocks.clock.background import Owner, context_for
from mocks.clock.hang import Hang, Waiting
from mocks.clock.loop import VirtualLoop
from mocks.clock.schedules import event_at
from mocks.clock.spin import RunningThread, Spin
from mocks.inside.blocked import Watched
from mocks.inside.executors import dismiss, renew
from mocks.inside.thread import InsideThread, Pause, ThreadEnded, place_of, real_lock

# Real seconds between two looks at whether a thread that has the turn waits for the world.
_LOOK = 0.02
# Ends of threads that begin others, or do not end at their first wait, take several rounds.
_ROUNDS = 8


class _Absence:
    """How a thread is seen to do that escaped."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._still_since = real.monotonic()

    def may_come_back(self, patience: float) -> bool:
        """Whether it is at work, or has not stood still for `patience` real seconds."""
        now = real.monotonic()
        if self._watched.is_at_work():
            self._still_since = now
        return now - self._still_since < patience


class Threads:
    """Runs threads one at a time on a virtual loop, which sees each of their turns as a callback.

    A thread that is started from the loop's thread, or from one that is inside, is a real thread,
    but it runs only when it has the turn. It gives the turn back where it would wait (for a lock,
    a condition, a queue, another thread, `time.sleep`), and gets it again at the virtual instant at
    which its wait is over, in the order in which waits ended. So all is exact that happens between
    threads and loop, and a wait that can never end is a hang.

    The loop's own thread may wait as well, as a program may that blocks its loop: the others then
    have their turns, and the clock moves, but no callback of the loop runs.

    A thread that waits for something else (a socket, a process, a lock made by C code) while it has
    the turn *escapes*: the loop goes on without it, does not jump while it is seen to work, for at
    most `thread_patience` seconds of standing still, and takes it back at its next wait.
    """

    def __init__(
        self, loop: VirtualLoop, *, escaped: Callable[[InsideThread, str], object]
    ) -> None:
        self.loop = loop
        self.owner = get_ident()
        self._escaped = escaped
        self._inside: dict[int, InsideThread] = {}
        self._of_thread: weakref.WeakKeyDictionary[threading.Thread, InsideThread] = (
            weakref.WeakKeyDictionary()
        )
        self._ready: dict[InsideThread, None] = {}  # in the order of their turns
        self._timers: list[tuple[float, int, Pause]] = []
        self._most_timers = 64  # those that are over are thrown away when there are more
        self._orders = itertools.count()
        self._turn_over = real_lock()
        self._turn_over.acquire()
        self._border = real_lock()  # held while a thread escapes or comes back
        self._away: dict[InsideThread, _Absence] = {}
        self._meters: tuple[Any, Any] = (None, None)
        self.running: InsideThread | None = None
        self.turns = 0
        # Its timers must outlive runs, as threads do.
        self._context: Context = context_for(Owner("threads"))

    # -- who is asking

    def current(self) -> InsideThread | None:
        """The thread that asks, if it is inside and not the loop's."""
        return self._inside.get(get_ident())

    def is_inside(self) -> bool:
        """Whether the thread that asks is the loop's, or has been brought inside."""
        ident = get_ident()
        return ident == self.owner or ident in self._inside

    def of(self, thread: threading.Thread) -> InsideThread | None:
        """`thread` as it is inside; None if it is not."""
        return self._of_thread.get(thread)

    def waits(self) -> list[Waiting]:
        """Where each thread waits that is neither idle nor on its way, by name."""
        frames = sys._current_frames()
        found = [each.waiting(frames) for each in self._inside.values() if not each.is_idle()]
        return sorted(found, key=lambda each: (len(each.task), each.task))

    def all_inside(self) -> frozenset[threading.Thread]:
        """The threads that are inside and have not escaped."""
        inside = list(self._inside.values())
        return frozenset(each.thread for each in inside if each not in self._away)

    # -- waiting

    def sleep(self, seconds: float) -> None:
        """Let `seconds` of virtual time pass for the thread that asks."""
        self.wait(Pause(), seconds)

    def wait(self, pause: Pause, timeout: float | None = None) -> bool:
        """Wait until `pause` is over: whether it was ended by `end`, and not by the time-out.

        `timeout` is in virtual seconds. In the loop's thread raises `Hang` if that can never be.
        """
        me = self.current()
        if timeout is not None:
            self._arm(pause, self.loop.time() + max(timeout, 0.0))
        if me is None:
            self._wait_in_loop(pause)
        else:
            pause.thread = me
            if pause.is_over:
                self._make_ready(me)
            self._give_back(me)
            if me.is_doomed:
                raise ThreadEnded
        return not pause.timed_out

    def end(self, pause: Pause) -> None:
        """End the wait of another thread. Nothing happens if it is over."""
        if pause.is_over:
            return
        pause.is_over = True
        if pause.timer is not None:
            pause.timer.cancel()
        if pause.thread is not None:
            self._make_ready(pause.thread)

    def later(self, callback: Callable[[], object]) -> None:
        """Have the loop call `callback`, at this instant."""
        if not self.loop.is_closed():
            self._call_in_loop(callback)

    def _call_in_loop(self, callback: Callable[[], object]) -> None:
        by_turn = get_ident() == self.owner or (self.running is not None and self.is_inside())
        if by_turn and not self.loop.get_debug():
            self.loop.call_soon(callback, context=self._context)
        else:
            VirtualLoop.call_soon_threadsafe(self.loop, callback, context=self._context)

    def _make_ready(self, thread: InsideThread) -> None:
        self._ready[thread] = None
        turn = functools.partial(self._turn, thread)
        if hasattr(self.loop, "call_event"):
            # A loop that chooses the order of what comes at one instant chooses theirs too.
            self._context.copy().run(event_at, self.loop, self.loop.time(), turn, lane=thread)
            self.later(_nothing)
        else:
            self.later(turn)

    def _arm(self, pause: Pause, when: float) -> None:
        if len(self._timers) > self._most_timers:
            self._timers = [each for each in self._timers if not each[2].is_over]
            heapq.heapify(self._timers)
            self._most_timers = 64 + 2 * len(self._timers)
        heapq.heappush(self._timers, (when, next(self._orders), pause))
        # The loop may be in debug mode, in which only its own thread may arm a timer.
        debug, self.loop._debug = self.loop._debug, False
        pause.timer = self.loop.call_at(when, self._time_out, pause, context=self._context)
        self.loop._debug = debug

    def _time_out(self, pause: Pause) -> None:
        if not pause.is_over:
            pause.timed_out = True
            self.end(pause)

    def _wait_in_loop(self, pause: Pause) -> None:
        """Let the others run until `pause` is over, as in a program that blocks its loop."""
        while not pause.is_over:
            if self._ready:
                self._turn(next(iter(self._ready)))
            elif (timer := self._next_timer()) is not None:
                when, _, due = timer
                if when > self.loop.time():
                    self.loop.move_to(when)
                self._time_out(due)
            elif self.works_outside():
                self._turn_over_within(_LOOK)
            else:
                raise Hang(self.loop.time(), (), (), (), tuple(self.waits()))

    def _next_timer(self) -> tuple[float, int, Pause] | None:
        while self._timers and self._timers[0][2].is_over:
            heapq.heappop(self._timers)
        if not self._timers or self._timers[0][0] == math.inf:
            return None
        return heapq.heappop(self._timers)

    # -- turns

    def _turn(self, thread: InsideThread) -> None:
        if thread in self._ready:
            del self._ready[thread]
            self._run(thread)

    def _run(self, thread: InsideThread) -> None:
        """Give `thread` the turn, until it waits, ends or escapes. In the loop's thread."""
        self._meters = (sys.gettrace(), sys.getprofile())
        self.running = thread
        self.turns += 1
        thread.gate.release()
        try:
            self._wait_for_turn(thread)
        except BaseException:
            self._let_go(thread)
            raise
        finally:
            self.running = None
        if thread.has_ended:
            thread.join()

    def _wait_for_turn(self, thread: InsideThread) -> None:
        if self._turn_over_within(_LOOK):
            return
        # How often is looked is a matter of real time, and nobody's cost.
        trace, profile = self._meters
        sys.setprofile(None)
        sys.settrace(None)
        try:
            self._look_after(thread)
        finally:
            _meter(trace, profile)

    def _look_after(self, thread: InsideThread) -> None:
        """Wait until the turn of `thread` is over, or let it go if it waits for the world."""
        watched = Watched(thread.ident, thread.native_id)
        while thread.in_database or watched.is_at_work():
            if self._turn_over_within(_LOOK):
                return
        if self._let_go(thread):
            self._escaped(thread, place_of(sys._current_frames().get(thread.ident)))

    def _turn_over_within(self, seconds: float) -> bool:
        return self._turn_over.acquire(timeout=seconds)

    def _let_go(self, thread: InsideThread) -> bool:
        """Let `thread` go on by itself; False if it has given its turn back just now."""
        with self._border:
            if self._turn_over.acquire(blocking=False):
                return False
            thread.is_away = True
            self._away[thread] = _Absence(Watched(thread.ident, thread.native_id))
            return True

    def _give_back(self, me: InsideThread, *, for_good: bool = False) -> None:
        """Give the turn back and, unless `for_good`, wait for the next."""
        with self._border:
            if me.is_away:
                me.is_away = False
                self._away.pop(me, None)
                self.loop._write_to_self()
            else:
                self._turn_over.release()
        if for_good:
            return
        me.gate.acquire()
        _meter(*self._meters)

    def _leave(self, me: InsideThread) -> None:
        """Let the thread that asks go on by itself, and no longer be inside."""
        del self._inside[get_ident()]
        self._of_thread.pop(me.thread, None)
        self._give_back(me, for_good=True)

    def works_outside(self) -> bool:
        """Whether a thread that escaped is at work, as far as that can be seen."""
        patience = self.loop.thread_patience
        return any(each.may_come_back(patience) for each in list(self._away.values()))

    def running_thread(self) -> RunningThread | None:
        """The thread that has the turn, for who watches the loop's."""
        running = self.running
        frame = None if running is None else sys._current_frames().get(running.ident)
        if running is None or frame is None:
            return None
        return RunningThread(frame, functools.partial(_raise_in, running.ident, Spin))

    # -- beginning and ending

    def start(
        self, begin: Callable[..., Any], thread: threading.Thread, *args: Any, **kwargs: Any
    ) -> Any:
        """Start a thread inside, with the interpreter's own function `begin`."""
        inside = InsideThread(thread)
        self._of_thread[thread] = inside
        vars(thread)["run"] = functools.partial(self._body, inside, thread.run)
        started = begin(*args, **kwargs)
        inside.arrived.acquire()
        self._make_ready(inside)
        return started

    def _body(self, me: InsideThread, run: Callable[[], None]) -> None:
        del vars(me.thread)["run"]
        self._inside[get_ident()] = me
        me.arrive()
        me.gate.acquire()
        try:
            if not me.is_doomed:
                run()
        except ThreadEnded:
            if not me.is_doomed:
                raise
        finally:
            if get_ident() in self._inside:
                me.has_ended = True
                for pause in me.joiners:
                    self.end(pause)
                self._leave(me)

    def join(self, thread: InsideThread, timeout: float | None = None) -> None:
        """Wait until `thread` has ended."""
        if thread.has_ended:
            return
        pause = Pause()
        thread.joiners.append(pause)
        self.wait(pause, timeout)

    def end_all(self) -> list[str]:
        """End the threads that wait inside; names of those that have escaped, and stay.

        Workers of executors end too. Their executors start others when they are used again.
        """
        for _ in range(_ROUNDS):
            self._end_idle_workers()
            for thread in self._waiting():
                if not _is_idle_worker(thread):
                    thread.is_doomed = True
                    self._ready.clear()
                    self._run(thread)
        self._ready.clear()
        return sorted(each.thread.name for each in self._inside.values())

    def _end_idle_workers(self) -> None:
        workers = [each.thread for each in self._waiting() if _is_idle_worker(each)]
        executors = dismiss(workers)
        while self._ready:
            self._turn(next(iter(self._ready)))
        renew(executors)

    def _waiting(self) -> list[InsideThread]:
        waiting = [each for each in self._inside.values() if each not in self._away]
        return sorted(waiting, key=lambda each: each.number)


def _is_idle_worker(thread: InsideThread) -> bool:
    return thread.is_idle() and thread.thread in pools._threads_queues


def _raise_in(ident: int, error: type[BaseException]) -> None:
    """Raise `error` in another thread, as soon as it executes Python code."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(error))


def _meter(trace: Any, profile: Any) -> None:
    """Let the meters of the loop's thread see what this thread does.

    They are not taken away again at their end: one that is over counts nothing. CPython 3.12
    crashes when a second thread is traced by its opcodes, so there tracers do not see threads.
    """
    if trace is not None and sys.gettrace() is not trace and sys.version_info[:2] != (3, 12):
        sys.settrace(trace)
    if profile is not None and sys.getprofile() is not profile:
        sys.setprofile(profile)


def _nothing() -> None:
    """Called by a loop that was woken from outside to look at its timers."""
