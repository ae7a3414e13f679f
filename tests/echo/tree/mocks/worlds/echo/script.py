"""What the mock model says: what it is asked to."""

from __future__ import annotations

from mocks.model import Reply, Request

ROLE = "echo"
"""The role in which it is asked."""


def script(request: Request) -> Reply:
    """The prompt, word for word. Raises ``LookupError`` for a role that an echo does not have."""
    if request.role != ROLE:
        raise LookupError(f"an echo has no role {request.role!r}")
    return Reply(request.prompt)
