"""Guardrails of agent-framework-core: middleware around a run, which sets its result."""

from __future__ import annotations

from importlib import import_module as module
from typing import Any

from mocks.worlds.agent.driven import OpenedAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.agent_framework.driver import TARGET
from targets.protocols.agent import Ended, Guardrails, Passes, Stopped

REFUSAL = "This may not be."


class _Sdk(OpenedAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))
        self._sdk = module("agent_framework")

    def make(self, spec: AgentSpec, asked: Passes | None, answered: Passes | None) -> Any:
        tools = [tool.function for tool in spec.tools]
        about = {"name": spec.name, "instructions": spec.instructions, "tools": tools}
        if asked is not None or answered is not None:
            about["middleware"] = [self._around(asked, answered)]
        return self._sdk.Agent(self._agents._client, **about)

    def _around(self, asked: Passes | None, answered: Passes | None) -> Any:
        def refuse(context: Any) -> None:
            said = self._sdk.Message("assistant", [REFUSAL])
            context.result = self._sdk.AgentResponse(messages=[said])

        async def process(self: Any, context: Any, call_next: Any) -> None:
            if asked is not None and not await asked(context.messages[-1].text):
                return refuse(context)
            await call_next()
            if answered is not None and not await answered(context.result.text):
                refuse(context)
            return None

        return type("Guard", (self._sdk.AgentMiddleware,), {"process": process})()

    async def run(self, agent: Any, asked: str) -> Ended:
        result = await agent.run(asked)
        return (Stopped if result.text == REFUSAL else Ended)(result.text, None, result)


OFFERED = Guardrails(open=_Sdk)
