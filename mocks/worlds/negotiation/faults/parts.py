"""What a result can lack."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """What a negotiation's result can lack besides an agent's offer."""

    FORMULATION = "formulation"
    RANKING = "ranking"
    """The agents' order by how well they match."""
    PROFILES = "profiles"
    ANSWER = "answer"
    DISCOVERY = "discovery"
    SUB_PLAN = "sub-plan"
    TOOL_RESULT = "tool result"
    PLAN = "plan"
    """The plan is not the center's."""
    CONFIRMATION = "confirmation"
    """The user confirmed, and the negotiation went on without."""
    NEGOTIATION = "negotiation"
    """All of it: a result that says that the negotiation failed."""
