"""Conversations of agent-framework-core: messages are handed on, or a session has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mocks.worlds.agent.driven import OpenedAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.agent_framework.driver import TARGET
from targets.protocol import Unavailable
from targets.protocols.agent import Dialogue, Ended, Keeping, Stores


class _HandedOn:
    def __init__(self, agent: Any, message: Any) -> None:
        self._agent, self._message = agent, message
        self._before: list[Any] = []

    async def say(self, asked: str) -> Ended:
        said = [*self._before, self._message("user", [asked])]
        result = await self._agent.run(said)
        self._before = [*said, *result.messages]
        return Ended(result.text, None, result)

    async def end(self) -> None:
        """It holds nothing else."""


class _InSession:
    def __init__(self, agent: Any, name: str) -> None:
        self._agent = agent
        self._session = agent.create_session(session_id=name)

    async def say(self, asked: str) -> Ended:
        result = await self._agent.run(asked, session=self._session)
        return Ended(result.text, None, result)

    async def end(self) -> None:
        """It goes with its last reference."""


class _Sdk(OpenedAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))

    async def begin(self, spec: AgentSpec, keeping: Keeping, name: str, folder: Path) -> Dialogue:
        if keeping is Keeping.SQLITE:
            raise Unavailable("it has no store in SQLite")
        agent = self._agents.make(spec)
        if keeping is Keeping.HANDED:
            return _HandedOn(agent, self._agents._sdk.Message)
        return _InSession(agent, name)


OFFERED = Stores(open=_Sdk)
