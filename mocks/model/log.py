"""The call log: every call's role, agent, negotiation, loop times and outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
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

    def __init__(self, role: str, agent: str, negotiation: str, queued: float) -> None:
        self.role = role
        self.agent = agent
        self.negotiation = negotiation
        self.queued = queued

    @property
    def outcome(self) -> str:
        """``in flight``, ``ok``, ``cancelled``, or the name of the error raised."""
        return self.error or ("in flight" if self.ended is None else "ok")


@dataclass(frozen=True, slots=True)
class Span:
    """A call placed in its negotiation: calls of one stage could all run at the same time."""

    group: str
    stage: int
    queued: float
    started: float | None
    ended: float | None


_ONCE = frozenset({"formulation", "offer"})


def spans(calls: Iterable[Call]) -> list[Span]:
    """Place the calls of a log (in the order they were made) into stages.

    In a negotiation, formulation is one stage, all offers are one, each center round is one, and
    what a round's tools ask (questions, discovery, a gap's sub-demand) is one a role. A
    sub-negotiation's stages (mark ``#d00001.1``) belong to the group of its root (``#d00001``).
    """
    rounds: Counter[str] = Counter()
    stages: dict[str, dict[tuple[str, str, int], int]] = {}
    placed = []
    for call in calls:
        mark = call.negotiation
        if call.role == "center":
            rounds[mark] += 1
        root = mark.partition(".")[0]
        step = (mark, call.role, 0 if call.role in _ONCE else rounds[mark])
        known = stages.setdefault(root, {})
        stage = known.setdefault(step, len(known))
        placed.append(Span(root, stage, call.queued, call.started, call.ended))
    return placed
