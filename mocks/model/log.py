"""The call log: every call's role, agent, mark, loop times and outcome."""

from __future__ import annotations

from dataclasses import dataclass


class Call:
    """One call. Times are the loop's, in seconds.

    ``queued``: asked; ``started``: got a provider slot; ``first_token``: first piece of a
    streamed reply; ``ended``: answered or failed. ``None``: it never came to that.
    """

    started: float | None = None
    first_token: float | None = None
    ended: float | None = None
    error: str | None = None

    def __init__(self, role: str, agent: str, mark: str, queued: float) -> None:
        self.role = role
        self.agent = agent
        self.mark = mark
        self.queued = queued

    @property
    def outcome(self) -> str:
        """``in flight``, ``ok``, ``cancelled``, or the name of the error raised."""
        return self.error or ("in flight" if self.ended is None else "ok")


@dataclass(frozen=True, slots=True)
class Span:
    """A call placed in its run (``group``): calls of one stage could all run at the same time."""

    group: str
    stage: int
    queued: float
    started: float | None
    ended: float | None
