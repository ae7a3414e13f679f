"""Blocking sockets: a thread that waits, in virtual time, until an end can be read or written."""

import errno
import math
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from mocks.net.end import End

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
    """Wait until something happens to one of `ends`; give whether it did in that time.

    Raises OSError in the thread of the loop itself, in which nothing could happen meanwhile.
    """
    stack = ends[0].stack
    if not stack.is_inside():
        stack.blocked += [end.remote or end.local or "" for end in ends]
        raise OSError(
            errno.EDEADLK,
            "a blocking socket waits in the thread of the loop on whose network it is",
        )
    happened = threading.Event()
    for end in ends:
        end.waiters.append(happened)
    try:
        return happened.wait(None if seconds == math.inf else seconds)
    finally:
        for end in ends:
            end.waiters.remove(happened)


def _is_made(end: End) -> None:
    if end.connecting:
        raise BlockingIOError
    error = end.take_error()
    if error:
        raise OSError(error, f"Connect call failed {end.remote}")
