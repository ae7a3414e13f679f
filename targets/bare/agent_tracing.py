"""The floor's traced agents for the benchmarks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mocks.worlds.agent.driven import DrivenAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.bare.agent import AGENT
from targets.protocols.agent import Tracing


class _Sdk(DrivenAgents):
    def __init__(self, world: AgentWorld) -> None:
        from floor import agent_tracing

        self._floor = agent_tracing
        super().__init__(AGENT.open(world))

    def make(self, spec: AgentSpec, ended: Callable[[str], None] | None) -> Any:
        if ended is None:
            return self._agents.make(spec)
        tools = [tool.function for tool in spec.tools]
        about = (self._agents._tell, spec.instructions, tools)
        return self._floor.TracedAgent(ended, self._agents._ask, *about)


OFFERED = Tracing(open=_Sdk)
