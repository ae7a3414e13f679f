"""Guardrails of agno: hooks before a run and after it, whose errors become its result."""

from __future__ import annotations

import importlib
from typing import Any

from mocks.worlds.agent.driven import OpenedAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.agno.driver import TARGET
from targets.protocol import Unavailable
from targets.protocols.agent import Ended, Guardrails, Passes, Stopped


class _Sdk(OpenedAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))
        self._errors = importlib.import_module("agno.exceptions")
        try:
            self._guardrail = importlib.import_module("agno.guardrails").BaseGuardrail
        except ImportError as error:
            raise Unavailable("it has no guardrails") from error

    def make(self, spec: AgentSpec, asked: Passes | None, answered: Passes | None) -> Any:
        about = {"name": spec.name, "instructions": spec.instructions, "model": self._agents._model}
        about["tools"] = [tool.function for tool in spec.tools]
        hooks = {"pre_hooks": asked and self._before(asked)}
        hooks["post_hooks"] = answered and self._after(answered)
        return self._agents._agent(**about, **{k: [hook] for k, hook in hooks.items() if hook})

    def _before(self, passes: Passes) -> Any:
        error = self._errors.InputCheckError

        async def async_check(self: Any, run_input: Any) -> None:
            if not await passes(run_input.input_content_string()):
                raise error("this is not to be asked")

        def check(self: Any, run_input: Any) -> None:
            raise NotImplementedError("it is asked asynchronously")

        return type("Guard", (self._guardrail,), {"async_check": async_check, "check": check})()

    def _after(self, passes: Passes) -> Any:
        async def check(run_output: Any) -> None:
            if not await passes(run_output.content):
                raise self._errors.OutputCheckError("this is not to be answered")

        return check

    async def run(self, agent: Any, asked: str) -> Ended:
        result = await agent.arun(asked)
        if result.status == "ERROR":
            return Stopped(str(result.content), None, result)
        return Ended(result.content, None, result)


OFFERED = Guardrails(open=_Sdk)
