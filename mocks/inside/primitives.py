"""What threads wait with, as it is while they are inside: locks and queues."""

import queue
import threading
from collections import deque
from types import TracebackType
from typing import Any, Generic, TypeVar

from mocks.inside.thread import Pause, real_lock
from mocks.inside.threads import Threads

T = TypeVar("T")

_threads: Threads | None = None


def wait_on(threads: Threads | None) -> None:
    """Have the locks of this process wait on `threads`; on None, for real."""
    global _threads
    _threads = threads


class Lock:
    """A lock as `threading.Lock` makes them.

    Who is inside waits for it in virtual time; who is not, for real. It works for both at once, and
    outlives the machine that it was made in. Those inside get it in the order in which they came.
    """

    __slots__ = ("__weakref__", "_pauses", "_real")

    def __init__(self) -> None:
        self._real = real_lock()
        self._pauses: deque[Pause] = deque()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """See `threading.Lock.acquire`."""
        if self._real.acquire(False):
            return True
        if not blocking or _threads is None or not _threads.is_inside():
            return self._real.acquire(blocking, timeout)
        if timeout < 0 and timeout != -1:
            raise ValueError("timeout value must be a non-negative number")
        return self._wait(_threads, timeout)

    def _wait(self, threads: Threads, timeout: float) -> bool:
        deadline = None if timeout == -1 else threads.loop.time() + timeout
        pause = Pause()
        self._pauses.append(pause)
        while True:
            left = None if deadline is None else deadline - threads.loop.time()
            try:
                ended = threads.wait(pause, left)
            except BaseException:
                self._forget(pause)
                raise
            self._forget(pause)
            if self._real.acquire(False):
                return True
            if not ended:
                return False
            # Somebody took it between. The next time it is this one's turn again.
            pause = Pause()
            self._pauses.appendleft(pause)

    def _forget(self, pause: Pause) -> None:
        if pause in self._pauses:
            self._pauses.remove(pause)

    def release(self) -> None:
        """See `threading.Lock.release`."""
        self._real.release()
        while self._pauses and _threads is not None:
            pause = self._pauses.popleft()
            if not pause.is_over:
                _threads.end(pause)
                break

    def locked(self) -> bool:
        """See `threading.Lock.locked`."""
        return self._real.locked()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()

    def _at_fork_reinit(self) -> None:
        self._real = real_lock()
        self._pauses.clear()


class WorkQueue(Generic[T]):
    """A queue as `queue.SimpleQueue` makes them, whose `get` waits as `Lock` does."""

    def __init__(self) -> None:
        self._items: deque[T] = deque()
        self._count = threading.Semaphore(0)

    def put(self, item: T, block: bool = True, timeout: float | None = None) -> None:
        """See `queue.SimpleQueue.put`."""
        self._items.append(item)
        self._count.release()

    def put_nowait(self, item: T) -> None:
        """See `queue.SimpleQueue.put_nowait`."""
        self.put(item)

    def get(self, block: bool = True, timeout: float | None = None) -> T:
        """See `queue.SimpleQueue.get`."""
        if timeout is not None and timeout < 0:
            raise ValueError("'timeout' must be a non-negative number")
        if not self._count.acquire(block, timeout):
            raise queue.Empty
        return self._items.popleft()

    def get_nowait(self) -> T:
        """See `queue.SimpleQueue.get_nowait`."""
        return self.get(block=False)

    def empty(self) -> bool:
        """See `queue.SimpleQueue.empty`."""
        return not self._items

    def qsize(self) -> int:
        """See `queue.SimpleQueue.qsize`."""
        return len(self._items)

    def __class_getitem__(cls, item: Any) -> Any:
        return cls
