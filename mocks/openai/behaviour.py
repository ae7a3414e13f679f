"""How the mock endpoint answers, and what can be made to go wrong."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mocks.openai.dialect import Dialect


class Fault(StrEnum):
    """What can be made to go wrong."""

    ERROR = "error"
    """500."""
    OVERLOADED = "overloaded"
    """503 with Retry-After: 1."""
    DISCONNECT = "disconnect"
    """The connection ends before a byte was sent."""
    CUT = "cut"
    """The connection ends in the middle of the reply; a stream's, before its end."""
    MALFORMED = "malformed"
    """200 with something that is not JSON."""
    EMPTY = "empty"
    """200 with a message that says nothing."""
    HANG = "hang"
    """No answer at all until the client gives up."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How the endpoint answers. ``scenario``: one of the dialect's (empty: its first);
    ``latency``: seconds before a reply; ``first_token``: before the first piece of a streamed one
    (``None``: the latency); ``token_latency``: between two pieces; ``slots``: completions served at
    once, the others wait (``None``: no limit); ``per_minute``: requests allowed in 60 s; ``fault``
    strikes every ``fault_every``-th completion; ``key``: the only one accepted (empty: any)."""

    dialect: Dialect
    scenario: str = ""
    reply_bytes: int = 200
    latency: float = 0.0
    first_token: float | None = None
    token_latency: float = 0.0
    slots: int | None = None
    per_minute: int | None = None
    fault: Fault | None = None
    fault_every: int = 1
    key: str = ""
