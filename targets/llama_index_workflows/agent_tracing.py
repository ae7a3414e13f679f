"""Traces of llama-index: a handler of spans is added to its dispatcher."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module as module
from typing import Any

from mocks.worlds.agent.driven import DrivenAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.llama_index_workflows.driver import TARGET
from targets.protocols.agent import Tracing


def _handler(ended: Callable[[str], None]) -> Any:
    span = module("llama_index.core.instrumentation.span").SimpleSpan
    base = module("llama_index.core.instrumentation.span_handlers").BaseSpanHandler

    def new_span(self: Any, id_: str, parent_span_id: Any = None, **about: Any) -> Any:
        return span(id_=id_, parent_id=parent_span_id)

    def exit_span(self: Any, id_: str, **about: Any) -> Any:
        ended(id_.partition("-")[0])  # a span is called like what it is of, and a number
        return self.open_spans.get(id_)

    methods = {"new_span": new_span, "prepare_to_exit_span": exit_span}
    return type("Handler", (base,), {**methods, "prepare_to_drop_span": exit_span})()


class _Sdk(DrivenAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))

    def make(self, spec: AgentSpec, ended: Callable[[str], None] | None) -> Any:
        if ended is not None:
            dispatcher = module("llama_index.core.instrumentation").get_dispatcher()
            dispatcher.add_span_handler(_handler(ended))
        return self._agents.make(spec)


OFFERED = Tracing(open=_Sdk)
