"""The floor's agents that wait for an approval, for the benchmarks."""

from __future__ import annotations

from typing import Any

from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.bare.agent import AGENT
from targets.protocols.agent import Approval, Ended


class _Sdk:
    def __init__(self, world: AgentWorld) -> None:
        from floor import agent_approval

        self._floor = agent_approval
        self._agents: Any = AGENT.open(world)

    def make(self, spec: AgentSpec) -> Any:
        tools = [tool.function for tool in spec.tools]
        about = (self._agents._ask, self._agents._tell, spec.instructions, tools)
        return self._floor.CarefulAgent(*about)

    async def start(self, agent: Any, asked: str) -> Any:
        try:
            return await agent.run(asked)
        except self._floor.Paused as paused:
            return paused

    async def resume(self, agent: Any, paused: Any) -> Ended:
        run = await agent.resume(paused)
        return Ended(run.output, None, run)

    async def close(self) -> None:
        await self._agents.close()


OFFERED = Approval(open=_Sdk)
