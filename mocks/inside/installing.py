"""Putting the threads of a process inside: what is replaced for it, and where."""

import _thread
import asyncio
import functools
import math
import os
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import _base as futures
from concurrent.futures import thread as pools
from contextvars import Context
from typing import Any

from mocks.clock import real, shims
from mocks.clock.loop import VirtualLoop
from mocks.clock.threads import who_may_wake
from mocks.inside import primitives
from mocks.inside.primitives import Lock, WorkQueue
from mocks.inside.replacing import Replacements
from mocks.inside.thread import InsideThread
from mocks.inside.threads import Threads

_real_get = queue.Queue.get
_real_join = threading.Thread.join
_real_submit = ThreadPoolExecutor.submit
_RealSimpleQueue = queue.SimpleQueue

# `threading` calls one of these to start a thread, by its name there.
_STARTERS = ("_start_new_thread", "_start_joinable_thread")


def install(
    threads: Threads,
    put: Replacements,
    *,
    cpus: int,
    took_work: Callable[[InsideThread], None],
    woken_from_outside: Callable[[], object],
    started_outside: Callable[[str], object],
) -> None:
    """Bring the threads that are started from now on inside, until `put` is undone.

    Args:
        cpus: how many the process is told that there are; executors have threads by it.
        took_work: called in a thread that has taken something from a queue.
        woken_from_outside: called in a thread that is not inside and wakes the loop.
        started_outside: called with the name of a thread that cannot be brought inside.
    """
    _replace_primitives(threads, put, took_work)
    _replace_starts(threads, put, started_outside)
    _replace_clocks(threads, put)
    for name in ("cpu_count", "process_cpu_count"):
        put.if_there(os, name, lambda: cpus)
    _replace_in_loop(threads, put, woken_from_outside)


def _replace_primitives(
    threads: Threads, put: Replacements, took_work: Callable[[InsideThread], None]
) -> None:
    primitives.wait_on(threads)
    put.at_undo(lambda: primitives.wait_on(None))
    for made_by in dict.fromkeys((threading.Lock, _thread.allocate_lock)):
        put.everywhere(made_by, Lock)
    # None makes `threading.RLock` give the one in Python, which is made of the lock above.
    put.if_there(threading, "_CRLock", None)
    put.attribute(pools, "_global_shutdown_lock", Lock())

    def take(get: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        me = threads.current()
        if me is None:
            return get(*args, **kwargs)
        me.queues += 1
        try:
            item = get(*args, **kwargs)
        finally:
            me.queues -= 1
        if item is not None and me.queues == 0:
            took_work(me)
        return item

    class InsideQueue(WorkQueue[Any]):
        """`queue.SimpleQueue` while threads are inside."""

        def get(self, block: bool = True, timeout: float | None = None) -> Any:
            return take(super().get, block, timeout)

    def get(self: Any, block: bool = True, timeout: float | None = None) -> Any:
        return take(_real_get, self, block, timeout)

    put.everywhere(queue.SimpleQueue, InsideQueue)
    put.attribute(queue.Queue, "get", get)

    def submit(self: ThreadPoolExecutor, /, *args: Any, **kwargs: Any) -> Any:
        # An executor that was made before, and has no thread yet, is brought inside too.
        if not self._threads and isinstance(self._work_queue, _RealSimpleQueue):
            vars(self).update(_work_queue=InsideQueue(), _shutdown_lock=Lock())
            vars(self)["_idle_semaphore"] = threading.Semaphore(0)
        return _real_submit(self, *args, **kwargs)

    put.attribute(ThreadPoolExecutor, "submit", submit)


def _replace_starts(
    threads: Threads, put: Replacements, started_outside: Callable[[str], object]
) -> None:
    def starter(real_start: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(real_start)
        def start(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
            thread = getattr(function, "__self__", None)
            if isinstance(thread, threading.Thread) and threads.is_inside():
                return threads.start(real_start, thread, function, *args, **kwargs)
            started_outside(
                thread.name
                if isinstance(thread, threading.Thread)
                else getattr(function, "__qualname__", "without a name")
            )
            return real_start(function, *args, **kwargs)

        return start

    put.attribute(_thread, "start_new_thread", starter(_thread.start_new_thread))
    for name in _STARTERS:
        if hasattr(threading, name):
            put.attribute(threading, name, starter(getattr(threading, name)))

    def join(self: threading.Thread, timeout: float | None = None) -> None:
        inside = threads.of(self)
        if inside is None or not threads.is_inside() or inside is threads.current():
            return _real_join(self, timeout)
        return threads.join(inside, timeout)

    put.attribute(threading.Thread, "join", join)


class _Clock:
    """The clock that `time` shows inside: `sleep` gives others their turn."""

    def __init__(self, threads: Threads) -> None:
        self._threads = threads
        self.time = threads.loop.time

    def move_to(self, when: float) -> None:
        """Wait until `when`."""
        self._threads.sleep(when - self.time())


def _replace_clocks(threads: Threads, put: Replacements) -> None:
    clock = _Clock(threads)
    real_loop = shims._virtual_loop

    def clock_of_thread() -> _Clock | VirtualLoop | None:
        if threads.current() is not None:
            return clock
        loop = real_loop()
        return clock if loop is threads.loop else loop

    put.attribute(shims, "_virtual_loop", clock_of_thread)
    was_shown = time.time is shims._time
    shims.install()
    if not was_shown:
        put.at_undo(shims.uninstall)

    def monotonic() -> float:
        return clock.time() if threads.is_inside() else real.monotonic()

    # The standard library's own waits measure what is left of a time-out by these.
    put.attribute(threading, "_time", monotonic)
    put.attribute(queue, "time", monotonic)
    put.attribute(futures, "time", _Monotonic(monotonic))


class _Monotonic:
    """As much of module `time` as `concurrent.futures` asks for."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self.monotonic = monotonic


def _replace_in_loop(
    threads: Threads, put: Replacements, woken_from_outside: Callable[[], object]
) -> None:
    loop = threads.loop

    def call_soon_threadsafe(
        callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        me = threads.current()
        if threads.is_inside() and not (me is not None and me.is_away) and not loop.get_debug():
            return loop.call_soon(callback, *args, context=context)
        if not threads.is_inside():
            woken_from_outside()
        return VirtualLoop.call_soon_threadsafe(loop, callback, *args, context=context)

    def call_later(
        delay: float,
        callback: Callable[..., object],
        *args: Any,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        when = loop.time() + delay
        if delay > 0 and when == loop.time():
            # A delay below what a float can tell: a real clock goes on in it all the same.
            when = math.nextafter(when, math.inf)
        return loop.call_at(when, callback, *args, context=context)

    def has_outside_work() -> bool:
        return VirtualLoop.has_outside_work(loop) or threads.works_outside()

    def wakers() -> list[str]:
        return who_may_wake(loop.threads_before or (), threads.all_inside())

    backgrounds = loop.background_waits

    put.attribute(loop, "call_soon_threadsafe", call_soon_threadsafe)
    put.attribute(loop, "call_later", call_later)
    put.attribute(loop, "has_outside_work", has_outside_work)
    put.attribute(loop, "wakers", wakers)
    put.attribute(loop, "background_waits", lambda: [*backgrounds(), *threads.waits()])
    run = functools.partial(asyncio.BaseEventLoop.run_in_executor, loop)
    put.attribute(loop, "run_in_executor", run)
