"""A small HTTP/1.1 server on any asyncio loop: one coroutine answers each request."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Self

from mocks.http.connection import Connection
from mocks.http.errors import BrokenOff, NoHttp
from mocks.http.framing import (
    Head,
    Headers,
    Incoming,
    closes,
    content_length,
    head_bytes,
    is_chunked,
    read_head,
)

_IDLE_S = 60.0
_DRAINED_BYTES = 64_000_000
"""Of a refused request so much is read and dropped, so that the client gets to read the refusal."""


class Refused(Exception):
    """The request cannot be served, and its connection ends: a status, and why."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came. ``at``: the loop time of its first byte."""

    method: str
    path: str
    headers: Headers
    body: bytes
    at: float


class Answering:
    """The way back to whoever asked. Either ``send``, or ``begin``, ``write`` and ``end``.

    Raises ``BrokenOff`` where the client has gone. A request that is left without an answer, or in
    the middle of one, ends with its connection.
    """

    def __init__(self, connection: Connection, *, keep: bool, chunks: bool) -> None:
        self._connection = connection
        self._keep = keep
        self._chunks = chunks
        self.is_begun = False
        self.is_complete = False

    @property
    def may_reuse(self) -> bool:
        """Whether the connection can serve another request."""
        return self.is_complete and self._keep

    async def send(
        self,
        status: int,
        body: bytes,
        headers: Mapping[str, str] | None = None,
        *,
        cut: bool = False,
    ) -> None:
        """A whole answer, or (``cut``) the first half of its body."""
        self._head(status, {**(headers or {}), "Content-Length": str(len(body))}, body, cut=cut)
        await self._connection.drained()
        self.is_complete = not cut

    async def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """The head of a streamed answer."""
        if self._chunks:
            self._head(status, {**headers, "Transfer-Encoding": "chunked"})
        else:
            self._keep = False
            self._head(status, headers)
        await self._connection.drained()

    async def write(self, data: bytes) -> None:
        """A piece of a streamed answer, which is sent at once."""
        chunk = b"%x\r\n%b\r\n" % (len(data), data) if self._chunks else data
        self._connection.write(chunk)
        await self._connection.drained()

    async def end(self) -> None:
        """The end of a streamed answer."""
        if self._chunks:
            self._connection.write(b"0\r\n\r\n")
        await self._connection.drained()
        self.is_complete = True

    def _head(
        self, status: int, headers: Mapping[str, str], body: bytes = b"", *, cut: bool = False
    ) -> None:
        if self.is_begun:
            raise RuntimeError("the answer has begun already")
        self.is_begun = True
        try:
            phrase = HTTPStatus(status).phrase
        except ValueError:
            phrase = "Other"
        if not self._keep:
            headers = {**headers, "Connection": "close"}
        head = head_bytes(f"HTTP/1.1 {status} {phrase}", headers)
        self._connection.write(head + (body[: len(body) // 2] if cut else body))


Handler = Callable[[Received, Answering], Awaitable[None]]
Refusal = Callable[[Refused], tuple[Mapping[str, str], bytes]]
"""Headers and body of a refusal, in the protocol's form."""


class HttpServer:
    """Answers by ``handler``, which is cancelled when its client leaves; what it raises besides
    goes to the loop's exception handler, and its connection ends. A client that ends its side of
    the connection has left. ``refusal`` words what the server refuses itself. An asynchronous
    context, whose end ends listening and connections.

    ``port`` (after ``listen``); ``opened``: connections so far; ``connections`` that are open now,
    and the ``tasks`` that serve them.
    """

    def __init__(self, handler: Handler, *, refusal: Refusal, most_bytes: int) -> None:
        self.handler = handler
        self.refusal = refusal
        self.most_bytes = most_bytes
        self.port = 0
        self.opened = 0
        # In the order in which they were opened, which is that in which they are closed.
        self.connections: dict[Connection, None] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def listen(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen there (0: at a free port). ``OSError`` if the address cannot be had."""
        loop = asyncio.get_running_loop()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._server = await loop.create_server(
            lambda: _Session(loop, self), host, port, family=family
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        await self.wait_closed()

    def close(self) -> None:
        """Listen no more, and end every connection now."""
        if self._server is not None:
            self._server.close()
        for connection in list(self.connections):
            connection.abort()

    async def wait_closed(self) -> None:
        """Wait until what was done for the connections has ended."""
        while self.tasks:
            await asyncio.wait(self.tasks)


class _Session(Connection):
    """A connection of the server's, and the task that serves it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, server: HttpServer) -> None:
        super().__init__(loop)
        self._server = server
        self._task: asyncio.Task[None] | None = None
        self._idle: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._server.opened += 1
        self._server.connections[self] = None
        self._task = self._loop.create_task(self._serve())
        self._task.add_done_callback(self._report)
        self._server.tasks.add(self._task)

    def eof_received(self) -> bool:
        self._leave()
        return super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._server.connections.pop(self, None)
        self._leave()

    def _leave(self) -> None:
        """The client has gone: what is done for it ends."""
        self._rest(None)
        if self._task is not None:
            self._task.cancel()

    def _report(self, task: asyncio.Task[None]) -> None:
        self._server.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            said = "a request could not be answered"
            self._loop.call_exception_handler({"message": said, "exception": error, "task": task})

    async def _serve(self) -> None:
        try:
            while await self._next():
                pass
        except (BrokenOff, asyncio.CancelledError):
            pass  # the client has gone, or the loop ends
        finally:
            self._rest(None)
            self.close()

    async def _next(self) -> bool:
        """Serve a request; whether another may come."""
        self._rest(_IDLE_S)
        try:
            head = await read_head(self)
            if head is None:
                return False
            self._rest(None)
            method, path, keep = _request_line(head)
            body = await self._body(head)
        except NoHttp as error:
            await self._refuse(Refused(HTTPStatus.BAD_REQUEST, str(error)))
            return False
        except Refused as refused:
            await self._refuse(refused)
            return False
        answering = Answering(self, keep=keep, chunks=not head.line.endswith("HTTP/1.0"))
        received = Received(method, path, head.headers, body, head.at)
        await self._server.handler(received, answering)
        return answering.may_reuse

    async def _body(self, head: Head) -> bytes:
        most = self._server.most_bytes
        waits = head.headers.get("Expect").lower() == "100-continue"
        if is_chunked(head.headers):
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "send a Content-Length")
        length = content_length(head.headers) or 0
        incoming = Incoming(self, length=length)
        if length > most:
            if not waits:
                await _dropped(incoming, _DRAINED_BYTES)
            said = f"the body has more than {most} bytes"
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, said)
        if waits:
            self.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        pieces = []
        while (arrival := await incoming.piece()) is not None:
            pieces.append(arrival.data)
        return b"".join(pieces)

    async def _refuse(self, refused: Refused) -> None:
        headers, body = self._server.refusal(refused)
        await Answering(self, keep=False, chunks=False).send(refused.status, body, headers)

    def _rest(self, seconds: float | None) -> None:
        """Wait for the next request for so long; ``None``: it has come."""
        if self._idle is not None:
            self._idle.cancel()
        self._idle = None if seconds is None else self._loop.call_later(seconds, self.close)


def _request_line(head: Head) -> tuple[str, str, bool]:
    """Method, path, and whether the connection is kept."""
    words = head.line.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise NoHttp(f"this is no request: {head.line[:80]!r}")
    return words[0], words[1], not closes(head.line, head.headers)


async def _dropped(incoming: Incoming, most: int) -> None:
    left = most
    while left > 0 and (arrival := await incoming.piece()) is not None:
        left -= len(arrival.data)
