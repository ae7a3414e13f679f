"""Which calls of a negotiation could run at the same time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from mocks.model import Call, Span

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
        mark = call.mark
        if call.role == "center":
            rounds[mark] += 1
        root = mark.partition(".")[0]
        step = (mark, call.role, 0 if call.role in _ONCE else rounds[mark])
        known = stages.setdefault(root, {})
        stage = known.setdefault(step, len(known))
        placed.append(Span(root, stage, call.queued, call.started, call.ended))
    return placed
