"""Conversations of haystack-ai: messages are handed on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mocks.worlds.agent.driven import OpenedAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.haystack.driver import TARGET
from targets.protocol import Unavailable
from targets.protocols.agent import Dialogue, Ended, Keeping, Stores


class _HandedOn:
    def __init__(self, agent: Any, message: Any) -> None:
        self._agent, self._message = agent, message
        self._before: list[Any] = []

    async def say(self, asked: str) -> Ended:
        result = await self._agent.run_async(messages=[*self._before, self._message(asked)])
        self._before = [each for each in result["messages"] if each.role != "system"]
        return Ended(self._before[-1].text or "", None, result)

    async def end(self) -> None:
        """It holds nothing else."""


class _Sdk(OpenedAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))

    async def begin(self, spec: AgentSpec, keeping: Keeping, name: str, folder: Path) -> Dialogue:
        if keeping is not Keeping.HANDED:
            raise Unavailable("its agents keep no conversations")
        return _HandedOn(self._agents.make(spec), self._agents._asked)


OFFERED = Stores(open=_Sdk)
