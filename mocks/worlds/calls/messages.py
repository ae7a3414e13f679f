"""What a stream carries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

MARK = re.compile(r"#k\d{5}")
"""A call's mark, wherever it stands in a text."""


class Kind(StrEnum):
    """What a message is."""

    WORK = "work"
    """A step on the way."""
    RESULT = "result"
    """What is waited for."""


@dataclass(frozen=True, slots=True)
class Message:
    """Message ``number`` (1, 2, ...) of the stream of one call. ``mark`` is that call's, and no
    other one's, so that a message which turns up elsewhere is recognised."""

    mark: str
    number: int
    kind: Kind
    text: str


def mark_of(number: int) -> str:
    """The mark of call ``number`` (1 to 99,999)."""
    return f"#k{number:05}"


def messages(mark: str, count: int, target: int | None) -> list[Message]:
    """What one call is streamed: ``count`` messages, of which number ``target`` is the result."""
    return [
        Message(mark, number, Kind.RESULT if number == target else Kind.WORK, f"{mark} {number}")
        for number in range(1, count + 1)
    ]
