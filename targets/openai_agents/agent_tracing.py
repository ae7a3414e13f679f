"""Traces of openai-agents: a ``TracingProcessor`` gets its spans."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from mocks.worlds.agent.driven import DrivenAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.openai_agents.driver import AGENT
from targets.protocols.agent import Tracing


def _processor(tracing: Any, ended: Callable[[str], None]) -> Any:
    def nothing(self: Any, *args: Any, **kwargs: Any) -> None:
        """Nothing is exported."""

    def on_span_end(self: Any, span: Any) -> None:
        ended(span.span_data.type)

    names = ("on_trace_start", "on_trace_end", "on_span_start", "shutdown", "force_flush")
    methods = {**dict.fromkeys(names, nothing), "on_span_end": on_span_end}
    return type("Processor", (tracing.TracingProcessor,), methods)()


class _Sdk(DrivenAgents):
    def __init__(self, world: AgentWorld) -> None:
        super().__init__(AGENT.open(world))
        self._sdk = importlib.import_module("agents")

    def make(self, spec: AgentSpec, ended: Callable[[str], None] | None) -> Any:
        if ended is not None:
            self._sdk.set_trace_processors([_processor(self._sdk.tracing, ended)])
            self._sdk.set_tracing_disabled(False)
        return self._agents.make(spec)

    async def close(self) -> None:
        self._sdk.set_tracing_disabled(True)
        await super().close()


OFFERED = Tracing(open=_Sdk)
