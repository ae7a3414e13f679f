"""What the mock model says to a turn."""

from __future__ import annotations

from mocks.model import Reply, Request
from mocks.worlds.turns.asks import mark_in

ROLE = "turn"
"""The role in which it is asked."""

LATENCY_S = 1.137
"""Seconds a call takes, of which no usual pause or poll (10, 50, 100 ms, 1 s) is a divisor: who
polls for an answer sees it at the next poll, and not by chance at the very same instant."""

_ANSWER = "She looks at it for a while, nods, and says that it will be of use on the road."


def script(request: Request) -> Reply:
    """An answer with the mark of the turn that is asked about. Raises ``LookupError`` for a role
    that a turn does not have."""
    if request.role != ROLE:
        raise LookupError(f"a turn has no role {request.role!r}")
    return Reply(f"{mark_in(request.prompt)} {_ANSWER}")
