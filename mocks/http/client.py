"""A client as one user has it: it keeps its connections, has patience, and may leave early."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from mocks.http.connection import Connection
from mocks.http.errors import BrokenOff, Stage, TimedOut, Unreachable
from mocks.http.framing import Head, head_bytes, read_head
from mocks.http.response import Response

_SENT_AT_ONCE = 64 * 1024
"""A longer request is sent while the response may already come."""


_IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
"""May be asked once more where a server ends a connection that was kept while it is asked (RFC
9110, 9.2.2). Not a POST, as browsers do it: a server that drops requests must not look well."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that a client waits: for a connection, from then on for the first byte of the
    response, and for the whole from the start."""

    connect: float = math.inf
    first_byte: float = math.inf
    total: float = math.inf


@dataclass(frozen=True, slots=True)
class Trickle:
    """A request that is sent ``piece_bytes`` at a time, ``pause_s`` after each piece."""

    piece_bytes: int
    pause_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request. ``trickle``: how slowly it is sent (``None``: at once)."""

    method: str = "GET"
    path: str = "/"
    headers: Mapping[str, str] | None = None
    body: bytes = b""
    trickle: Trickle | None = None


class Client:
    """A user's connections to one address, of which up to ``most_idle`` are kept for later.

    ``opened`` counts connections that were made, ``reused`` requests that went over one that had
    been used before.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        headers: Mapping[str, str] | None = None,
        patience: Patience | None = None,
        most_idle: int = 6,
    ) -> None:
        self.host = host
        self.port = port
        self.opened = 0
        self.reused = 0
        self.patience = patience or Patience()
        name = f"[{host}]" if ":" in host else host
        self.headers = {"Host": name if port == 80 else f"{name}:{port}", **(headers or {})}
        self._most_idle = most_idle
        self._idle: list[Connection] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def ask(self, ask: Ask, *, patience: Patience | None = None) -> Exchange:
        """``async with client.ask(...) as response``: the response's head has come then; leaving
        the block before its end leaves the server, and ends the connection."""
        return Exchange(self, ask, patience or self.patience)

    async def fetch(self, ask: Ask, *, patience: Patience | None = None) -> Response:
        """The whole response, whose ``body`` is there."""
        async with self.ask(ask, patience=patience) as response:
            await response.read()
            return response

    def close(self) -> None:
        """End the connections that are not in use."""
        for connection in self._idle:
            connection.close()
        self._idle.clear()

    def idle(self) -> Connection | None:
        """A connection that was kept, the last used first, if there is still one."""
        while self._idle:
            connection = self._idle.pop()
            if connection.is_quiet:
                return connection
            connection.close()
        return None

    def keep(self, connection: Connection) -> None:
        """Keep it for the next request."""
        if connection.is_quiet and len(self._idle) < self._most_idle:
            self._idle.append(connection)
        else:
            connection.close()

    async def connect(self, deadline: float = math.inf) -> Connection:
        """A new connection. Raises ``Unreachable``, and ``TimeoutError`` at ``deadline``."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout_at(deadline if deadline < math.inf else None):
                _, connection = await loop.create_connection(
                    lambda: Connection(loop), self.host, self.port
                )
        except TimeoutError:
            raise
        except (OSError, UnicodeError) as error:  # UnicodeError: no such name of a host
            raise Unreachable(str(error) or type(error).__name__) from error
        self.opened += 1
        return connection


