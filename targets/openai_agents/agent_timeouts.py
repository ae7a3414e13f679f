"""Limits of time of openai-agents: its function tools have one; a model's client has its own."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

from mocks.worlds.agent.driven import DrivenAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.openai_agents.driver import AGENT
from targets.protocol import Unavailable
from targets.protocols.agent import Timeouts


class _Sdk(DrivenAgents):
    def __init__(self, world: AgentWorld) -> None:
        super().__init__(AGENT.open(world))
        self._tool = importlib.import_module("agents").function_tool

    def make(self, spec: AgentSpec, tool_s: float | None, model_s: float | None) -> Any:
        if model_s is not None:
            raise Unavailable("a call to the model has no limit but that of its client")
        if "timeout" not in inspect.signature(self._tool).parameters:
            raise Unavailable("its tools have no limit")
        agent = self._agents.make(spec)
        agent.tools = [self._tool(tool.function, timeout=tool_s) for tool in spec.tools]
        return agent


OFFERED = Timeouts(open=_Sdk)
