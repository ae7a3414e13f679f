"""Parley's assistants that are checked, for the benchmarks."""

from __future__ import annotations

from typing import Any

from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.parley.agent import Assistants, assistants, ended
from targets.protocols.agent import Ended, Guardrails, Passes, Stopped


class _Guarded(Assistants):
    def __init__(self, world: AgentWorld) -> None:
        self._guards = assistants("guards")
        super().__init__(world)

    def make(  # type: ignore[override]
        self, spec: AgentSpec, asked: Passes | None, answered: Passes | None
    ) -> Any:
        checks = {"asked": asked, "answered": answered}
        given = {name: check for name, check in checks.items() if check is not None}
        return self._guards.GuardedAssistant(*self.about(spec), **given)

    async def run(self, agent: Any, asked: str) -> Ended:
        try:
            return ended(await agent.run(asked))
        except self._guards.Refused as refused:
            return Stopped(str(refused), None, refused)


OFFERED = Guardrails(open=_Guarded)
