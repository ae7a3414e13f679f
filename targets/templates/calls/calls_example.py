"""A tiny SDK that makes calls: what ``calls.py`` drives until yours stands in its place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Generic, TypeVar

M = TypeVar("M")


@dataclass
class Result(Generic[M]):
    """All messages up to the target, and the target, ``None`` if there was none."""

    messages: list[M] = field(default_factory=list)
    target: M | None = None
    timed_out: bool = False


class Executor(Generic[M]):
    """Reads streams; ``cancel`` ends the reading of the one that was started under a name."""

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Task[Result[M]]] = {}

    async def execute(
        self,
        name: str,
        stream: Callable[[], AsyncGenerator[M, None]],
        is_target: Callable[[M], bool],
        timeout: float | None = None,
    ) -> Result[M]:
        """Read until the target has come, or so many seconds."""
        self._running[name] = asyncio.ensure_future(self._read(stream, is_target, timeout))
        try:
            return await self._running[name]
        finally:
            del self._running[name]

    def cancel(self, name: str) -> None:
        """The call ends, cancelled."""
        self._running[name].cancel()

    async def _read(
        self,
        stream: Callable[[], AsyncGenerator[M, None]],
        is_target: Callable[[M], bool],
        timeout: float | None,
    ) -> Result[M]:
        result: Result[M] = Result()
        try:
            async with asyncio.timeout(timeout), aclosing(stream()) as messages:
                async for message in messages:
                    result.messages.append(message)
                    if is_target(message):
                        result.target = message
                        break
        except TimeoutError:
            result.timed_out = True
        return result
