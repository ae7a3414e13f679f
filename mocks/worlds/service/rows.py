"""What became of a request: one ``Row`` each, whoever made it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Error(StrEnum):
    """Classes of what goes wrong with a request."""

    NONE = ""
    NETWORK = "network"
    """No connection, or it broke before the reply was complete."""
    TIME_OUT = "time-out"
    """No complete reply within the time that the user gives it."""
    AUTHENTICATION = "authentication"
    """401 or 403."""
    QUOTA = "quota"
    """402 or 429."""
    SERVER = "server"
    """500 and above: 503 too is no success."""
    WRONG = "wrong answer"
    """A reply that is not what was asked for, another status than is expected among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One request. Times are seconds since the load began, on the clock of whoever made it.

    ``kind``: of its endpoint; ``prompt``: the kind of its prompt; ``due``: when it was to be sent,
    from which its latency counts; ``started``: when it was sent; ``first_byte``: when the first of
    the reply's body came; ``first_token``: when the first text came in a stream; ``ended``: when
    the reply was complete, or given up. ``received``: bytes of the body; ``events``: of a stream;
    ``longest_gap``: longest time, from ``started`` to ``ended``, in which nothing came.
    ``foreign``: the reply carries another user's mark. ``calls``: to the model that it took, where
    that is known. ``reason``: of an error, one line.
    """

    user: int
    kind: str
    prompt: str
    due: float
    started: float
    ended: float
    first_byte: float | None = None
    first_token: float | None = None
    status: int | None = None
    error: Error = Error.NONE
    reason: str = ""
    received: int = 0
    events: int = 0
    longest_gap: float = 0.0
    foreign: bool = False
    calls: int | None = None

    @property
    def ok(self) -> bool:
        """Whether the user got what they asked for."""
        return self.error is Error.NONE

    @property
    def latency(self) -> float:
        """Seconds from when it was due to when it ended."""
        return self.ended - self.due

    @property
    def time_to_first_token(self) -> float | None:
        """Seconds from when it was due to the first text; ``None`` where none came."""
        return None if self.first_token is None else self.first_token - self.due

    def since(self, begin: float) -> Row:
        """The row of a clock's times, in seconds since ``begin``, to the nanosecond."""

        def at(moment: float | None) -> float | None:
            return None if moment is None else round(moment - begin, 9)

        return replace(
            self,
            due=round(self.due - begin, 9),
            started=round(self.started - begin, 9),
            ended=round(self.ended - begin, 9),
            first_byte=at(self.first_byte),
            first_token=at(self.first_token),
            longest_gap=round(self.longest_gap, 9),
        )


def error_of(status: int) -> Error:
    """The class of a reply by its status, where another one was expected."""
    if status in (401, 403):
        return Error.AUTHENTICATION
    if status in (402, 429):
        return Error.QUOTA
    if status == 408:
        return Error.TIME_OUT
    return Error.SERVER if status >= 500 else Error.WRONG
