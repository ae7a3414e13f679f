"""Limits of time of langgraph: a graph has one for each of its steps, of the model or of tools."""

from __future__ import annotations

from typing import Any

from mocks.worlds.agent.driven import DrivenAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.langgraph.driver import TARGET
from targets.protocol import Unavailable
from targets.protocols.agent import Timeouts


class _Sdk(DrivenAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))

    def make(self, spec: AgentSpec, tool_s: float | None, model_s: float | None) -> Any:
        agent = self._agents.make(spec)
        if not hasattr(agent, "step_timeout"):
            raise Unavailable("its steps have no limit")
        agent.step_timeout = tool_s if model_s is None else model_s
        return agent


OFFERED = Timeouts(open=_Sdk)
