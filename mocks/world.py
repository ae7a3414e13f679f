"""The world a driver connects its SDK to: people, model, and somebody who notes the events."""

from __future__ import annotations

from asyncio import get_running_loop
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from mocks.model import Model
from mocks.people import People


class EventKind(StrEnum):
    """What an SDK can announce about a negotiation, in no SDK's own terms."""

    FORMULATED = "formulated"
    MATCHED = "matched"
    OFFER = "offer"
    OFFERS_COMPLETE = "offers complete"
    TOOL_CALL = "tool call"
    SUB_NEGOTIATION = "sub-negotiation"
    PLAN = "plan"


class Event(NamedTuple):
    """One event: what (an ``EventKind`` or the SDK's own word), of which negotiation (the SDK's
    id), when (loop time), with what data."""

    kind: str
    negotiation: str
    at: float
    data: object


@dataclass(eq=False)
class World:
    """What surrounds an SDK. ``events`` is filled by ``note``; ``observers`` hear each event as it
    happens. ``clear`` forgets events and model calls, for the next measurement."""

    people: People
    model: Model
    events: list[Event] = field(default_factory=list)
    observers: list[Callable[[Event], None]] = field(default_factory=list)

    def note(self, kind: str, negotiation: str, data: object) -> None:
        """An SDK announced an event, now."""
        event = Event(kind, negotiation, get_running_loop().time(), data)
        self.events.append(event)
        for observer in self.observers:
            observer(event)

    def clear(self) -> None:
        """Forget what was recorded so far."""
        self.events.clear()
        self.model.calls.clear()
