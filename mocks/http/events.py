"""Server-sent events, read from pieces of a stream (https://html.spec.whatwg.org, 9.2.6)."""

from __future__ import annotations

import re
from typing import NamedTuple

_LINE_END = re.compile(rb"\r\n|\n|\r")


class SentEvent(NamedTuple):
    """An event: its name (``message`` if it has none), its data, its id, and the loop time at which
    its last byte came."""

    name: str
    data: str
    id: str
    at: float


class EventReader:
    """Pieces in, events out. ``comments`` counts lines that say nothing, as heartbeats do."""

    def __init__(self) -> None:
        self.comments = 0
        self._text = b""
        self._name = ""
        self._data: list[str] = []
        self._id = ""

    def feed(self, at: float, data: bytes) -> list[SentEvent]:
        """The events that end in this piece."""
        events = []
        begin, scanned = 0, max(0, len(self._text) - 1)
        self._text += data
        for end in _LINE_END.finditer(self._text, scanned):
            # A CR at the very end may be half of a CR LF.
            if end.group() == b"\r" and end.end() == len(self._text):
                break
            line = self._text[begin : end.start()].decode(errors="replace")
            begin = end.end()
            if line:
                self._take(line)
            elif self._data:
                name = self._name or "message"
                events.append(SentEvent(name, "\n".join(self._data), self._id, at))
                self._name, self._data = "", []
            else:
                self._name = ""
        self._text = self._text[begin:]
        return events

    def _take(self, line: str) -> None:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match field:
            case "":
                self.comments += 1
            case "data":
                self._data.append(value)
            case "event":
                self._name = value
            case "id":
                self._id = value
