"""Agents of agent-framework-core that are one another's tools."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mocks.worlds.agent.driven import DrivenAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.agent_framework.driver import TARGET
from targets.protocol import Unavailable
from targets.protocols.agent import Teams


class _Sdk(DrivenAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))

    def handing_over(self, specs: Sequence[AgentSpec]) -> Any:
        raise Unavailable("what hands over is a package of its own, agent-framework-orchestrations")

    def asking(self, spec: AgentSpec, others: Sequence[AgentSpec]) -> Any:
        made = (self._agents.make(each) for each in others)
        tools = [each.as_tool(description="Ask another agent.", arg_name="key") for each in made]
        about = {"name": spec.name, "instructions": spec.instructions}
        return self._agents._sdk.Agent(self._agents._client, **about, tools=tools)


OFFERED = Teams(open=_Sdk)
