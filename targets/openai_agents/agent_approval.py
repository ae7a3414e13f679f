"""Approvals of openai-agents: a run's result has interruptions, and its state is resumed."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

from mocks.worlds.agent.driven import OpenedAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.openai_agents.driver import AGENT, MANY
from targets.protocol import Unavailable
from targets.protocols.agent import Approval, Ended


class _Sdk(OpenedAgents):
    def __init__(self, world: AgentWorld) -> None:
        super().__init__(AGENT.open(world))
        self._sdk = importlib.import_module("agents")

    def make(self, spec: AgentSpec) -> Any:
        if "needs_approval" not in inspect.signature(self._sdk.function_tool).parameters:
            raise Unavailable("its tools need no approval")
        agent = self._agents.make(spec)
        tools = (tool.function for tool in spec.tools)
        agent.tools = [self._sdk.function_tool(tool, needs_approval=True) for tool in tools]
        return agent

    async def start(self, agent: Any, asked: str) -> Any:
        return await self._sdk.Runner.run(agent, asked, max_turns=MANY)

    async def resume(self, agent: Any, paused: Any) -> Ended:
        state = paused.to_state()
        for interruption in paused.interruptions:
            state.approve(interruption)
        result = await self._sdk.Runner.run(agent, state, max_turns=MANY)
        return Ended(result.final_output, None, result)


OFFERED = Approval(open=_Sdk)
