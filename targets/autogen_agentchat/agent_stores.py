"""Conversations of autogen-agentchat: an agent has them, or its state is handed on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mocks.worlds.agent.driven import OpenedAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.autogen_agentchat.driver import TARGET
from targets.protocol import Unavailable
from targets.protocols.agent import Dialogue, Ended, Keeping, Stores


class _OfAgent:
    def __init__(self, agent: Any, hands_on: bool) -> None:
        self._agent, self._hands_on = agent, hands_on
        self._state: Any = None

    async def say(self, asked: str) -> Ended:
        if self._state is not None:
            await self._agent.load_state(self._state)
        result = await self._agent.run(task=asked)
        if self._hands_on:
            self._state = await self._agent.save_state()
        return Ended(result.messages[-1].content, None, result)

    async def end(self) -> None:
        """It goes with its agent."""


class _Sdk(OpenedAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))

    async def begin(self, spec: AgentSpec, keeping: Keeping, name: str, folder: Path) -> Dialogue:
        if keeping is Keeping.SQLITE:
            raise Unavailable("it has no store in SQLite")
        return _OfAgent(self._agents._made(spec), keeping is Keeping.HANDED)


OFFERED = Stores(open=_Sdk)
