"""Agents of openai-agents that hand over to one another, or are one another's tools."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

from mocks.model import Reply
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld, Heard
from targets.openai_agents.driver import AGENT
from targets.protocols.agent import Ended, Teams


class _Inputs:
    """A world whose calls of agents have the argument that these want, besides the key."""

    model_url = ""

    def __init__(self, world: AgentWorld) -> None:
        self._world = world

    async def answer(self, heard: Heard) -> Reply:
        reply = await self._world.answer(heard)
        tools = (
            call._replace(arguments={**call.arguments, "input": call.arguments["key"]})
            for call in reply.tools
        )
        return reply._replace(tools=tuple(tools))


class _Sdk:
    def __init__(self, world: AgentWorld) -> None:
        self._handing: Any = AGENT.open(world)
        self._asking: Any = AGENT.open(_Inputs(world))  # type: ignore[arg-type]
        self._sdk = importlib.import_module("agents")

    def handing_over(self, specs: Sequence[AgentSpec]) -> Any:
        agent: Any = None
        for spec in reversed(specs):
            after, agent = agent, self._handing.make(spec)
            if after is not None:
                agent.handoffs.append(self._sdk.handoff(after, tool_name_override=after.name))
        return agent

    def asking(self, spec: AgentSpec, others: Sequence[AgentSpec]) -> Any:
        agent = self._asking.make(spec)
        for each in others:
            tool = self._asking.make(each).as_tool(each.name, "Ask another agent.")
            agent.tools.append(tool)
        return agent

    async def run(self, agent: Any, asked: str) -> Ended:
        ended: Ended = await self._handing.run(agent, asked)
        return ended

    async def close(self) -> None:
        await self._handing.close()


OFFERED = Teams(open=_Sdk)
