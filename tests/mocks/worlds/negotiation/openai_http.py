"""Asking a mock endpoint over plain HTTP, as any client does."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

KEY = "sk-test-0123456789"


@dataclass(frozen=True)
class Answer:
    """What an endpoint sent."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body's content."""
        return json.loads(self.body)


def ask(
    url: str,
    body: bytes | dict[str, Any] | None = None,
    *,
    path: str = "/chat/completions",
    method: str = "POST",
    headers: dict[str, str] | None = None,
    key: str | None = KEY,
) -> Answer:
    """One request on a connection of its own."""
    sent = json.dumps(body).encode() if isinstance(body, dict) else body
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    authorization = {} if key is None else {"Authorization": f"Bearer {key}"}
    try:
        connection.request(method, parts.path + path, sent, {**authorization, **(headers or {})})
        response = connection.getresponse()
        return Answer(response.status, dict(response.headers), response.read())
    finally:
        connection.close()


def question(text: str, **more: Any) -> dict[str, Any]:
    """A request with one message of the user's."""
    return {"model": "m", "messages": [{"role": "user", "content": text}], **more}


@contextmanager
def canned(*replies: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A server that sends these bytes, one connection each, whatever it is asked: its URL and the
    requests' heads and bodies as they came."""
    seen: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            for reply in replies:
                connection, _ = listening.accept()
                with connection:
                    seen.append(_request(connection))
                    connection.sendall(reply)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1", seen
        thread.join(60)


def _request(connection: socket.socket) -> bytes:
    content = b""
    while b"\r\n\r\n" not in content:
        content += connection.recv(65536)
    head, _, body = content.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split()[0])
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
