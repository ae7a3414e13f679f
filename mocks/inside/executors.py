"""Executors whose threads were inside, when the machine is switched off."""

import queue
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

_RealSimpleQueue = queue.SimpleQueue


def dismiss(workers: Iterable[threading.Thread]) -> list[ThreadPoolExecutor]:
    """Tell idle workers to end, as if their executors were shut down; gives the executors.

    The workers end at their next turn. Then `renew` the executors.
    """
    executors: dict[int, ThreadPoolExecutor] = {}
    for worker in workers:
        refer, work = worker._args[:2]  # type: ignore[attr-defined]
        executor = refer()
        if executor is not None and not executor._shutdown:
            executors[id(executor)] = executor
        work.put(None)
    for executor in executors.values():
        executor._shutdown = True
    return list(executors.values())


def renew(executors: Iterable[ThreadPoolExecutor]) -> None:
    """Let executors whose workers were dismissed be used again, with new threads."""
    for executor in executors:
        executor._threads = {each for each in executor._threads if each.is_alive()}
        executor._shutdown = False
        if not executor._threads:
            state: dict[str, Any] = vars(executor)
            state["_work_queue"] = _RealSimpleQueue()
            state["_idle_semaphore"] = threading.Semaphore(0)
