"""What a user of a real load connects with: HTTP/1.1 over blocking sockets, which gevent makes
cooperative, with the time at which each piece of a reply came."""

from __future__ import annotations

import http.client
import select
import time
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import SplitResult

from mocks.worlds.service.endpoints import Answer, Ask, Endpoint, Piece

_PIECE = 1 << 16

_CONNECTIONS = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}


class UserClient:
    """One user, with a connection that is kept between requests as a browser keeps it.

    ``headers``: sent with each request, besides those of the endpoint. Times are those of
    ``time.monotonic``.
    """

    def __init__(self, url: SplitResult, headers: Mapping[str, str]) -> None:
        """Connects when it first asks."""
        self._url = url
        self._headers = headers
        self._connection: http.client.HTTPConnection | None = None

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def ask(self, endpoint: Endpoint, ask: Ask, timeout_s: float) -> Answer:
        """Ask, and take what comes until it ends, breaks off or takes too long."""
        deadline = time.monotonic() + timeout_s
        pieces: list[Piece] = []
        answer = Answer()
        try:
            response = self._sent(endpoint, ask, deadline)
            headers = {name.lower(): value for name, value in response.getheaders()}
            answer = Answer(response.status, headers, pieces, time.monotonic())
            self._read(response, pieces, deadline)
        except TimeoutError:
            self.close()
            return replace(answer, broken="the user gave up", timed_out=True)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            return replace(answer, broken=_what(error))
        if response.will_close:
            self.close()
        return answer

    def _sent(self, endpoint: Endpoint, ask: Ask, deadline: float) -> http.client.HTTPResponse:
        connection = self._connected(deadline)
        headers = {"Content-Type": "application/json", **self._headers, **endpoint.headers(ask)}
        path = self._url.path.rstrip("/") + endpoint.path_of(ask)
        connection.request(endpoint.method, path, endpoint.content(ask) or b"", headers)
        self._allow(deadline)
        return connection.getresponse()

    def _connected(self, deadline: float) -> http.client.HTTPConnection:
        """The connection, a new one if the server has closed the last."""
        if self._connection is not None and _is_closed(self._connection):
            self.close()
        if self._connection is None:
            kind = _CONNECTIONS[self._url.scheme]
            self._connection = kind(self._url.hostname or "", self._url.port, timeout=1)
        self._connection.timeout = max(deadline - time.monotonic(), 0.001)
        if self._connection.sock is None:
            self._connection.connect()
        self._allow(deadline)
        return self._connection

    def _read(
        self, response: http.client.HTTPResponse, pieces: list[Piece], deadline: float
    ) -> None:
        while True:
            self._allow(deadline)
            data = response.read1(_PIECE)
            if not data:
                break
            pieces.append(Piece(time.monotonic(), data))
        if response.length:
            raise http.client.IncompleteRead(b"", response.length)
        response.close()  # or the connection would not take another request

    def _allow(self, deadline: float) -> None:
        """Let the socket wait no longer than up to then. Raises ``TimeoutError`` if it is past."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if self._connection is not None and self._connection.sock is not None:
            self._connection.sock.settimeout(left)


def _is_closed(connection: http.client.HTTPConnection) -> bool:
    """Nothing is expected on an idle connection but its end."""
    if connection.sock is None:
        return True
    readable, _, _ = select.select([connection.sock], [], [], 0)
    return bool(readable)


def _what(error: Exception) -> str:
    if isinstance(error, http.client.IncompleteRead):
        return "the reply broke off"
    if isinstance(error, http.client.RemoteDisconnected):
        return "the connection was closed without a reply"
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
