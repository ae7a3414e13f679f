"""Parley's sessions for the benchmarks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mocks.worlds.sessions.world import SessionsWorld
from targets.parley.runtime import runtime
from targets.protocols.sessions import Loaded, Sessions


class _Keeper:
    def __init__(self, world: SessionsWorld) -> None:
        self._module = runtime("sessions")
        self._sessions = self._module.Sessions(str(world.folder / "parley.db"))
        self._open: dict[str, Any] = {}

    async def create(self, title: str) -> str:
        session = self._sessions.create("ana", title)
        key = str(session.id)
        self._open[key] = session
        return key

    async def note(self, key: str, notes: Sequence[str]) -> None:
        self._open[key].lines += [self._module.Line("note", note) for note in notes]

    async def save(self, key: str) -> None:
        self._sessions.save(self._open[key])

    async def load(self, key: str) -> Loaded | None:
        try:
            session = self._sessions.load(int(key), again=True)
        except self._module.NoSession:
            return None
        return Loaded(session.topic, [line.text for line in session.lines], session)

    async def close(self) -> None:
        self._sessions.close()


SESSIONS = Sessions(open=_Keeper)
