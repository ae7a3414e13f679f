"""Parley's traces for the benchmarks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.parley.agent import Assistants, assistants
from targets.protocols.agent import Tracing


class _Traced(Assistants):
    def __init__(self, world: AgentWorld) -> None:
        self._traces = assistants("traces")
        super().__init__(world)

    def make(  # type: ignore[override]
        self, spec: AgentSpec, ended: Callable[[str], None] | None
    ) -> Any:
        if ended is None:
            return super().make(spec)
        tell = ended
        tracer = self._traces.Tracer(lambda span: tell(span.kind))
        return self.assistant(*self.about(spec), tracer=tracer)


OFFERED = Tracing(open=_Traced)
