"""Conversations of agno: messages are handed on, or a database of its own keeps sessions."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from mocks.worlds.agent.driven import OpenedAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.agno.driver import TARGET
from targets.protocol import Unavailable
from targets.protocols.agent import Dialogue, Ended, Keeping, Stores

ALL = {"add_history_to_context": True, "num_history_runs": 1000}  # the SDK's own number is 3


class _HandedOn:
    def __init__(self, agent: Any) -> None:
        self._agent = agent
        self._message = importlib.import_module("agno.models.message").Message
        self._before: list[Any] = []

    async def say(self, asked: str) -> Ended:
        said = [*self._before, self._message(role="user", content=asked)]
        result = await self._agent.arun(said)
        self._before = [each for each in result.messages if each.role != "system"]
        return Ended(result.content, None, result)

    async def end(self) -> None:
        """It holds nothing else."""


class _InSession:
    def __init__(self, agent: Any, name: str) -> None:
        self._agent, self._name = agent, name

    async def say(self, asked: str) -> Ended:
        result = await self._agent.arun(asked, session_id=self._name)
        return Ended(result.content, None, result)

    async def end(self) -> None:
        """It goes with its agent."""


class _Sdk(OpenedAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))

    async def begin(self, spec: AgentSpec, keeping: Keeping, name: str, folder: Path) -> Dialogue:
        if keeping is Keeping.HANDED:
            return _HandedOn(self._agents.make(spec))
        about = {"name": spec.name, "instructions": spec.instructions}
        kept = {"db": _database(keeping, folder), **ALL}
        return _InSession(self._agents._agent(model=self._agents._model, **about, **kept), name)


def _database(keeping: Keeping, folder: Path) -> Any:
    module = "in_memory" if keeping is Keeping.MEMORY else "sqlite"
    try:
        made = importlib.import_module(f"agno.db.{module}")
    except ImportError as error:
        raise Unavailable(f"its database needs what it does not bring: {error}") from error
    if keeping is Keeping.MEMORY:
        return made.InMemoryDb()
    return made.SqliteDb(db_file=str(folder / "agno.db"))


OFFERED = Stores(open=_Sdk)
