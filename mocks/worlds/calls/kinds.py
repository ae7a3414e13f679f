"""In which shapes a user may hand an SDK a function that streams."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Awaitable, Callable
from enum import StrEnum
from typing import Any, TypeAlias

from mocks.worlds.calls.messages import Message

Read: TypeAlias = Callable[[], AsyncIterator[Message]]


class Kind(StrEnum):
    """The kind of callable."""

    FUNCTION = "async generator function"
    METHOD = "bound method"
    PARTIAL = "functools.partial"
    LAMBDA = "lambda"
    OBJECT = "callable object"
    ITERATOR = "function that gives an async iterator"
    COROUTINE = "coroutine function that gives the stream"


def as_kind(read: Read, kind: Kind) -> Callable[[], Any]:
    """``read``, a bound method that is an async generator function, as a callable of this kind."""
    return _MAKE[kind](read)


def _function(read: Read) -> Read:
    async def stream() -> AsyncIterator[Message]:
        async for message in read():
            yield message

    return stream


def _partial(read: Read) -> Callable[[], AsyncIterator[Message]]:
    async def stream(source: Read) -> AsyncIterator[Message]:
        async for message in source():
            yield message

    return functools.partial(stream, read)


class _Object:
    def __init__(self, read: Read) -> None:
        self._read = read

    def __call__(self) -> AsyncIterator[Message]:
        return self._read()


class _Iterator:
    """An async iterator that is no generator: it has no ``aclose``."""

    def __init__(self, read: Read) -> None:
        self._stream = read()

    def __aiter__(self) -> AsyncIterator[Message]:
        return self

    async def __anext__(self) -> Message:
        return await anext(self._stream)


def _coroutine(read: Read) -> Callable[[], Awaitable[AsyncIterator[Message]]]:
    async def open_stream() -> AsyncIterator[Message]:
        return read()

    return open_stream


_MAKE: dict[Kind, Callable[[Read], Callable[[], Any]]] = {
    Kind.FUNCTION: _function,
    Kind.METHOD: lambda read: read,
    Kind.PARTIAL: _partial,
    Kind.LAMBDA: lambda read: lambda: read(),
    Kind.OBJECT: _Object,
    Kind.ITERATOR: lambda read: lambda: _Iterator(read),
    Kind.COROUTINE: _coroutine,
}
