"""Sessions: what a driver gives that connects an SDK which keeps sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from mocks.worlds.sessions.world import SessionsWorld
from targets.protocol import Capability


@dataclass(frozen=True, slots=True)
class Loaded:
    """A session as it came back: its title, its notes from the first on; ``native``: the SDK's own
    object, which a user would keep."""

    title: str
    notes: Sequence[str]
    native: object


class Keeper(Protocol):
    """What keeps sessions, connected to a world; serves any number of them at once."""

    async def create(self, title: str) -> str:
        """A new session with this title, kept as far as the SDK keeps a new one; gives its key."""

    async def note(self, key: str, notes: Sequence[str]) -> None:
        """Add notes to an open session, as its user would, without asking for it to be saved."""

    async def save(self, key: str) -> None:
        """Save an open session, whatever it thinks of its own changes. Raises what the SDK raises,
        and ``RuntimeError`` where the SDK says that it could not."""

    async def load(self, key: str) -> Loaded | None:
        """The session as it is stored, past whatever is held in memory; ``None`` where the SDK says
        that there is none."""

    async def close(self) -> None:
        """Give back whatever is held."""


@dataclass(frozen=True, kw_only=True)
class Sessions(Capability[SessionsWorld, Keeper]):
    """What a driver offers: ``open`` connects the SDK to a world, with nothing stored in it."""

    name: ClassVar[str] = "sessions"
