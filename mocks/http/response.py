"""What comes back to a client, piece by piece or event by event, with the times."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator

from mocks.http.connection import Arrival, Connection
from mocks.http.errors import NoHttp
from mocks.http.events import EventReader, SentEvent
from mocks.http.framing import Head, Headers, Incoming, closes, content_length, is_chunked


class Response:
    """What comes back. Times are the loop's, in seconds.

    ``asked``: when the client began; ``first_byte``: of the head; ``first_piece``, ``last_piece``:
    of the body (``None``: none came); ``received``: its bytes so far; ``longest_gap``: the longest
    time between two pieces; ``comments``: lines of an event stream that say nothing.
    """

    def __init__(self, head: Head, asked: float, method: str, connection: Connection) -> None:
        version, _, rest = head.line.partition(" ")
        digits, _, self.reason = rest.partition(" ")
        if not (version.startswith("HTTP/1.") and digits.isdigit() and len(digits) == 3):
            raise NoHttp(f"this is no status: {head.line[:80]!r}")
        self.status = int(digits)
        self.headers: Headers = head.headers
        self.asked = asked
        self.first_byte = head.at
        self.first_piece: float | None = None
        self.last_piece: float | None = None
        self.longest_gap = 0.0
        self.received = 0
        self.body = b""
        self._reader = EventReader()
        self._due: deque[SentEvent] = deque()
        self.closes = closes(head.line, head.headers)
        if method == "HEAD" or self.status in (204, 304) or self.status < 200:
            self._incoming = Incoming(connection, length=0)
        else:
            length, chunked = content_length(head.headers), is_chunked(head.headers)
            self._incoming = Incoming(connection, length=length, chunked=chunked)

    @property
    def is_complete(self) -> bool:
        """Whether all of it was read."""
        return self._incoming.complete

    @property
    def may_reuse(self) -> bool:
        """Whether its connection can serve the next request."""
        incoming = self._incoming
        return incoming.complete and not incoming.ends_with_connection and not self.closes

    @property
    def comments(self) -> int:
        """See the class."""
        return self._reader.comments

    async def piece(self) -> Arrival | None:
        """The body's next piece as it came; ``None`` at its end. Raises ``HttpFailure``."""
        arrival = await self._incoming.piece()
        if arrival is not None:
            if self.last_piece is None:
                self.first_piece = arrival.at
            else:
                self.longest_gap = max(self.longest_gap, arrival.at - self.last_piece)
            self.last_piece = arrival.at
            self.received += len(arrival.data)
        return arrival

    async def read(self) -> bytes:
        """What is left of the body, also kept in ``body``. Raises ``HttpFailure``."""
        pieces = []
        while (arrival := await self.piece()) is not None:
            pieces.append(arrival.data)
        self.body = b"".join(pieces)
        return self.body

    async def event(self) -> SentEvent | None:
        """The next event of a stream, as soon as its last byte is there; ``None`` at the end.
        Raises ``HttpFailure``."""
        while not self._due:
            arrival = await self.piece()
            if arrival is None:
                return None
            self._due.extend(self._reader.feed(*arrival))
        return self._due.popleft()

    def events(self) -> AsyncIterator[SentEvent]:
        """What is left of a stream, event by event."""
        return _Events(self)


class _Events(AsyncIterator[SentEvent]):
    # No generator: one that is left early would be closed by a task of the loop's own.

    def __init__(self, response: Response) -> None:
        self._response = response

    async def __anext__(self) -> SentEvent:
        event = await self._response.event()
        if event is None:
            raise StopAsyncIteration
        return event
