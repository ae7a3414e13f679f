"""An OpenAI-compatible endpoint on this machine, answered by the mock model.

``POST /v1/chat/completions``, whole or streamed, with tools; ``GET /v1/models``. Each connection
has a thread. It writes no log, so no key can be in one.
"""

from __future__ import annotations

import hmac
import json
import math
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any

from mocks.model import RateLimit, RateLimited, Reply
from mocks.openai import answers, wire
from mocks.openai.asked import Asked, BadRequest, read_request
from mocks.openai.behaviour import Behaviour, Fault

COMPLETIONS = "/v1/chat/completions"
MODELS = "/v1/models"

ROLE_HEADER = "X-Unladen-Role"
AGENT_HEADER = "X-Unladen-Agent"

MOST_BYTES = 4_000_000
"""A longer request is refused (413)."""

_DRAINED_BYTES = 64_000_000
"""Of a refused request so much is read and dropped, so that the client gets to read the refusal."""

_IDLE_S = 60


class MockServer(ThreadingHTTPServer):
    """Listens at ``host`` and ``port`` (0: a free one) from the start; ``serve_forever`` answers.
    ``asked``: the completions that were admitted so far.

    Raises ``OSError`` if the address cannot be had.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, behaviour: Behaviour, host: str = "127.0.0.1", port: int = 0) -> None:
        if ":" in host:
            self.address_family = socket.AF_INET6
        self.behaviour = behaviour
        self.dialect = behaviour.dialect
        self.speaker = self.dialect.speaker(
            behaviour.scenario or self.dialect.scenarios[0], reply_bytes=behaviour.reply_bytes
        )
        self._limit = RateLimit(behaviour.per_minute) if behaviour.per_minute else None
        self._lock = threading.Lock()
        self.asked = 0
        self._stopping = threading.Event()
        super().__init__((host, port), _Handler)

    @property
    def url(self) -> str:
        """The base URL for clients."""
        host, port = self.server_address[:2]
        name = f"[{host!s}]" if self.address_family == socket.AF_INET6 else str(host)
        return f"http://{name}:{port}/v1"

    def admit(self) -> Fault | None:
        """Count a completion; the fault that strikes it. Raises ``RateLimited``."""
        with self._lock:
            if self._limit is not None:
                self._limit.admit(time.monotonic())
            self.asked += 1
            return None if self.asked % self.behaviour.fault_every else self.behaviour.fault

    def wait(self, seconds: float) -> None:
        """Sleep, but not beyond the server's end."""
        self._stopping.wait(seconds)

    def server_bind(self) -> None:
        """Without the look-up of this machine's name, for which some networks take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def server_close(self) -> None:
        """Stop listening and wake whoever sleeps."""
        self._stopping.set()
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is nothing to print; all else is."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[MockServer]:
    """A server on a free port of the loopback interface that answers in a thread."""
    with MockServer(behaviour) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Refused(Exception):
    def __init__(
        self,
        status: HTTPStatus,
        message: str,
        code: str | None = None,
        *,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = {} if retry_after is None else {"Retry-After": str(retry_after)}


class _HungUp(ConnectionError):
    """We end the connection on purpose."""


class _Handler(BaseHTTPRequestHandler):
    server: MockServer
    protocol_version = "HTTP/1.1"
    server_version = "unladen-mock-model"
    sys_version = ""
    timeout = _IDLE_S
    # An answer's head and body are two writes: without this the second waits for the client's ACK.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the standard library refuses by itself, in this protocol's form."""
        status = HTTPStatus(code)
        self.close_connection = True
        self._send(status, wire.error("invalid_request_error", message or status.phrase))

    def _answer(self, method: str) -> None:
        try:
            body = self._body()
            self._authorise()
            self._route(method, self.path.partition("?")[0], body)
        except _Refused as refused:
            kind = "server_error" if refused.status >= 500 else "invalid_request_error"
            content = wire.error(kind, str(refused), refused.code)
            self._send(refused.status, content, refused.headers)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding"):
            self.close_connection = True
            raise _Refused(HTTPStatus.LENGTH_REQUIRED, "send a Content-Length")
        stated = self.headers.get("Content-Length", "0")
        if not (stated.isascii() and stated.isdigit() and len(stated) < 20):
            self.close_connection = True
            raise _Refused(HTTPStatus.BAD_REQUEST, "Content-Length must be a number")
        length = int(stated)
        if length > MOST_BYTES:
            self.close_connection = True
            self._drain(min(length, _DRAINED_BYTES))
            said = f"the body has more than {MOST_BYTES} bytes"
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, said)
        body = self.rfile.read(length)
        if len(body) < length:
            raise _HungUp
        return body

    def _drain(self, length: int) -> None:
        while length > 0 and (piece := self.rfile.read(min(length, 1 << 16))):
            length -= len(piece)

    def _authorise(self) -> None:
        scheme, _, key = self.headers.get("Authorization", "").strip().partition(" ")
        due = self.server.behaviour.key.encode()
        given = key.strip().encode()
        if scheme.lower() != "bearer" or not given:
            said = "You didn't provide an API key: send the header Authorization: Bearer KEY"
            raise _Refused(HTTPStatus.UNAUTHORIZED, said, "missing_api_key")
        if due and not hmac.compare_digest(given, due):
            raise _Refused(HTTPStatus.UNAUTHORIZED, "Incorrect API key", "invalid_api_key")

    def _route(self, method: str, path: str, body: bytes) -> None:
        expected = {COMPLETIONS: "POST", MODELS: "GET"}.get(path.rstrip("/"))
        if expected is None:
            raise _Refused(HTTPStatus.NOT_FOUND, f"there are {COMPLETIONS} and {MODELS}")
        if method != expected:
            raise _Refused(HTTPStatus.METHOD_NOT_ALLOWED, f"use {expected}")
        if expected == "GET":
            self._send(HTTPStatus.OK, wire.models())
        else:
            self._complete(body)

    def _complete(self, body: bytes) -> None:
        try:
            asked = read_request(body)
        except BadRequest as error:
            raise _Refused(HTTPStatus.BAD_REQUEST, str(error)) from None
        role = self.headers.get(ROLE_HEADER, "")
        dialect = self.server.dialect
        if role and role not in dialect.briefs:
            roles = ", ".join(dialect.briefs)
            raise _Refused(HTTPStatus.BAD_REQUEST, f"{ROLE_HEADER} is one of {roles}")
        fault = self._admit()
        request = dialect.as_request(asked, role, self.headers.get(AGENT_HEADER, ""))
        speaker = self.server.speaker
        reply = Reply() if fault is Fault.EMPTY else answers.reply(speaker, asked, request)
        self.server.wait(self.server.behaviour.latency)
        self._strike(fault)
        cut = fault is Fault.CUT
        if fault is Fault.MALFORMED:
            self._write(HTTPStatus.OK, b"<html>this is not JSON", "text/html")
        elif asked.stream:
            self._stream(asked, reply, cut=cut)
        else:
            self._send(HTTPStatus.OK, wire.completion(asked, reply), cut=cut)

    def _admit(self) -> Fault | None:
        try:
            return self.server.admit()
        except RateLimited as limited:
            raise _Refused(
                HTTPStatus.TOO_MANY_REQUESTS,
                "Rate limit reached",
                "rate_limit_exceeded",
                retry_after=math.ceil(limited.retry_after or 1),
            ) from None

    def _strike(self, fault: Fault | None) -> None:
        match fault:
            case Fault.ERROR:
                raise _Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "a fault that was asked for")
            case Fault.OVERLOADED:
                said = "overloaded: a fault that was asked for"
                raise _Refused(HTTPStatus.SERVICE_UNAVAILABLE, said, retry_after=1)
            case Fault.HANG:
                self.connection.settimeout(None)
                self.connection.recv(1)  # ends when the client hangs up
                raise _HungUp
            case Fault.DISCONNECT:
                raise _HungUp

    def _stream(self, asked: Asked, reply: Reply, *, cut: bool) -> None:
        # Ends with the connection, which both versions of HTTP allow and every client reads.
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Connection", "close")
        self.end_headers()
        for index, chunk in enumerate(wire.chunks(asked, reply)):
            if index > 1:  # the first piece says who speaks, the second is the first word
                self.server.wait(self.server.behaviour.token_latency)
            self.wfile.write(wire.event(chunk))
            if cut:
                raise _HungUp
        self.wfile.write(wire.LAST_EVENT)

    def _send(
        self,
        status: HTTPStatus,
        content: dict[str, Any],
        headers: dict[str, str] | None = None,
        *,
        cut: bool = False,
    ) -> None:
        body = json.dumps(content).encode()
        self._write(status, body, "application/json", headers, cut=cut)

    def _write(
        self,
        status: HTTPStatus,
        body: bytes,
        kind: str,
        headers: dict[str, str] | None = None,
        *,
        cut: bool = False,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        if cut:
            raise _HungUp
