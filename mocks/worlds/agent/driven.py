"""An SDK's agents as its driver makes them, for the modules beside it that are asked for more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.tools import ToolSpec


class OpenedAgents:
    """Gives back what is held as ``agents`` does, which is what the driver opened."""

    def __init__(self, agents: Any) -> None:
        self._agents = agents

    async def close(self) -> None:
        """See ``AgentSdk``."""
        await self._agents.close()


class DrivenAgents(OpenedAgents):
    """Runs agents, too, as the driver does."""

    async def run(self, agent: Any, asked: str) -> Any:
        """See ``AgentSdk``."""
        return await self._agents.run(agent, asked)


class AskingAgents(DrivenAgents):
    """For an SDK that has nothing of its own for agents that are tools of another one: its
    documentation has a tool run the other agent."""

    def asking(self, spec: AgentSpec, others: Sequence[AgentSpec]) -> Any:
        """See ``TeamsSdk``."""
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
