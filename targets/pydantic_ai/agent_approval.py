"""Approvals of pydantic-ai: a run ends with deferred requests, another one has their results."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

from mocks.worlds.agent.driven import OpenedAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.protocol import Unavailable
from targets.protocols.agent import Approval, Ended
from targets.pydantic_ai.driver import TARGET


class _Sdk(OpenedAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))
        self._sdk = importlib.import_module("pydantic_ai")

    def make(self, spec: AgentSpec) -> Any:
        if "requires_approval" not in inspect.signature(self._sdk.Tool.__init__).parameters:
            raise Unavailable("its tools need no approval")
        about = {"name": spec.name, "system_prompt": spec.instructions}
        tools = [self._sdk.Tool(tool.function, requires_approval=True) for tool in spec.tools]
        ends = [str, self._sdk.DeferredToolRequests]
        return self._sdk.Agent(self._agents._model, **about, tools=tools, output_type=ends)

    async def start(self, agent: Any, asked: str) -> Any:
        return await agent.run(asked)

    async def resume(self, agent: Any, paused: Any) -> Ended:
        approvals = {call.tool_call_id: True for call in paused.output.approvals}
        results = self._sdk.DeferredToolResults(approvals=approvals)
        before = paused.all_messages()
        result = await agent.run(message_history=before, deferred_tool_results=results)
        return Ended(result.output, None, result)


OFFERED = Approval(open=_Sdk)
