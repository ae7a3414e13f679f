"""The world of an SDK that negotiates."""

from __future__ import annotations

from dataclasses import dataclass

from mocks.world import World
from mocks.worlds.negotiation.people import People


@dataclass(eq=False, kw_only=True)
class NegotiationWorld(World):
    """A world with ``people``: who can be asked for offers, and who wants something."""

    people: People
