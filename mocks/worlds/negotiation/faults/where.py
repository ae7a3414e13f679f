"""The places that can go wrong."""

from __future__ import annotations

from enum import StrEnum


class Where(StrEnum):
    """The place that goes wrong: a role in which the model is asked, or a part that a user of the
    SDK gives it."""

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
