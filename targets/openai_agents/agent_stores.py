"""Conversations of openai-agents: items are handed on, or kept by its ``SQLiteSession``."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from mocks.worlds.agent.driven import OpenedAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.openai_agents.driver import AGENT, MANY
from targets.protocol import Unavailable
from targets.protocols.agent import Dialogue, Ended, Keeping, Stores


class _HandedOn:
    def __init__(self, run: Any, agent: Any) -> None:
        self._run, self._agent = run, agent
        self._before: list[Any] = []

    async def say(self, asked: str) -> Ended:
        said = [*self._before, {"role": "user", "content": asked}]
        result = await self._run(self._agent, said, max_turns=MANY)
        self._before = result.to_input_list()
        return Ended(result.final_output, None, result)

    async def end(self) -> None:
        """It holds nothing else."""


class _InSession:
    def __init__(self, run: Any, agent: Any, session: Any) -> None:
        self._run, self._agent, self._session = run, agent, session

    async def say(self, asked: str) -> Ended:
        result = await self._run(self._agent, asked, session=self._session, max_turns=MANY)
        return Ended(result.final_output, None, result)

    async def end(self) -> None:
        self._session.close()


class _Sdk(OpenedAgents):
    def __init__(self, world: AgentWorld) -> None:
        super().__init__(AGENT.open(world))
        self._sdk = importlib.import_module("agents")

    async def begin(self, spec: AgentSpec, keeping: Keeping, name: str, folder: Path) -> Dialogue:
        agent, run = self._agents.make(spec), self._sdk.Runner.run
        if keeping is Keeping.HANDED:
            return _HandedOn(run, agent)
        if not hasattr(self._sdk, "SQLiteSession"):
            raise Unavailable("it has no sessions")
        where = [folder / "sessions.db"] if keeping is Keeping.SQLITE else []  # else in memory
        return _InSession(run, agent, self._sdk.SQLiteSession(name, *where))


OFFERED = Stores(open=_Sdk)
