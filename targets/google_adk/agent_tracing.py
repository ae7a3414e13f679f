"""Traces of google-adk: its spans go to the provider of OpenTelemetry that the program has."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module as module
from typing import Any

from mocks.worlds.agent.driven import DrivenAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.google_adk.driver import TARGET
from targets.protocol import Unavailable
from targets.protocols.agent import Tracing


class _Sdk(DrivenAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))

    def make(self, spec: AgentSpec, ended: Callable[[str], None] | None) -> Any:
        agent = self._agents.make(spec)
        if ended is not None:
            _provide(ended)
        return agent


def _provide(ended: Callable[[str], None]) -> None:
    """A program has one provider for good: later exporters are added to it."""
    try:
        trace, sdk = module("opentelemetry.trace"), module("opentelemetry.sdk.trace")
    except ImportError as error:
        raise Unavailable(f"nothing of OpenTelemetry takes spans: {error}") from error

    class Processor(sdk.SpanProcessor):  # type: ignore[misc, name-defined]
        def on_end(self, span: Any) -> None:
            ended(span.name.partition(" ")[0])

    provider = trace.get_tracer_provider()
    if not isinstance(provider, sdk.TracerProvider):
        provider = sdk.TracerProvider()
        trace.set_tracer_provider(provider)
    provider.add_span_processor(Processor())


OFFERED = Tracing(open=_Sdk)
