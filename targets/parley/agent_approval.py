"""Parley's assistants that wait for a yes, for the benchmarks."""

from __future__ import annotations

from typing import Any

from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.parley.agent import Assistants, assistants, ended
from targets.protocols.agent import Approval, Ended


class _Careful(Assistants):
    def __init__(self, world: AgentWorld) -> None:
        self._approval = assistants("approval")
        super().__init__(world)

    def make(self, spec: AgentSpec) -> Any:
        return self._approval.CarefulAssistant(*self.about(spec))

    async def start(self, agent: Any, asked: str) -> Any:
        return await agent.start(asked)

    async def resume(self, agent: Any, paused: Any) -> Ended:
        return ended(await agent.approve(paused))


OFFERED = Approval(open=_Careful)
