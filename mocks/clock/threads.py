"""What could still wake a loop in which nothing is left to run."""

import gc
import sys
import threading
from collections.abc import Container
from concurrent.futures import Future
from concurrent.futures import thread as pools
from typing import Any

_IDLE_WORKER = pools._worker.__code__


def who_may_wake(
    before: Container[threading.Thread], inside: Container[threading.Thread] | None = None
) -> list[str]:
    """Names of what could call `call_soon_threadsafe`; none is the proof that nothing can.

    These are the threads started by hand that are not in `before`, busy workers of any
    `ThreadPoolExecutor`, and calls that wait in any executor. Threads that are `inside` a clock run
    at its instants only, and so do the calls that they are to answer.
    """
    if threading.active_count() == 1:
        return []
    threads = _threads_at_work(before)
    if inside is not None:
        return [thread.name for thread in threads if thread not in inside]
    if not threads and (calls := _unfinished_calls()):
        return [f"{len(calls)} unfinished executor calls"]
    # A call that ended between the two looks may still be on its way to the loop.
    return [thread.name for thread in threads or _threads_at_work(before)]


def _threads_at_work(before: Container[threading.Thread]) -> list[threading.Thread]:
    me = threading.current_thread()
    return [
        thread
        for thread in threading.enumerate()
        if thread is not me
        and (_is_busy(thread) if thread in pools._threads_queues else thread not in before)
    ]


def _is_busy(worker: threading.Thread) -> bool:
    """Whether a pool's worker is inside a call. Idle workers live as long as their pool."""
    frame = sys._current_frames().get(worker.ident or 0)
    return frame is not None and frame.f_code is not _IDLE_WORKER


def _unfinished_calls() -> list[Future[Any]]:
    """The calls of executors, and coroutines run for threads, that have no result yet.

    A pool does not show the calls it has accepted: from Python 3.13 on its queue is empty as
    soon as a worker is told to wake up. So the futures are looked for in memory.
    """
    found = [each for each in gc.get_objects() if issubclass(type(each), Future)]
    return [future for future in found if not future.done()]
