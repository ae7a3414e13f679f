"""How long a loop stands still in virtual time, because code in its own thread waits."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self


class Blocking:
    """Context manager: ``longest`` is the longest time that one callback of ``loop`` took, in
    seconds of the loop's clock. On a machine (``mocks.machine``) CPU takes no time, so it is what
    the callback waited for: a sleep, a lock, a socket. Meanwhile no other task had a step.

    It replaces ``asyncio.Handle._run``, through which CPython's loops run every callback, for as
    long as the block lasts.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.longest = 0.0
        self._loop = loop
        self._plain = asyncio.Handle._run

    def __enter__(self) -> Self:
        self._plain = plain = asyncio.Handle._run

        def run(handle: asyncio.Handle) -> None:
            before = self._loop.time()
            plain(handle)
            self.longest = max(self.longest, self._loop.time() - before)

        asyncio.Handle._run = run  # type: ignore[method-assign, assignment]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.Handle._run = self._plain  # type: ignore[method-assign]
