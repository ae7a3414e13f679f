"""Approvals of agent-framework-core: a run ends with requests, the next one has the answers."""

from __future__ import annotations

from importlib import import_module as module
from typing import Any

from mocks.worlds.agent.driven import OpenedAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.agent_framework.driver import TARGET
from targets.protocols.agent import Approval, Ended


class _Sdk(OpenedAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))
        self._sdk = module("agent_framework")

    def make(self, spec: AgentSpec) -> Any:
        made = self._sdk.tool(approval_mode="always_require")
        tools = [made(tool.function) for tool in spec.tools]
        about = {"name": spec.name, "instructions": spec.instructions}
        return self._sdk.Agent(self._agents._client, **about, tools=tools)

    async def start(self, agent: Any, asked: str) -> Any:
        session = agent.create_session()
        return session, await agent.run(asked, session=session)

    async def resume(self, agent: Any, paused: Any) -> Ended:
        session, result = paused
        requests = result.user_input_requests
        given = [each.to_function_approval_response(approved=True) for each in requests]
        result = await agent.run(self._sdk.Message("user", given), session=session)
        return Ended(result.text, None, result)


OFFERED = Approval(open=_Sdk)
