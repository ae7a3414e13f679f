"""The floor's sessions for the benchmarks."""

from __future__ import annotations

from collections.abc import Sequence

from mocks.worlds.sessions.world import SessionsWorld
from targets.protocols.sessions import Loaded, Sessions


class _Keeper:
    def __init__(self, world: SessionsWorld) -> None:
        from floor.sessions import Sessions as Floor

        self._floor = Floor(str(world.folder / "sessions.db"))

    async def create(self, title: str) -> str:
        return str(self._floor.create(title))

    async def note(self, key: str, notes: Sequence[str]) -> None:
        self._floor.note(key, notes)

    async def save(self, key: str) -> None:
        self._floor.save(key)

    async def load(self, key: str) -> Loaded | None:
        found = self._floor.load(key)
        return None if found is None else Loaded(found.title, found.notes, found)

    async def close(self) -> None:
        self._floor.close()


async def _open(world: SessionsWorld) -> _Keeper:
    return _Keeper(world)


SESSIONS = Sessions(open=_open)
