"""Agents that call one another, or are traced, each with a mistake of one's choice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.bare.agent_teams import _Agents
from targets.bare.agent_tracing import _Sdk
from targets.protocols.agent import Ended, Teams, Tracing


class MadeTeams(_Agents):
    """Agents that call one another."""

    mistake = ""

    def handing_over(self, specs: Sequence[AgentSpec]) -> Any:
        if self.mistake == "keeps its instructions":
            specs = [AgentSpec(spec.name, specs[0].instructions) for spec in specs]
        return super().handing_over(specs)

    def asking(self, spec: AgentSpec, others: Sequence[AgentSpec]) -> Any:
        agent = super().asking(spec, others)
        one_by_one = asyncio.Lock()
        for name, tool in agent._tools.items():
            agent._tools[name] = self._made(tool, one_by_one)
        return agent

    def _made(self, tool: Any, one_by_one: asyncio.Lock) -> Any:
        async def ask(key: str) -> Any:
            if self.mistake == "one after the other":
                async with one_by_one:
                    return await tool(key)
            if self.mistake == "asks twice":
                await tool(key)
            if self.mistake == "asks for another errand":
                return await tool(key.replace("#a0", "#a9"))
            return await tool(key)

        return ask


def made_teams(mistake: str) -> Teams:
    """What a driver offers whose agents have this mistake; "" is none."""

    def opened(world: AgentWorld) -> MadeTeams:
        sdk = MadeTeams(world)
        sdk.mistake = mistake
        return sdk

    return Teams(open=opened)


class MadeTracing(_Sdk):
    """Agents that are traced."""

    mistake = ""

    def __init__(self, world: AgentWorld) -> None:
        super().__init__(world)
        self._kept: list[object] = []

    def make(self, spec: AgentSpec, ended: Callable[[str], None] | None) -> Any:
        if self.mistake == "cannot be turned off":
            return super().make(spec, ended or self._kept.append)
        return super().make(spec, None if self.mistake == "traces nothing" else ended)

    async def run(self, agent: Any, asked: str) -> Ended:
        ended = await super().run(agent, asked)
        if self.mistake == "keeps what it traced":
            self._kept.append(bytearray(10_000))
        return ended


def made_tracing(mistake: str) -> Tracing:
    """The same of traces."""

    def opened(world: AgentWorld) -> MadeTracing:
        sdk = MadeTracing(world)
        sdk.mistake = mistake
        return sdk

    return Tracing(open=opened)
