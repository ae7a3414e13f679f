"""What would be on another machine, and goes on while the loop's thread is blocked."""

import asyncio
import math
import selectors
from asyncio.tasks import _enter_task, _leave_task
from collections import deque
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from mocks.net.stack import Stack

T = TypeVar("T")

_ELSEWHERE: ContextVar[bool] = ContextVar("whether this would be on another machine", default=False)


async def elsewhere(coro: Coroutine[Any, Any, T]) -> T:
    """Run `coro`, and all that it spawns, as on another machine than the rest of the loop.

    Of a model's endpoint, or of users. If something else blocks the thread of the loop to wait for
    the network, these go on meanwhile.
    """
    _ELSEWHERE.set(True)
    return await coro


class OthersTurn:
    """Callbacks of a loop that is blocked, as far as they belong elsewhere.

    It is used from within a callback of the loop, so it leaves the loop's queues as long as they
    are, and lets the current task step aside.
    """

    def __init__(self, stack: Stack) -> None:
        self._loop = stack.loop
        self._stack = stack
        private = vars(self._loop)
        self._ready: deque[asyncio.Handle] = private["_ready"]
        self._scheduled: list[asyncio.TimerHandle] = private["_scheduled"]

    def take(self) -> bool:
        """Run what is ready of theirs, once; give whether there was any."""
        found = [*self._from_queue(), *self._from_network(), *self._from_timers()]
        with _aside(self._loop):
            for handle in found:
                if not handle.cancelled():
                    handle._run()
                    if isinstance(handle, asyncio.TimerHandle):
                        # It stays where it is, and is nothing any more.
                        handle.cancel()
        return bool(found)

    def next_at(self) -> float:
        """When the next of their timers is due; infinity if there is none."""
        return min((timer.when() for timer in self._timers()), default=math.inf)

    def _from_queue(self) -> Iterator[asyncio.Handle]:
        found = [place for place, handle in enumerate(self._ready) if _is_elsewhere(handle)]
        for place in found:
            # The loop has counted how many it is about to run.
            nothing = asyncio.Handle(_nothing, (), self._loop)
            nothing.cancel()
            handle, self._ready[place] = self._ready[place], nothing
            yield handle

    def _from_network(self) -> Iterator[asyncio.Handle]:
        for end in list(self._stack.candidates):
            key = self._stack.registered.get(end.fd)
            if key is None:
                continue
            reader, writer = key.data
            reads = key.events & selectors.EVENT_READ and end.is_readable
            writes = key.events & selectors.EVENT_WRITE and end.is_writable
            for handle, is_due in ((reader, reads), (writer, writes)):
                if is_due and handle is not None and _is_elsewhere(handle):
                    yield handle

    def _from_timers(self) -> Iterator[asyncio.Handle]:
        now = self._loop.time()
        due = [timer for timer in self._timers() if timer.when() <= now]
        yield from sorted(due)

    def _timers(self) -> Iterator[asyncio.TimerHandle]:
        for timer in self._scheduled:
            if not timer.cancelled() and _is_elsewhere(timer):
                yield timer


def _is_elsewhere(handle: asyncio.Handle) -> bool:
    return not handle.cancelled() and bool(handle._context.get(_ELSEWHERE))  # type: ignore[attr-defined]


@contextmanager
def _aside(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Let other tasks make steps while one is in the middle of its own."""
    current = asyncio.current_task(loop)
    if current is not None:
        _leave_task(loop, current)
    try:
        yield
    finally:
        if current is not None:
            _enter_task(loop, current)


def _nothing() -> None:
    """Is never called."""
