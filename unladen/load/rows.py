"""The border between what makes a load and what reports it: rows as JSON Lines.

What makes a load runs in other processes (``benchmarks``, ``loads``) and prints one object a line.
``t`` says what a line is, and they come in this order: one ``plan``; a ``row`` for each request, by
the time of its end, and a ``users`` whenever the number of users that are there changes; one
``end``. Keys that are not known are ignored, so that a newer engine can say more. This module is
where the format is written down; its version is ``VERSION``.

All times are seconds since the load began, of the clock that the engine lives on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from unladen.errors import UserError
from unladen.text.terminal import printable

FORMAT = "unladen-load-rows"
VERSION = 1

LONGEST_LINE = 1_000_000
"""Characters of a line that is read."""

MOST_ROWS = 5_000_000
"""Requests of a load that are read: at 1,000 a second, more than an hour."""

Seconds: TypeAlias = Annotated[float, Meta(ge=0, le=1e9)]
Number: TypeAlias = Annotated[int, Meta(ge=0)]


class ErrorClass(StrEnum):
    """What went wrong with a request. 429 and 503 are never success."""

    NONE = ""
    NETWORK = "network"
    TIME_OUT = "time-out"
    AUTHENTICATION = "authentication"
    QUOTA = "quota"
    SERVER = "server"
    WRONG = "wrong answer"


REFUSALS = (429, 503)
"""Statuses by which a server says that it has too much to do."""


class LoadPlan(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="plan"):
    """What was to be done, with all defaults filled in.

    ``engine``: what made the load; ``subject``: a target or an address; ``arrivals``: "closed" (a
    user thinks, asks and waits for the reply) or "open" (requests come at a rate, whether or not
    others are answered); ``mix``: the kinds of requests with their weights;
    ``limit_per_minute``: calls that the model's provider admits, None without a limit.
    """

    format: str
    version: int
    engine: str
    subject: str
    profile: str
    arrivals: str = "closed"
    users: Number = 0
    duration_s: Seconds = 0.0
    think_s: tuple[Seconds, Seconds] = (0.0, 0.0)
    mix: Mapping[str, float] = {}
    timeout_s: Seconds = 0.0
    seed: int = 0
    limit_per_minute: float | None = None

    @property
    def is_exact(self) -> bool:
        """Whether the same load gives the same rows again, to the digit."""
        return self.engine == "virtual"


class RequestRow(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="row"):
    """One request.

    ``due``: when it was to be sent, by the traffic alone; ``started``: when it was;
    ``first_byte``: of the reply's body; ``first_token``: the first text in a stream; None where
    none came; ``status``: of HTTP, None without a reply; ``received``: bytes of the body;
    ``longest_gap``: the longest silence while waiting; ``foreign``: the reply holds another user's
    mark; ``calls``: the calls of the model that it took, None if that is not known.
    """

    user: Number
    kind: str
    due: Seconds
    started: Seconds
    ended: Seconds
    first_byte: Seconds | None = None
    first_token: Seconds | None = None
    status: Number | None = None
    error: ErrorClass = ErrorClass.NONE
    reason: str = ""
    received: Number = 0
    events: Number = 0
    longest_gap: Seconds = 0.0
    foreign: bool = False
    calls: Number | None = None

    @property
    def latency(self) -> float:
        """From when the request was due: what a user waits, however late it could be sent."""
        return _seconds(self.ended - self.due)

    @property
    def time_to_first_token(self) -> float | None:
        """The same, to the first text of a stream; None where none came."""
        return None if self.first_token is None else _seconds(self.first_token - self.due)

    @property
    def response_time(self) -> float:
        """From when the request was sent: what a server sees, and most load generators report."""
        return _seconds(self.ended - self.started)

    @property
    def broke_off(self) -> bool:
        """Whether the reply began and did not come to its end."""
        return self.error is ErrorClass.NETWORK and self.status is not None


def _seconds(difference: float) -> float:
    """A difference of times to the nanosecond, as the times are."""
    return max(round(difference, 9), 0.0)


class UserCount(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="users"):
    """How many users there are from now on."""

    at: Seconds
    users: Number


class LoadEnd(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="end"):
    """The load is over, as planned. ``facts``: what else was measured, by name, such as
    ``connections_left``."""

    seconds: Seconds
    facts: Mapping[str, float] = {}


LoadLine: TypeAlias = LoadPlan | RequestRow | UserCount | LoadEnd

_DECODER = msgspec.json.Decoder(LoadLine)


def read_lines(lines: Iterable[str]) -> Iterator[LoadLine]:
    """The lines of a load as they come, a plan first. Raises ``UserError``, one line, for what is
    not as it must be; a load that breaks off has no ``LoadEnd``."""
    rows = 0
    for number, text in enumerate(lines, start=1):
        line = _read(text, number)
        if number == 1:
            _check_plan(line)
        elif isinstance(line, LoadPlan):
            raise _malformed(number, "a second plan")
        rows += isinstance(line, RequestRow)
        if rows > MOST_ROWS:
            raise UserError(f"the load has more than {MOST_ROWS:,} requests: make it shorter")
        yield line


def _read(text: str, number: int) -> LoadLine:
    if len(text) > LONGEST_LINE:
        raise _malformed(number, f"it has more than {LONGEST_LINE:,} characters")
    try:
        return _DECODER.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise _malformed(number, str(error)) from error


def _check_plan(line: LoadLine) -> None:
    if not isinstance(line, LoadPlan) or line.format != FORMAT:
        raise UserError(f"the load does not begin with a plan of the format {FORMAT}")
    if line.version != VERSION:
        raise UserError(
            f"the load's rows have version {line.version} of their format, and this is {VERSION}: "
            "take the same Unladen for both"
        )


def _malformed(number: int, why: str) -> UserError:
    return UserError(f"line {number} of the load cannot be used: {printable(why)[:160]}")
