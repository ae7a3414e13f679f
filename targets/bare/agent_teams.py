"""The floor's agents that call one another, for the benchmarks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.bare.agent import _Sdk
from targets.protocols.agent import Ended, Teams


class _Agents(_Sdk):
    def __init__(self, world: AgentWorld) -> None:
        super().__init__(world)
        from floor import agent_teams

        self._teams = agent_teams

    def handing_over(self, specs: Sequence[AgentSpec]) -> Any:
        members = [self._teams.Member(spec.name, spec.instructions) for spec in specs]
        return self._teams.Line(self._ask, members)

    def asking(self, spec: AgentSpec, others: Sequence[AgentSpec]) -> Any:
        tools = [self._teams.as_tool(each.name, self.make(each)) for each in others]
        return self._floor.Agent(self._ask, self._tell, spec.instructions, tools)

    async def run(self, agent: Any, asked: str) -> Ended:
        run = await agent.run(asked)
        return Ended(run.output, None, run)


OFFERED = Teams(open=_Agents)
