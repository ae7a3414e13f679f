"""Sessions: an SDK that keeps them, in a folder of Unladen's.

What is driven is ``sessions_example``; put your SDK in its place. Use its public API only, import
it inside functions, raise ``Unavailable("why")`` for what a commit of its history lacks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mocks.worlds.sessions.world import SessionsWorld
from targets.protocols.sessions import Loaded, Sessions


def sdk() -> Any:
    """Your SDK: ``import`` it here and return it."""
    from . import sessions_example

    return sessions_example


class Keeper:
    """What of your SDK keeps sessions, and those that are open."""

    def __init__(self, world: SessionsWorld) -> None:
        self._store = sdk().Store(world.folder / "sessions.db")
        self._open: dict[str, Any] = {}

    async def create(self, title: str) -> str:
        """A new session."""
        session = self._store.create(title)
        self._open[str(session.key)] = session
        return str(session.key)

    async def note(self, key: str, notes: Sequence[str]) -> None:
        """Add to it what your SDK keeps of a session: messages, say."""
        self._open[key].notes.extend(notes)

    async def save(self, key: str) -> None:
        """Save it, be it changed or not."""
        self._store.save(self._open[key])

    async def load(self, key: str) -> Loaded | None:
        """Load it from where it is stored, and not from a cache."""
        found = self._store.load(int(key))
        return None if found is None else Loaded(found.title, found.notes, native=found)

    async def close(self) -> None:
        """Give back what is held: connections, threads."""
        self._store.close()


CAPABILITY = Sessions(open=Keeper)
