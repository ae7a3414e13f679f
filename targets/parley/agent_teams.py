"""Parley's assistants that hand over, or ask one another, for the benchmarks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.parley.agent import Assistants, assistants
from targets.protocols.agent import Teams


class _Team(Assistants):
    def __init__(self, world: AgentWorld) -> None:
        self._teams = assistants("teams")
        super().__init__(world)

    def handing_over(self, specs: Sequence[AgentSpec]) -> Any:
        return self._teams.Relay([self.make(spec) for spec in specs])

    def asking(self, spec: AgentSpec, others: Sequence[AgentSpec]) -> Any:
        tools = [self._teams.as_tool(self.make(each)) for each in others]
        name, model, instructions, _ = self.about(spec)
        return self.assistant(name, model, instructions, tools)


OFFERED = Teams(open=_Team)
