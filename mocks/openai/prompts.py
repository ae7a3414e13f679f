"""What a live model is told of its role; an SDK's own prompt says the rest."""

from __future__ import annotations

from mocks.model import Request

ROLE = "Your role: "
"""Begins the line from which our mock endpoint knows the role."""

_BRIEFS = {
    "formulation": "Put the user's demand into full words, two to four sentences. "
    "Add no facts of your own.",
    "offer": "You are the agent {agent}. Read the demand and your profile, and offer in two to "
    "four sentences what you can do for it. Begin with your id, {agent}.",
    "center": "You coordinate a negotiation. Read the demand and the agents' offers, then call "
    "the tool that is right. A plan names every agent that made an offer by its id.",
    "question": "You are the agent {agent}. Answer the question in one or two sentences.",
    "discovery": "Say in one or two sentences what the two profiles have in common that helps "
    "the demand.",
    "gap": "Word a demand of its own, one or two sentences, for what is missing.",
}


def system_prompt(request: Request) -> str:
    """The system message for a request. ``LookupError`` for a role it does not know."""
    brief = _BRIEFS.get(request.role)
    if brief is None:
        raise LookupError(f"a negotiation has no role {request.role!r}")
    lines = [f"{ROLE}{request.role}", brief.format(agent=request.agent)]
    if mark := request.mark:
        lines.append(f"The demand carries the mark {mark}: repeat {mark} once, unchanged.")
    return "\n".join(lines)
