"""Stores of conversations with a mistake of one's choice each: the floor's, but for that."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.bare.agent_stores import _Sdk
from targets.protocol import Unavailable
from targets.protocols.agent import Dialogue, Keeping, Stores

_ended: list[Any] = []
"""What is kept by mistake."""


def _log(floor: Any, mistake: str) -> Any:
    class Log(floor.InMemory):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self._versions: list[Any] = []

        async def load(self) -> Sequence[Any]:
            said: Sequence[Any] = await super().load()
            if mistake == "copies what it loads":
                return copy.deepcopy(said)
            return said[-2:] if mistake == "keeps the last turn" else said

        async def append(self, said: Sequence[Any]) -> None:
            await super().append(said)
            if mistake == "keeps each version":
                texts = [dict(one, content=one["content"] + ".") for one in self._said]
                self._versions.append(texts)
            if mistake == "keeps what has ended":
                _ended.append(self._said)

    return Log()


def _table(floor: Any, mistake: str, folder: Path, name: str) -> Any:
    class Table(floor.InSqlite):  # type: ignore[misc]
        def _append(self, said: Sequence[Any]) -> None:
            if mistake == "writes all anew":
                said = [*self._load(), *said]
                with self._db:
                    self._db.execute("DELETE FROM said")
                self._count = 0
            if mistake == "never writes":
                return
            super()._append(said)

    return Table(folder / "said.db", name)


class MadeStores(_Sdk):
    """The floor's with that mistake, which is in one of its two stores."""

    mistake = ""

    async def begin(self, spec: AgentSpec, keeping: Keeping, name: str, folder: Path) -> Dialogue:
        if keeping is Keeping.SQLITE and self.mistake == "has no database":
            raise Unavailable("it has none")
        dialogue: Any = await super().begin(spec, keeping, name, folder)
        if keeping is Keeping.MEMORY:
            dialogue._conversation._log = _log(self._floor, self.mistake)
        if keeping is Keeping.SQLITE:
            dialogue._conversation._log._db.close()
            dialogue._conversation._log = _table(self._floor, self.mistake, folder, name)
        return dialogue  # type: ignore[no-any-return]


def made_stores(mistake: str) -> Stores:
    """What a driver offers whose stores have this mistake; "" is none."""

    def opened(world: AgentWorld) -> MadeStores:
        sdk = MadeStores(world)
        sdk.mistake = mistake
        return sdk

    return Stores(open=opened)
