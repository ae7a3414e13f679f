"""Limits of time of pydantic-ai: its tools have one, and in newer releases requests to models."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

from mocks.worlds.agent.driven import DrivenAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.protocol import Unavailable
from targets.protocols.agent import Timeouts
from targets.pydantic_ai.driver import TARGET


class _Sdk(DrivenAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))
        self._sdk = importlib.import_module("pydantic_ai")

    def make(self, spec: AgentSpec, tool_s: float | None, model_s: float | None) -> Any:
        settings = importlib.import_module("pydantic_ai.settings").ModelSettings
        about: dict[str, Any] = {"name": spec.name, "system_prompt": spec.instructions}
        if model_s is not None:
            if "request_timeout" not in settings.__annotations__:
                raise Unavailable("a request to a model has no limit but that of its client")
            about["model_settings"] = settings(request_timeout=model_s)
        if tool_s is not None:
            if "timeout" not in inspect.signature(self._sdk.Tool.__init__).parameters:
                raise Unavailable("its tools have no limit")
            about["tools"] = [self._sdk.Tool(t.function, timeout=tool_s) for t in spec.tools]
        return self._sdk.Agent(self._agents._model, **about)


OFFERED = Timeouts(open=_Sdk)
