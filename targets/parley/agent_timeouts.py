"""Parley's limits of time for the benchmarks: of its tools, and of its model."""

from __future__ import annotations

from typing import Any

from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.parley.agent import Assistants, assistants
from targets.protocols.agent import Timeouts


class _Limited(Assistants):
    def __init__(self, world: AgentWorld) -> None:
        self._limits = assistants("limits")
        super().__init__(world)

    def make(  # type: ignore[override]
        self, spec: AgentSpec, tool_s: float | None, model_s: float | None
    ) -> Any:
        name, model, instructions, tools = self.about(spec)
        if model_s is not None:
            model = self._limits.LimitedModel(model, model_s)
        if tool_s is not None:
            tools = [self._limits.LimitedTool(tool, tool_s) for tool in tools]
        return self.assistant(name, model, instructions, tools)


OFFERED = Timeouts(open=_Limited)
