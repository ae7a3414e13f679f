"""Traces of haystack-ai: a ``Tracer`` gives out spans."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module as module
from typing import Any

from mocks.worlds.agent.driven import DrivenAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.haystack.driver import TARGET
from targets.protocols.agent import Tracing


def _tracer(ended: Callable[[str], None]) -> Any:
    tracing = module("haystack.tracing")

    def set_tag(self: Any, key: str, value: Any) -> None:
        """Nothing is exported."""

    span = type("Span", (tracing.Span,), {"set_tag": set_tag})

    @contextmanager
    def trace(self: Any, name: str, tags: Any = None, parent_span: Any = None) -> Iterator[Any]:
        try:
            yield span()
        finally:
            ended(name)

    def current_span(self: Any) -> Any:
        return None

    return type("Tracer", (tracing.Tracer,), {"trace": trace, "current_span": current_span})()


class _Sdk(DrivenAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))
        self._tracing = module("haystack.tracing")

    def make(self, spec: AgentSpec, ended: Callable[[str], None] | None) -> Any:
        if ended is not None:
            self._tracing.enable_tracing(_tracer(ended))
        return self._agents.make(spec)

    async def close(self) -> None:
        self._tracing.disable_tracing()
        await super().close()


OFFERED = Tracing(open=_Sdk)
