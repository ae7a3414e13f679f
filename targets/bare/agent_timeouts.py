"""The floor's agents with limits of time, for the benchmarks."""

from __future__ import annotations

from typing import Any

from mocks.worlds.agent.driven import DrivenAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.bare.agent import AGENT
from targets.protocols.agent import Timeouts


class _Sdk(DrivenAgents):
    def __init__(self, world: AgentWorld) -> None:
        from floor import agent_timeouts

        self._floor = agent_timeouts
        super().__init__(AGENT.open(world))

    def make(self, spec: AgentSpec, tool_s: float | None, model_s: float | None) -> Any:
        tools = [tool.function for tool in spec.tools]
        about = (self._agents._ask, self._agents._tell, spec.instructions, tools)
        return self._floor.LimitedAgent(tool_s, model_s, *about)


OFFERED = Timeouts(open=_Sdk)
