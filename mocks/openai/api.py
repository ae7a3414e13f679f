"""What the protocols of an endpoint have in common."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from mocks.openai.asked import Asked
from mocks.openai.said import Numbers, Said

Content = Mapping[str, Any]
"""What is sent as JSON."""


class Telling(Protocol):
    """An answer on its way, as a stream of server-sent events."""

    def opening(self) -> bytes:
        """Before the first word."""

    def word(self, text: str) -> bytes:
        """The next piece of text."""

    def closing(self, said: Said) -> bytes:
        """After the last word of ``said``: its tool calls, its end."""


class Api(ABC):
    """A protocol in which a model is asked: ``path`` is the end of its address."""

    path: str

    @abstractmethod
    def read(self, body: bytes) -> Asked:
        """A request. Raises ``BadRequest``."""

    @abstractmethod
    def whole(self, asked: Asked, said: Said, numbers: Numbers) -> Content:
        """The answer as a whole."""

    @abstractmethod
    def telling(self, asked: Asked, numbers: Numbers) -> Telling:
        """The answer in pieces."""

    def refusal(self, status: int, message: str, code: str | None = None) -> Content:
        """An error."""
        kind = "server_error" if status >= 500 else "invalid_request_error"
        return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def event(content: Content, name: str = "") -> bytes:
    """A server-sent event."""
    head = b"event: " + name.encode() + b"\n" if name else b""
    return head + b"data: " + json.dumps(content).encode() + b"\n\n"


def joined(events: Iterator[bytes]) -> bytes:
    """Events that are sent together."""
    return b"".join(events)
