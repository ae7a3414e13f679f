"""The places where an SDK meets its world, and where faults strike."""

from __future__ import annotations

from enum import StrEnum


class Place(StrEnum):
    """A role in which the model is asked, or a part that a user gives an SDK, or does with it,
    besides its model."""

    FORMULATION = "formulation"
    OFFER = "offer"
    """One agent's: the one that is asked first (third, for the third call)."""
    OFFERS = "all offers"
    CENTER = "center"
    QUESTION = "question"
    DISCOVERY = "discovery"
    SUB_DEMAND = "sub-demand"
    """The call that words a sub-negotiation's demand."""
    SUB_NEGOTIATION = "sub-negotiation"
    """The calls of a sub-negotiation itself."""
    TOOL = "custom tool"
    ENCODER = "encoder"
    DETECTOR = "detector"
    PROFILES = "profile source"
    PUSHER = "event pusher"
    CONFIRMATION = "confirmation"


BESIDES_MODEL = frozenset(
    {
        Place.TOOL,
        Place.ENCODER,
        Place.DETECTOR,
        Place.PROFILES,
        Place.PUSHER,
        Place.CONFIRMATION,
    }
)
"""Those where an SDK meets something else than its model: what a driver exposes."""
