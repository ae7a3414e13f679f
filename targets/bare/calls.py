"""The floor's calls for the benchmarks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from typing import Any, cast

from mocks.worlds.calls.messages import Message
from mocks.worlds.calls.world import Ask, CallsWorld
from targets.protocols.calls import Called, Calls, Scope, Status


class _Scope:
    """A time-out of asyncio, which is what ends a block in plain asyncio."""

    def __init__(self) -> None:
        self._timeout = asyncio.timeout(None)

    async def run(self, works: Sequence[Callable[[], Coroutine[Any, Any, object]]]) -> None:
        try:
            async with self._timeout:
                await asyncio.gather(*(work() for work in works))
        except TimeoutError:
            if not self._timeout.expired():
                raise

    def cancel(self) -> None:
        self._timeout.reschedule(asyncio.get_running_loop().time())


class _Caller:
    def __init__(self, world: CallsWorld) -> None:
        from floor.calls import Calls as Floor

        self._floor: Floor[Message] = Floor()
        self._named = world.requests

    async def call(self, ask: Ask) -> Called:
        stream = cast(Callable[[], AsyncGenerator[Message, None]], ask.stream)
        if self._named:
            result = await self._floor.call_named(ask.mark, stream, ask.is_target)
        elif ask.timeout is not None:
            result = await self._floor.call_within(ask.timeout, stream, ask.is_target)
        else:
            result = await self._floor.call(stream, ask.is_target)
        status = Status.MISSING if result.target is None else Status.DONE
        return Called(status, result.target, result.messages, result)

    def request_cancel(self, ask: Ask) -> None:
        self._floor.cancel(ask.mark)

    def scope(self) -> Scope:
        return _Scope()

    async def close(self) -> None:
        """The floor holds nothing."""


CALLS = Calls(open=_Caller)