class Exchange:
    """A request and its response, as an asynchronous context: see ``Client.ask``."""

    def __init__(self, client: Client, ask: Ask, patience: Patience) -> None:
        self._client = client
        self._ask = ask
        self._patience = patience
        self._connection: Connection | None = None
        self._response: Response | None = None
        self._sending: asyncio.Task[None] | None = None
        self._timers: dict[Stage, asyncio.TimerHandle] = {}

    async def __aenter__(self) -> Response:
        loop = asyncio.get_running_loop()
        asked = loop.time()
        try:
            head = await self._head(loop, asked)
            connection = self._open
            self._response = Response(head, asked, self._ask.method, connection)
        except BaseException:
            self._leave()
            raise
        return self._response

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leave()

    @property
    def _open(self) -> Connection:
        if self._connection is None:
            raise RuntimeError("the exchange is not open")
        return self._connection

    async def _head(self, loop: asyncio.AbstractEventLoop, asked: float) -> Head:
        client = self._client
        kept = client.idle()
        if kept is not None:
            client.reused += 1
            try:
                return await self._over(kept, loop, asked)
            except _Unanswered:
                if self._ask.method not in _IDEMPOTENT:
                    raise
                self._disarm()
                kept.abort()
        return await self._over(await self._connected(loop.time(), asked), loop, asked)

    async def _connected(self, now: float, asked: float) -> Connection:
        patience = self._patience
        connected, whole = now + patience.connect, asked + patience.total
        try:
            return await self._client.connect(min(connected, whole))
        except TimeoutError:
            if whole < connected:
                raise TimedOut(Stage.TOTAL, patience.total) from None
            raise TimedOut(Stage.CONNECT, patience.connect) from None

    async def _over(
        self, connection: Connection, loop: asyncio.AbstractEventLoop, asked: float
    ) -> Head:
        self._connection = connection
        self._sending = None
        connection.received = 0
        patience = self._patience
        self._arm(loop, Stage.TOTAL, asked, patience.total)
        self._arm(loop, Stage.FIRST_BYTE, loop.time(), patience.first_byte)
        self._send(loop, connection)
        head = await _response_head(connection)
        timer = self._timers.pop(Stage.FIRST_BYTE, None)
        if timer is not None:
            timer.cancel()
        return head

    def _arm(
        self, loop: asyncio.AbstractEventLoop, stage: Stage, since: float, seconds: float
    ) -> None:
        if seconds < math.inf:
            error = TimedOut(stage, seconds)
            self._timers[stage] = loop.call_at(since + seconds, self._open.fail, error)

    def _disarm(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _send(self, loop: asyncio.AbstractEventLoop, connection: Connection) -> None:
        ask, client = self._ask, self._client
        headers = client.headers if ask.headers is None else {**client.headers, **ask.headers}
        if ask.body or ask.method in ("POST", "PUT", "PATCH"):
            headers = {**headers, "Content-Length": str(len(ask.body))}
        message = head_bytes(f"{ask.method} {ask.path} HTTP/1.1", headers) + ask.body
        if ask.trickle is None and len(message) <= _SENT_AT_ONCE:
            connection.write(message)
        else:
            trickle = ask.trickle or Trickle(_SENT_AT_ONCE, 0.0)
            self._sending = loop.create_task(_sent(connection, message, trickle))

    def _leave(self) -> None:
        self._disarm()
        connection, response = self._connection, self._response
        if self._sending is not None and not self._sending.done():
            self._sending.cancel()
            self._open.abort()
        elif connection is not None and response is not None and response.may_reuse:
            self._client.keep(connection)
        elif connection is not None:
            connection.close()


class _Unanswered(BrokenOff):
    """The connection ended without a byte of the response."""


async def _response_head(connection: Connection) -> Head:
    try:
        head = await read_head(connection)
    except BrokenOff as error:
        if connection.received:
            raise
        raise _Unanswered(str(error)) from error
    if head is None:
        raise _Unanswered("the server ended the connection without a response")
    if head.line.startswith("HTTP/1.1 1"):
        return await _response_head(connection)  # 100 Continue, 103 Early Hints
    return head


async def _sent(connection: Connection, message: bytes, trickle: Trickle) -> None:
    """Send slowly. Where the server has gone, whoever reads the response learns why."""
    size = trickle.piece_bytes
    for begin in range(0, len(message), size):
        try:
            connection.write(message[begin : begin + size])
            await connection.drained()
        except BrokenOff:
            return
        if trickle.pause_s:
            await asyncio.sleep(trickle.pause_s)
