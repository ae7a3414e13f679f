"""Guardrails of pydantic-ai: a capability around a whole run, which it ends by an error of its own.

The SDK has hooks, and no guardrails of its own; those that others publish for it are such
capabilities.
"""

from __future__ import annotations

import importlib
import inspect
from typing import Any

from mocks.worlds.agent.driven import DrivenAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.protocol import Unavailable
from targets.protocols.agent import Ended, Guardrails, Passes, Stopped
from targets.pydantic_ai.driver import TARGET


class Refused(Exception):
    """What was asked, or answered, may not pass."""


class _Sdk(DrivenAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))
        self._sdk = importlib.import_module("pydantic_ai")
        if "capabilities" not in inspect.signature(self._sdk.Agent.__init__).parameters:
            raise Unavailable("nothing is called around a run")
        self._base = importlib.import_module("pydantic_ai.capabilities").AbstractCapability

    def make(self, spec: AgentSpec, asked: Passes | None, answered: Passes | None) -> Any:
        about: dict[str, Any] = {"name": spec.name, "system_prompt": spec.instructions}
        about["tools"] = [self._sdk.Tool(tool.function) for tool in spec.tools]
        if asked is not None or answered is not None:
            about["capabilities"] = [self._around(asked, answered)]
        return self._sdk.Agent(self._agents._model, **about)

    def _around(self, asked: Passes | None, answered: Passes | None) -> Any:
        async def wrap_run(self: Any, ctx: Any, *, handler: Any) -> Any:
            if asked is not None and not await asked(ctx.prompt):
                raise Refused("this may not be asked")
            result = await handler()
            if answered is not None and not await answered(result.output):
                raise Refused("this may not be answered")
            return result

        return type("Guard", (self._base,), {"wrap_run": wrap_run})()

    async def run(self, agent: Any, asked: str) -> Ended:
        try:
            ended: Ended = await super().run(agent, asked)
        except Refused as error:
            return Stopped(str(error), None, error)
        return ended


OFFERED = Guardrails(open=_Sdk)
