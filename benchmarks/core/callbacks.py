"""Looking at an asyncio program after every callback that its loop runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self


class Callbacks:
    """Context manager: calls ``after(n)`` after the n-th callback that ``loop`` runs in its block.

    A loop runs one callback at a time (a step of a task, a timer, what a finished future sets
    off), and only between two of them can code outside a task act on it. So these are all the
    moments at which somebody can cancel a task, and the state of every other task is a part of
    each. ``after`` runs outside of any task. A callback that is running when the block begins is
    not counted.

    It replaces ``asyncio.Handle._run``, through which CPython's loops run every callback, for as
    long as the block lasts.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, after: Callable[[int], None]) -> None:
        self._loop = loop
        self._after = after
        self._plain = asyncio.Handle._run
        self._count = 0

    def __enter__(self) -> Self:
        self._plain = plain = asyncio.Handle._run

        def run(handle: asyncio.Handle) -> None:
            plain(handle)
            if handle._loop is self._loop:  # type: ignore[attr-defined]
                self._count += 1
                self._after(self._count)

        asyncio.Handle._run = run  # type: ignore[method-assign, assignment]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.Handle._run = self._plain  # type: ignore[method-assign]
