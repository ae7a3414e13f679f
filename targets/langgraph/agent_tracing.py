"""Traces of langgraph: a tracer of langchain-core gets a tree of runs when the first has ended."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from mocks.worlds.agent.driven import DrivenAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.langgraph.driver import TARGET
from targets.protocols.agent import Tracing


def _tracer(ended: Callable[[str], None]) -> Any:
    base: Any = importlib.import_module("langchain_core.tracers.base").BaseTracer

    class Tracer(base):  # type: ignore[misc]
        run_inline = True  # as the tracer of LangSmith

        def _persist_run(self, run: Any) -> None:
            waiting = [run]
            while waiting:
                one = waiting.pop()
                ended(one.run_type)
                waiting += one.child_runs

    return Tracer()


class _Sdk(DrivenAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))

    def make(self, spec: AgentSpec, ended: Callable[[str], None] | None) -> Any:
        agent = self._agents.make(spec)
        return agent if ended is None else agent.with_config(callbacks=[_tracer(ended)])


OFFERED = Tracing(open=_Sdk)
