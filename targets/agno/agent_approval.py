"""Approvals of agno: a tool requires a confirmation, and a run that waits for it is continued."""

from __future__ import annotations

import importlib
from typing import Any

from mocks.worlds.agent.driven import OpenedAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.agno.driver import TARGET
from targets.protocol import Unavailable
from targets.protocols.agent import Approval, Ended


class _Sdk(OpenedAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))

    def make(self, spec: AgentSpec) -> Any:
        function = importlib.import_module("agno.tools.function").Function
        if "requires_confirmation" not in function.model_fields:
            raise Unavailable("its tools need no approval")
        tools = [function.from_callable(tool.function) for tool in spec.tools]
        for tool in tools:
            tool.requires_confirmation = True
        about = {"name": spec.name, "instructions": spec.instructions, "tools": tools}
        return self._agents._agent(model=self._agents._model, **about)

    async def start(self, agent: Any, asked: str) -> Any:
        return await agent.arun(asked)

    async def resume(self, agent: Any, paused: Any) -> Ended:
        for tool in paused.tools:
            tool.confirmed = True
        result = await agent.acontinue_run(run_response=paused)
        return Ended(result.content, None, result)


OFFERED = Approval(open=_Sdk)
