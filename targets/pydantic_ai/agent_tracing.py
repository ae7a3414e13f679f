"""Traces of pydantic-ai: its agents are instrumented with OpenTelemetry, whose API is all there is
installed, so that the tracer is a small one of ours."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from mocks.worlds.agent.driven import DrivenAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.protocol import Unavailable
from targets.protocols.agent import Tracing
from targets.pydantic_ai.driver import TARGET


def _provider(ended: Callable[[str], None]) -> Any:
    api: Any = importlib.import_module("opentelemetry.trace")

    class Span(api.NonRecordingSpan):  # type: ignore[misc]
        def __init__(self, name: str) -> None:
            super().__init__(api.SpanContext(trace_id=1, span_id=1, is_remote=False))
            self._name = name

        def is_recording(self) -> bool:
            return True

        def end(self, end_time: int | None = None) -> None:
            ended(self._name.partition(" ")[0])

    class Tracer(api.Tracer):  # type: ignore[misc]
        def start_span(self, name: str, *args: Any, **kwargs: Any) -> Any:
            return Span(name)

        @contextmanager
        def start_as_current_span(self, name: str, *args: Any, **kwargs: Any) -> Iterator[Any]:
            with api.use_span(Span(name), end_on_exit=kwargs.get("end_on_exit", True)) as span:
                yield span

    class Provider(api.TracerProvider):  # type: ignore[misc]
        def get_tracer(self, *args: Any, **kwargs: Any) -> Any:
            return Tracer()

    return Provider()


class _Sdk(DrivenAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))

    def make(self, spec: AgentSpec, ended: Callable[[str], None] | None) -> Any:
        agent = self._agents.make(spec)
        if ended is not None:
            try:
                instrumented = importlib.import_module("pydantic_ai.models.instrumented")
                settings = instrumented.InstrumentationSettings(tracer_provider=_provider(ended))
            except (ImportError, AttributeError) as error:
                raise Unavailable(f"its agents cannot be instrumented: {error}") from error
            agent.instrument = settings
        return agent


OFFERED = Tracing(open=_Sdk)
