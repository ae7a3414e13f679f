"""Blocking sockets: a thread that waits, in virtual time, until an end can be read or written."""

import asyncio
import errno
import math
import os
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from mocks.net.elsewhere import OthersTurn
from mocks.net.end import End
from mocks.net.stack import Stack

T = TypeVar("T")


def patiently(end: End, call: Callable[[], T]) -> T:
    """What `call` gives, which is a call of `end`, as soon as it needs not wait, if `end` may wait.

    Raises TimeoutError, if `end` has a time-out; BlockingIOError, if it may not wait at all;
    OSError, if it would wait for ever; what `call` raises.
    """
    until = math.inf if end.timeout is None else end.stack.time() + end.timeout
    while True:
        try:
            return call()
        except BlockingIOError:
            if end.timeout == 0.0:
                raise
        left = until - end.stack.time()
        if left <= 0.0 or not wait([end], left):
            raise TimeoutError("timed out")


def connect(end: End, call: Callable[[], object]) -> None:
    """`call`, which asks for a connection, and wait until it is there, if `end` may wait.

    Raises as `patiently`, and OSError if the connection is not made.
    """
    try:
        call()
    except BlockingIOError:
        if end.timeout == 0.0:
            raise
        patiently(end, lambda: _is_made(end))


def wait(ends: Sequence[End], seconds: float) -> bool:
    """Wait until something may have happened to one of `ends`; give whether that was in time.

    In the thread of the loop itself only other threads, what is elsewhere and what is on its way
    can end it; its address is put down then. Raises OSError where nothing could happen meanwhile.
    """
    stack = ends[0].stack
    is_of_loop = asyncio._get_running_loop() is not None
    if is_of_loop:
        stack.blocked.update((end.remote or end.local or "", None) for end in ends)
    if not stack.is_inside():
        raise OSError(
            errno.EDEADLK,
            "a blocking socket waits in the thread of the loop on whose network it is",
        )
    happened = threading.Event()
    for end in ends:
        end.waiters.append(happened)
    try:
        if is_of_loop:
            return _wait_without_loop(stack, happened, stack.time() + seconds)
        return happened.wait(None if seconds == math.inf else seconds)
    finally:
        for end in ends:
            end.waiters.remove(happened)


def _wait_without_loop(stack: Stack, happened: threading.Event, until: float) -> bool:
    """Wait while the loop stands still, but for what is elsewhere. May end before anything has
    happened."""
    arrivals, others = stack.arrivals, OthersTurn(stack)
    while others.take():
        if happened.is_set():
            return True
    then = min(until, arrivals.next_at(), others.next_at())
    arrivals.hurry = happened.set
    try:
        happened.wait(None if then == math.inf else then - stack.time())
    finally:
        arrivals.hurry = None
    arrivals.bring(stack.time())
    return stack.time() < until


def _is_made(end: End) -> None:
    if end.connecting:
        raise BlockingIOError
    error = end.take_error()
    if error:
        raise OSError(error, os.strerror(error))
