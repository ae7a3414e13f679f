"""One call: read a stream until the target has come, then let the stream go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Generic, TypeVar

M = TypeVar("M")


@dataclass(slots=True)
class Result(Generic[M]):
    """What came: all messages up to the target, and the target, ``None`` if there was none."""

    messages: list[M] = field(default_factory=list)
    target: M | None = None


class Calls(Generic[M]):
    """Makes calls; knows those that are being made, so that one can be cancelled by its name."""

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Task[Result[M]]] = {}

    async def call(
        self, stream: Callable[[], AsyncGenerator[M, None]], is_target: Callable[[M], bool]
    ) -> Result[M]:
        """Make a call."""
        result: Result[M] = Result()
        async with aclosing(stream()) as messages:
            async for message in messages:
                result.messages.append(message)
                if is_target(message):
                    result.target = message
                    break
        return result

    async def call_within(
        self,
        seconds: float | None,
        stream: Callable[[], AsyncGenerator[M, None]],
        is_target: Callable[[M], bool],
    ) -> Result[M]:
        """The same within so many seconds. Raises ``TimeoutError``."""
        async with asyncio.timeout(seconds):
            return await self.call(stream, is_target)

    async def call_named(
        self,
        name: str,
        stream: Callable[[], AsyncGenerator[M, None]],
        is_target: Callable[[M], bool],
    ) -> Result[M]:
        """The same in a task of its own, which ``cancel`` finds by this name."""
        task = asyncio.ensure_future(self.call(stream, is_target))
        self._running[name] = task
        try:
            return await task
        finally:
            del self._running[name]

    def cancel(self, name: str) -> None:
        """Cancel the call of this name. Raises ``KeyError`` where it is not being made."""
        self._running[name].cancel()
