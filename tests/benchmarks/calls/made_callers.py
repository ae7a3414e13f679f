"""Callers made for tests: right, but for one mistake."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from mocks.model import ModelError
from mocks.worlds.calls.messages import Message
from mocks.worlds.calls.world import Ask, CallsWorld
from targets.protocol import Target, Unavailable
from targets.protocols.calls import Called, Calls, Scope, Status

Choose = Callable[..., None]
"""Puts the caller with a mistake under test; "" is none."""


class MadeError(Exception):
    """An error of the SDK's own."""


class MadeScope:
    """Calls in it are cancelled together; it may be used again."""

    def __init__(self, mistake: str) -> None:
        self._mistake = mistake
        self._tasks: list[asyncio.Task[object]] = []
        self._used = False

    async def run(self, works: Sequence[Callable[[], Coroutine[Any, Any, object]]]) -> None:
        if self._used:
            if self._mistake == "a scope refuses":
                raise RuntimeError("it was used")
            if self._mistake == "a scope does nothing":
                return
            if self._mistake == "a scope hangs":
                await asyncio.get_running_loop().create_future()
        self._used = True
        self._tasks = [asyncio.create_task(work()) for work in works]
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cancel(self) -> None:
        for task in self._tasks:
            task.cancel()


class Made:
    """A caller that is right, but for its ``mistake``."""

    def __init__(self, world: CallsWorld, mistake: str) -> None:
        self._mistake = mistake
        self._tasks: dict[str, asyncio.Task[Called]] = {}
        self._left: list[asyncio.Task[None]] = []
        self._last: Message | None = None
        self._kept: list[object] = []
        self._turn = asyncio.Lock()

    async def call(self, ask: Ask) -> Called:
        task = asyncio.ensure_future(self._within(ask))
        self._tasks[ask.mark] = task
        try:
            return await task
        except asyncio.CancelledError:
            if self._mistake == "swallows":
                return Called(Status.CANCELLED, None, [], None)
            if self._mistake == "a task is left":
                self._left.append(asyncio.create_task(asyncio.sleep(60.0)))
            if self._mistake == "own error":
                raise MadeError from None
            raise
        finally:
            del self._tasks[ask.mark]

    def request_cancel(self, ask: Ask) -> None:
        if self._mistake != "a request is a flag":
            self._tasks[ask.mark].cancel()

    def scope(self) -> Scope:
        if self._mistake == "no scope":
            raise Unavailable("there is none")
        return MadeScope(self._mistake)

    async def close(self) -> None:
        """Nothing is held."""

    async def _within(self, ask: Ask) -> Called:
        seconds = None if self._mistake == "no time-out" else ask.timeout
        try:
            async with asyncio.timeout(seconds):
                return await self._watched(ask)
        except TimeoutError:
            return Called(Status.TIMED_OUT, None, [], None)

    async def _watched(self, ask: Ask) -> Called:
        if self._mistake == "serial":
            async with self._turn:
                return await self._read(ask)
        result = await self._read_again(ask, await self._read(ask))
        if self._mistake == "polls for the end":
            await asyncio.sleep(0.1)
        if self._mistake == "keeps":
            self._kept.append(result)
        return result

    async def _read_again(self, ask: Ask, result: Called) -> Called:
        """What comes of a call that failed, of a caller that asks again."""
        if self._mistake == "asks for ever":
            while result.status is Status.FAILED:
                result = await self._read(ask)
        if self._mistake in ("asks again", "adds both up") and result.status is Status.FAILED:
            before = result.messages or ()
            result = await self._read(ask)
            if self._mistake == "adds both up":
                result = replace(result, messages=[*before, *(result.messages or ())])
        if self._mistake == "is broken for good" and result.status is Status.FAILED:
            self._mistake = "forgets the first"
        return result

    async def _read(self, ask: Ask) -> Called:
        messages: list[Message] = []
        found: Message | None = None
        stream = self._stream(ask)
        try:
            async for message in stream:
                messages = self._with(messages, message)
                if self._mistake == "a task a message":
                    await asyncio.create_task(asyncio.sleep(0))
                if found is None and self._is_target(ask, message):
                    found = message
                    if self._mistake != "reads on":
                        break
        except (ConnectionError, ModelError):
            if self._mistake == "raises on":
                raise
            if self._mistake == "takes a break for the end":
                return Called(Status.MISSING, None, messages, None)
            if self._mistake == "drops what came":
                return Called(Status.FAILED, None, [], None)
            return Called(Status.FAILED, None, messages, None)
        finally:
            if self._mistake != "leaves streams open":
                with suppress(AttributeError):
                    await stream.aclose()
            else:
                self._kept.append(stream)
        if self._mistake == "mixes up" and self._last is not None:
            found = self._last
        self._last = found
        if self._mistake == "forgets the first":
            messages = messages[1:]
        is_done = found is not None or self._mistake == "claims success"
        return Called(Status.DONE if is_done else Status.MISSING, found, messages, None)

    def _with(self, messages: list[Message], message: Message) -> list[Message]:
        if self._mistake == "copies":
            return [*messages, message]
        messages.append(message)
        return messages

    def _is_target(self, ask: Ask, message: Message) -> bool:
        if self._mistake == "eats the predicate's errors":
            with suppress(LookupError):
                return ask.is_target(message)
            return False
        try:
            return ask.is_target(message)
        except LookupError as error:
            raise MadeError(f"the predicate: {error}") from error

    def _stream(self, ask: Ask) -> Any:
        stream: AsyncIterator[Message] = ask.stream()
        return stream


def made_target(mistake: str) -> Target:
    """The caller with that mistake as a target."""
    return Target(
        name="made",
        imports=("made_callers",),
        capabilities=[Calls(open=lambda world: Made(world, mistake))],
    )
