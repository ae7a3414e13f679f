"""What an SDK announces while it negotiates."""

from __future__ import annotations

from enum import StrEnum


class EventKind(StrEnum):
    """What an SDK can announce about a negotiation, in no SDK's own terms."""

    FORMULATED = "formulated"
    MATCHED = "matched"
    OFFER = "offer"
    OFFERS_COMPLETE = "offers complete"
    TOOL_CALL = "tool call"
    SUB_NEGOTIATION = "sub-negotiation"
    PLAN = "plan"
