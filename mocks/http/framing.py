"""How HTTP/1.1 puts messages into a connection: heads, and bodies of three kinds (RFC 9112)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mocks.http.connection import Arrival, Connection
from mocks.http.errors import BrokenOff, NoHttp

_MOST_HEAD = 64 * 1024
_MOST_LINE = 4096
_HEX = re.compile(rb"[0-9A-Fa-f]{1,16}")

Fields = Mapping[str, str] | Iterable[tuple[str, str]]
"""Headers to send, by name."""


class Headers:
    """Headers as they came, found by name in any case."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.pairs = tuple(pairs)

    def get(self, name: str, default: str = "") -> str:
        """The first header of that name."""
        wanted = name.lower()
        return next((value for key, value in self.pairs if key.lower() == wanted), default)

    def all(self, name: str) -> list[str]:
        """Every header of that name, such as ``Set-Cookie``."""
        wanted = name.lower()
        return [value for key, value in self.pairs if key.lower() == wanted]

    def __contains__(self, name: str) -> bool:
        return any(key.lower() == name.lower() for key, _ in self.pairs)

    def __repr__(self) -> str:
        return f"Headers({self.pairs!r})"


class Head(NamedTuple):
    """A message's first line, its headers, and the loop time at which its first byte came."""

    line: str
    headers: Headers
    at: float


async def read_head(connection: Connection) -> Head | None:
    """The next message's head; ``None`` where the connection ends instead.

    Raises ``NoHttp`` for what is none, ``BrokenOff`` if it ends in the middle.
    """
    at = await connection.ready()
    if at is None:
        return None
    text = (await connection.until(b"\r\n\r\n", _MOST_HEAD))[:-4].decode("latin-1")
    line, *rest = text.split("\r\n")
    pairs = []
    for header in rest:
        name, colon, value = header.partition(":")
        if not colon or not name or name != name.strip():
            raise NoHttp(f"this is no header: {header[:80]!r}")
        pairs.append((name, value.strip()))
    return Head(line, Headers(pairs), at)


def head_bytes(line: str, fields: Fields) -> bytes:
    """A head as it is sent. ``ValueError`` for a header that would end it."""
    pairs = fields.items() if isinstance(fields, Mapping) else fields
    lines = [line, *(f"{name}: {value}" for name, value in pairs)]
    if any("\r" in each or "\n" in each for each in lines):
        raise ValueError("a header has one line")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


class Incoming:
    """A body that comes in: ``length`` bytes, chunked, or (neither) all until the connection ends.

    ``complete``: whether it has come to its end.
    """

    def __init__(
        self, connection: Connection, *, length: int | None = None, chunked: bool = False
    ) -> None:
        self._connection = connection
        self._chunked = chunked
        self._left = 0 if chunked else length
        self._begun = False
        self.complete = length == 0 and not chunked
        self.ends_with_connection = length is None and not chunked

    async def piece(self) -> Arrival | None:
        """The next piece; ``None`` at the end. Raises ``BrokenOff`` if the connection ends before,
        ``NoHttp`` for a chunk that is none."""
        if self.complete:
            return None
        if self._chunked and not self._left:
            self._left = await self._next_chunk()
            if not self._left:
                self.complete = True
                return None
        arrival = await self._connection.some(self._left)
        if arrival is None:
            if not self.ends_with_connection:
                raise BrokenOff("the connection ended in the middle of a body")
            self.complete = True
            return None
        if self._left is not None:
            self._left -= len(arrival.data)
            self.complete = not self._left and not self._chunked
        return arrival

    async def _next_chunk(self) -> int:
        until = self._connection.until
        if self._begun and await until(b"\r\n", _MOST_LINE) != b"\r\n":
            raise NoHttp("a chunk is longer than it says")
        self._begun = True
        digits = (await until(b"\r\n", _MOST_LINE)).partition(b";")[0].strip()
        if not _HEX.fullmatch(digits):
            raise NoHttp(f"this is no length of a chunk: {digits[:20]!r}")
        size = int(digits, 16)
        if size == 0:
            while await until(b"\r\n", _MOST_HEAD) != b"\r\n":
                pass  # a trailer
        return size


def content_length(headers: Headers) -> int | None:
    """Raises ``NoHttp`` for what is no length."""
    stated = headers.get("Content-Length")
    if not stated:
        return None
    if not (stated.isascii() and stated.isdigit() and len(stated) < 20):
        raise NoHttp(f"this is no Content-Length: {stated[:20]!r}")
    return int(stated)


def is_chunked(headers: Headers) -> bool:
    """Whether the body comes in chunks. Raises ``NoHttp`` for another transfer coding."""
    coding = headers.get("Transfer-Encoding").lower()
    if coding not in ("", "identity", "chunked"):
        raise NoHttp(f"an unknown transfer coding, {coding[:20]!r}")
    return coding == "chunked"


def closes(line: str, headers: Headers) -> bool:
    """Whether the connection ends after this message."""
    wishes = {wish.strip() for wish in headers.get("Connection").lower().split(",")}
    return "close" in wishes or ("HTTP/1.0" in line and "keep-alive" not in wishes)
