"""One POST to an endpoint, in a thread, so that the loop never waits for a socket."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from functools import cache
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from types import TracebackType
from typing import Self, TypeVar

from mocks.model import Disconnected
from mocks.openai.endpoint import Endpoint
from mocks.openai.errors import EndpointError, malformed, refusal

T = TypeVar("T")

MOST_BYTES = 16_000_000
"""A longer reply is not read to its end."""

_ERROR_BYTES = 20_000
_LINE_BYTES = 1_000_000


class Exchange:
    """An asynchronous context: ``read`` or ``line`` until done; leaving it ends the connection,
    whatever the thread is doing.

    Every method raises ``ModelError``: ``RateLimited``, ``Disconnected`` when the connection
    broke, ``EndpointError`` for what the endpoint refused or took too long for.
    """

    def __init__(self, endpoint: Endpoint, body: bytes, threads: Executor) -> None:
        self._endpoint = endpoint
        self._body = body
        self._threads = threads
        self._deadline = asyncio.get_running_loop().time() + endpoint.timeout
        self._connection = _connection(endpoint)
        self._connection.auto_open = 0  # what was given up must not connect again
        self._socket: socket.socket | None = None
        self._response: HTTPResponse | None = None
        self._given_up = False

    async def __aenter__(self) -> Self:
        try:
            self._response = await self._in_thread(self._open)
        except BaseException:
            self._give_up()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._give_up()

    async def read(self) -> bytes:
        """The whole reply."""
        content = await self._in_thread(lambda: self._opened.read(MOST_BYTES + 1))
        if len(content) > MOST_BYTES:
            raise malformed(f"it is longer than {MOST_BYTES:,} bytes")
        if self._opened.length:  # read(limit) does not complain about an early end
            raise Disconnected("the endpoint hung up in the middle of its reply")
        return content

    async def line(self) -> bytes:
        """The next line of a streamed reply, empty at its end."""
        line = await self._in_thread(lambda: self._opened.readline(_LINE_BYTES + 1))
        if len(line) > _LINE_BYTES:
            raise malformed(f"it has a line of more than {_LINE_BYTES:,} bytes")
        return line

    @property
    def _opened(self) -> HTTPResponse:
        if self._response is None:
            raise RuntimeError("the exchange is not open")
        return self._response

    async def _in_thread(self, work: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout_at(self._deadline):
                return await loop.run_in_executor(self._threads, work)
        except TimeoutError:
            said = f"no whole reply within {self._endpoint.timeout:g} s"
            raise EndpointError(HTTPStatus.GATEWAY_TIMEOUT, said) from None
        except (OSError, HTTPException, UnicodeError) as error:  # UnicodeError: no such host name
            said = self._endpoint.hide(f"{type(error).__name__}: {error}")
            raise Disconnected(f"the connection to the endpoint failed: {said}") from None

    def _open(self) -> HTTPResponse:
        connection = self._connection
        connection.connect()
        self._socket = connection.sock
        if self._given_up:
            self._hang_up()
        headers = {
            "Authorization": f"Bearer {self._endpoint.key}",
            "Content-Type": "application/json",
            "Connection": "close",
        }
        connection.request("POST", self._endpoint.path, self._body, headers)
        response = connection.getresponse()
        if response.status == HTTPStatus.OK:
            return response
        raise refusal(
            self._endpoint,
            response.status,
            response.read(_ERROR_BYTES),
            location=response.headers.get("Location", ""),
            retry_after=response.headers.get("Retry-After", ""),
        )

    def _give_up(self) -> None:
        self._given_up = True
        self._hang_up()

    def _hang_up(self) -> None:
        # Closing a socket does not wake a thread that reads from it; shutting it down does.
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
        if self._response is not None:
            self._response.close()
        self._connection.close()


def _connection(endpoint: Endpoint) -> HTTPConnection:
    host, port = endpoint.url.hostname or "", endpoint.url.port
    if endpoint.url.scheme == "http":
        return HTTPConnection(host, port, timeout=endpoint.timeout)
    return HTTPSConnection(host, port, timeout=endpoint.timeout, context=_trust())


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()
