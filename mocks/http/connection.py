"""One end of a connection: what arrived and when, read by one coroutine at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import NamedTuple, cast

from mocks.http.errors import BrokenOff, NoHttp

_MOST_BUFFERED = 256 * 1024
"""Bytes that nobody has read yet, above which no more are taken from the other side."""


class Arrival(NamedTuple):
    """Bytes, and the loop time at which they came."""

    at: float
    data: bytes


class Connection(asyncio.Protocol):
    """Bytes in order, each piece with the loop time of its arrival.

    Pieces are never joined: two that were sent at two instants are told apart, however late they
    are read. Who doesn't read stops the other side from sending (flow control).
    It ends when the other side ends it.

    ``received``: bytes that came since somebody set it to 0.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._arrived: deque[Arrival] = deque()
        self._unread = 0
        self._over = False
        self._failure: Exception | None = None
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self._may_write = True
        self.received = 0

    @property
    def transport(self) -> asyncio.Transport:
        """The transport. ``RuntimeError`` before there is one."""
        if self._transport is None:
            raise RuntimeError("the connection is not open")
        return self._transport

    @property
    def is_quiet(self) -> bool:
        """Whether it is open and nothing waits to be read."""
        return not (self._over or self._arrived or self.transport.is_closing())

    async def ready(self) -> float | None:
        """Wait for bytes. When the first of them came; ``None`` at the end of the connection.
        Raises what ``fail`` was given."""
        while not self._arrived:
            if self._failure is not None:
                raise self._failure
            if self._over:
                return None
            self._reader = self._loop.create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        return self._arrived[0].at

    async def some(self, most: int | None = None) -> Arrival | None:
        """The next piece, of it ``most`` bytes; ``None`` at the end of the connection."""
        if not self._arrived and await self.ready() is None:
            return None
        arrival = self._arrived.popleft()
        if most is not None and len(arrival.data) > most:
            self._arrived.appendleft(Arrival(arrival.at, arrival.data[most:]))
            arrival = Arrival(arrival.at, arrival.data[:most])
        was_unread = self._unread
        self._unread -= len(arrival.data)
        if self._unread < _MOST_BUFFERED <= was_unread:
            self.transport.resume_reading()
        return arrival

    async def until(self, end: bytes, most: int) -> bytes:
        """All up to and including ``end``. Raises ``NoHttp`` if that takes more than about ``most``
        bytes, ``BrokenOff`` if the connection ends before."""
        got = b""
        while True:
            arrival = await self.some()
            if arrival is None:
                raise BrokenOff("the connection ended in the middle of a message")
            got += arrival.data
            index = got.find(end)
            if index >= 0:
                break
            if len(got) > most:
                raise NoHttp(f"no {end!r} in {most} bytes")
        index += len(end)
        if index < len(got):
            # What is left came with the last piece.
            self._arrived.appendleft(Arrival(arrival.at, got[index:]))
            self._unread += len(got) - index
        return got[:index]

    def write(self, data: bytes) -> None:
        """Send, without waiting for the other side to take it."""
        self.transport.write(data)

    async def drained(self) -> None:
        """Wait while the other side takes no more. Raises ``BrokenOff`` where it has gone."""
        while not self._may_write and not self._over:
            self._writer = self._loop.create_future()
            try:
                await self._writer
            finally:
                self._writer = None
        if self.transport.is_closing():
            raise BrokenOff("the other side has gone")

    def fail(self, error: Exception) -> None:
        """End the connection at once; whoever reads from it gets ``error``."""
        if self._failure is None:
            self._failure = error
        self._arrived.clear()
        self.abort()
        self._wake()

    def close(self) -> None:
        """End the connection when what was written has been sent."""
        self.transport.close()

    def abort(self) -> None:
        """End the connection now."""
        self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See ``asyncio.Protocol``."""
        # No ``isinstance``: the transports of some loops are no subclasses of asyncio's.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """See ``asyncio.Protocol``."""
        if self._failure is not None:
            return
        self._arrived.append(Arrival(self._loop.time(), bytes(data)))
        self.received += len(data)
        self._unread += len(data)
        if self._unread >= _MOST_BUFFERED:
            self.transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        """See ``asyncio.Protocol``."""
        self._over = True
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """See ``asyncio.Protocol``."""
        self._over = True
        if exc is not None and self._failure is None:
            self._failure = BrokenOff(f"the connection broke: {exc}")
        self._wake()

    def pause_writing(self) -> None:
        """See ``asyncio.Protocol``."""
        self._may_write = False

    def resume_writing(self) -> None:
        """See ``asyncio.Protocol``."""
        self._may_write = True
        self._wake()

    def _wake(self) -> None:
        for waiter in (self._reader, self._writer):
            if waiter is not None and not waiter.done():
                waiter.set_result(None)
