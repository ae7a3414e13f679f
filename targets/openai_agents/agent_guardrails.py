"""Guardrails of openai-agents: an input's runs beside the model, and raises when it trips."""

from __future__ import annotations

import importlib
from typing import Any

from mocks.worlds.agent.driven import OpenedAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.openai_agents.driver import AGENT, MANY
from targets.protocols.agent import Ended, Guardrails, Passes, Stopped


class _Sdk(OpenedAgents):
    def __init__(self, world: AgentWorld) -> None:
        super().__init__(AGENT.open(world))
        self._sdk = importlib.import_module("agents")

    def make(self, spec: AgentSpec, asked: Passes | None, answered: Passes | None) -> Any:
        agent = self._agents.make(spec)
        if asked is not None:
            agent.input_guardrails = [self._sdk.InputGuardrail(self._guard(asked))]
        if answered is not None:
            agent.output_guardrails = [self._sdk.OutputGuardrail(self._guard(answered))]
        return agent

    def _guard(self, passes: Passes) -> Any:
        async def guard(context: Any, agent: Any, said: Any) -> Any:
            text = said if isinstance(said, str) else said[-1]["content"]
            return self._sdk.GuardrailFunctionOutput(None, not await passes(text))

        return guard

    async def run(self, agent: Any, asked: str) -> Ended:
        sdk = self._sdk
        tripped = sdk.InputGuardrailTripwireTriggered, sdk.OutputGuardrailTripwireTriggered
        try:
            result = await sdk.Runner.run(agent, asked, max_turns=MANY)
        except tripped as error:
            return Stopped(str(error), None, error)
        return Ended(result.final_output, None, result)


OFFERED = Guardrails(open=_Sdk)
