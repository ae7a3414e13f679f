"""Loop lag: the longest time an asyncio loop was not serviced, because code held its thread.

Kind: sampled. Unit: CPU seconds of the loop's thread between leaving one ``select`` and entering
the next, which is what every other task had to wait for.
Cost: 2 us per loop iteration, which nearly doubles an iteration that does nothing; no memory.
Blind spots: a callback that blocks without computing (``time.sleep``, a lock, a socket) uses no
CPU and does not show; one long step and many short callbacks ready at the same time look alike;
loops without a Python selector (uvloop, Windows' proactor) cannot be watched.
"""

import asyncio
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self


class LoopLag:
    """Context manager that watches ``loop``; enter and leave it in the loop's own thread.

    ``.longest`` is the longest stretch so far, in CPU seconds; 0.0 if the loop has not run. In a
    coroutine of the loop, the stretches cut off by entering and leaving count with what lies
    within the block. Raises NotImplementedError for a loop without a Python selector.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        selector = getattr(loop, "_selector", None)
        if selector is None:
            raise NotImplementedError(f"{type(loop).__name__} has no selector to watch")
        self.longest = 0.0
        self._loop = loop
        self._selector: Any = selector
        self._had_own_select = False
        self._original: Callable[[float | None], Any] = selector.select
        self._left: float | None = None

    def __enter__(self) -> Self:
        self._had_own_select = "select" in vars(self._selector)
        self._original = self._selector.select
        self._selector.select = self._select
        self._left = time.thread_time() if self._loop.is_running() else None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._loop.is_running():
            self._end_stretch()
        if self._had_own_select:
            self._selector.select = self._original
        else:
            del self._selector.select

    def _select(self, timeout: float | None = None) -> Any:
        self._end_stretch()
        try:
            return self._original(timeout)
        finally:
            self._left = time.thread_time()

    def _end_stretch(self) -> None:
        if self._left is not None:
            self.longest = max(self.longest, time.thread_time() - self._left)
