"""LOOM's ``SessionManager`` over its SQLite database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mocks.worlds.sessions.world import SessionsWorld
from targets.loom.driver.parts import Database, loom
from targets.protocols.sessions import Loaded, Sessions

_NOTES = "notes"
"""Where notes stand in a session's ``state``, a dictionary that is the user's to fill."""


class _Keeper:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._sessions = loom("core.session_manager")
        self._manager: Any = self._sessions.SessionManager(database.engine)

    async def create(self, title: str) -> str:
        config = self._sessions.SessionConfig(name=title, canon_path="canon")
        return str((await self._manager.create_session(config)).id)

    async def note(self, key: str, notes: Sequence[str]) -> None:
        self._open(key).state.setdefault(_NOTES, []).extend(notes)

    async def save(self, key: str) -> None:
        if not await self._manager.save_session(self._open(key), force=True):
            raise RuntimeError("LOOM says that it could not save the session")

    async def load(self, key: str) -> Loaded | None:
        found = await self._manager.load_session(key, force_reload=True)
        return None if found is None else Loaded(found.name, found.state.get(_NOTES, []), found)

    async def close(self) -> None:
        await self._database.close()

    def _open(self, key: str) -> Any:
        return self._manager.active_sessions[key]


async def _open(world: SessionsWorld) -> _Keeper:
    database = Database(world.folder / "loom.db")
    await database.prepare()
    return _Keeper(database)


SESSIONS = Sessions(open=_open)
