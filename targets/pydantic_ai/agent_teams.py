"""Agents of pydantic-ai that are one another's tools, as its documentation delegates."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.tools import ToolSpec
from mocks.worlds.agent.world import AgentWorld
from targets.protocol import Unavailable
from targets.protocols.agent import Ended, Teams
from targets.pydantic_ai.driver import TARGET


class _Sdk:
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        self._agents: Any = offered.open(world)

    def handing_over(self, specs: Sequence[AgentSpec]) -> Any:
        raise Unavailable("an agent hands over to none: its user runs one after the other")

    def asking(self, spec: AgentSpec, others: Sequence[AgentSpec]) -> Any:
        tools = (
            ToolSpec(
                each.name, "Ask another agent.", self._asks(each.name, self._agents.make(each))
            )
            for each in others
        )
        return self._agents.make(AgentSpec(spec.name, spec.instructions, tuple(tools)))

    def _asks(self, name: str, agent: Any) -> Callable[[str], Awaitable[str]]:
        async def ask(key: str) -> str:
            """Ask another agent."""
            return str((await self._agents.run(agent, key)).text)

        ask.__name__ = name
        return ask

    async def run(self, agent: Any, asked: str) -> Ended:
        ended: Ended = await self._agents.run(agent, asked)
        return ended

    async def close(self) -> None:
        await self._agents.close()


OFFERED = Teams(open=_Sdk)
