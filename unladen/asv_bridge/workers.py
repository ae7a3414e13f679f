"""asv's worker processes (``multiprocessing``) end when they are told to, and with their parent.

They inherit the parent's signal handlers, so that ``Pool.terminate`` raised ``KeyboardInterrupt``
in them, which asv's ``except BaseException`` swallowed: the parent waited for ever. And after a
SIGKILL of the parent they would wait for ever themselves, each holding the others' pipes open.
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import wait
from types import SimpleNamespace
from typing import Any

from asv import util

from unladen.interrupts import held

_STOPPING = {signal.SIGINT, signal.SIGTERM}


def install() -> None:
    """Make asv start its workers so. Does nothing the second time."""
    if util.multiprocessing is multiprocessing:
        util.multiprocessing = SimpleNamespace(**{**vars(multiprocessing), "Pool": _pool})


def _pool(
    processes: int | None, initializer: Callable[..., object], initargs: tuple[Any, ...]
) -> Any:
    begin = functools.partial(_begin, initializer)
    # Blocked in a worker until it has handlers of its own, and in the pool's threads for good.
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    try:
        with held():
            return multiprocessing.Pool(processes, initializer=begin, initargs=initargs)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


def _begin(initialize: Callable[..., object], *arguments: Any) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's reaches the parent, which ends us
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=end_with, args=(parent.sentinel,), daemon=True).start()
    initialize(*arguments)


def end_with(parent: int) -> None:
    """The last worker's pipe to the parent is held by the parent alone, so it ends first; the one
    before it next, and so on."""
    wait([parent])
    os._exit(1)
