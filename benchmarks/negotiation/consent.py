"""Whether a negotiation went on with its user's word, or without it when it had waited enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mocks.world import World
from mocks.worlds.negotiation.events import EventKind
from mocks.worlds.negotiation.faults import User

PROMPTLY_S = 5.0
"""A negotiation that has its user's word goes on within so many virtual seconds of when it usually
does. Far shorter than any time-out of a confirmation."""


@dataclass(frozen=True, slots=True)
class Consent:
    """The user's word in the first negotiation of an engine; all in loop time.

    ``asked``: when the formulation was announced; ``went_on``: when matching or asking for offers
    began; ``None``: that never happened. ``given``: each confirmation; ``refused``: those of them
    of which the SDK said that it has no use for them.
    """

    asked: float | None
    went_on: float | None
    given: Sequence[float] = ()
    refused: Sequence[float] = ()

    @property
    def pause(self) -> float:
        """Seconds for which it waited; 0 if it did not ask or did not go on."""
        if self.asked is None or self.went_on is None:
            return 0.0
        return self.went_on - self.asked

    def is_lost(self, usual_pause: float) -> bool:
        """Whether the user confirmed and the negotiation went on without, by a time-out of its own.

        ``usual_pause``: seconds for which it waits for a user who confirms as it should.
        """
        if self.went_on is None or not self.given:
            return False
        asked = self.given[0] if self.asked is None else self.asked
        waits = (self.went_on - max(asked, at) for at in self.given)
        return not any(0 <= wait <= usual_pause + PROMPTLY_S for wait in waits)

    @property
    def is_refused(self) -> bool:
        """Whether the SDK said of each confirmation that it has no use for it."""
        return len(self.refused) == len(self.given)

    def __str__(self) -> str:
        given = ", ".join(f"{at:g} s" for at in self.given)
        told = " and was told False" if self.is_refused else ""
        return f"the user confirmed at {given}{told}; the negotiation went on at {self.went_on:g} s"


def consent_in(world: World, user: User | None) -> Consent:
    """Read it from what a world recorded of a single negotiation."""
    asked = [event.at for event in world.events if event.kind == EventKind.FORMULATED]
    went_on = [event.at for event in world.events if event.kind == EventKind.MATCHED]
    went_on += [call.queued for call in world.model.calls if call.role == "offer"]
    given, refused = ((), ()) if user is None else (tuple(user.given), tuple(user.refused))
    return Consent(min(asked, default=None), min(went_on, default=None), given, refused)
