"""The floor's agents with guardrails, for the benchmarks."""

from __future__ import annotations

from typing import Any

from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.bare.agent import AGENT
from targets.protocols.agent import Ended, Guardrails, Passes, Stopped


class _Sdk:
    def __init__(self, world: AgentWorld) -> None:
        from floor import agent_guardrails

        self._floor = agent_guardrails
        self._agents: Any = AGENT.open(world)

    def make(self, spec: AgentSpec, asked: Passes | None, answered: Passes | None) -> Any:
        tools = [tool.function for tool in spec.tools]
        about = (self._agents._ask, self._agents._tell, spec.instructions, tools)
        return self._floor.GuardedAgent(asked, answered, *about)

    async def run(self, agent: Any, asked: str) -> Ended:
        try:
            run = await agent.run(asked)
        except self._floor.Refused as refused:
            return Stopped(str(refused), None, refused)
        return Ended(run.output, None, run)

    async def close(self) -> None:
        await self._agents.close()


OFFERED = Guardrails(open=_Sdk)
