"""Guardrails of google-adk: callbacks before an agent and after its model, which answer instead."""

from __future__ import annotations

from importlib import import_module as module
from typing import Any

from mocks.worlds.agent.driven import OpenedAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.google_adk.driver import APP, TARGET
from targets.protocols.agent import Ended, Guardrails, Passes, Stopped

REFUSAL = "This may not be."


class _Sdk(OpenedAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))
        self._refusal = module("google.genai.types").ModelContent(REFUSAL)

    def make(self, spec: AgentSpec, asked: Passes | None, answered: Passes | None) -> Any:
        about = {"name": spec.name, "model": self._agents._model, "instruction": spec.instructions}
        about["tools"] = [tool.function for tool in spec.tools]
        if asked is not None:
            about["before_agent_callback"] = self._before(asked)
        if answered is not None:
            about["after_model_callback"] = self._after(answered)
        return self._agents._runner(self._agents._agent(**about), **APP)

    def _before(self, passes: Passes) -> Any:
        async def check(callback_context: Any) -> Any:
            text = callback_context.user_content.parts[0].text
            return None if await passes(text) else self._refusal

        return check

    def _after(self, passes: Passes) -> Any:
        new = module("google.adk.models").LlmResponse

        async def check(callback_context: Any, llm_response: Any) -> Any:
            text = llm_response.content.parts[0].text
            return None if not text or await passes(text) else new(content=self._refusal)

        return check

    async def run(self, agent: Any, asked: str) -> Ended:
        events = [event async for event in self._agents._events(agent, asked)]
        text = events[-1].content.parts[0].text
        return (Stopped if text == REFUSAL else Ended)(text, None, events)


OFFERED = Guardrails(open=_Sdk)
