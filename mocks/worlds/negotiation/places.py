"""Where besides its model an SDK meets its world."""

from __future__ import annotations

from enum import StrEnum


class Place(StrEnum):
    """A part that a user gives an SDK, or does with it, besides its model."""

    TOOL = "custom tool"
    ENCODER = "encoder"
    DETECTOR = "detector"
    PROFILES = "profile source"
    PUSHER = "event pusher"
    CONFIRMATION = "confirmation"
