"""Structs as bytes and back, for files that nobody but us reads.

They are packed as MessagePack. That is UTF-8, which has no bytes for half of a surrogate pair; a
name in a JSON file may have one. What does is packed as JSON, which escapes it.
"""

from __future__ import annotations

import json
from typing import TypeVar

import msgspec
from msgspec import msgpack

T = TypeVar("T")

_IS_JSON = b"\xc1"
"""The byte that MessagePack begins nothing with."""


def packed(value: object) -> bytes:
    """A value that ``msgspec`` knows, as bytes."""
    try:
        return msgpack.encode(value)
    except UnicodeEncodeError:
        return _IS_JSON + json.dumps(msgspec.to_builtins(value)).encode("ascii")


def unpacked(content: bytes, kind: type[T]) -> T:
    """The value of this type that was ``packed``. Raises ``ValueError`` if it is none."""
    try:
        if content.startswith(_IS_JSON):
            return msgspec.convert(json.loads(content[len(_IS_JSON) :]), type=kind)
        return msgpack.decode(content, type=kind)
    except msgspec.DecodeError as error:
        raise ValueError(f"it holds no {kind.__name__}") from error
