"""Agents: an SDK connected to Unladen's mock world, at its own interface for models.

What is driven is ``agent_example``; put your SDK in its place. Use its public API only, inside
functions, and raise ``Unavailable("why")`` for what a commit of its history lacks.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Any

from mocks.worlds.agent.specs import AgentSpec, Findings, findings
from mocks.worlds.agent.world import AgentWorld, Heard, Who
from targets.protocols.agent import Agent, Ended


def heard(system: str, messages: Sequence[Any], tools: Sequence[str] = ()) -> Heard:
    """What your SDK tells its model, its newest message first; tool calls by their arguments."""
    return Heard(system, ((Who(one.role), one.text) for one in reversed(messages)), tools)


class Sdk:
    """Your SDK, which makes agents and runs them; here it is their model too."""

    def __init__(self, world: AgentWorld) -> None:
        from . import agent_example as sdk

        self._sdk, self._world = sdk, world

    async def ask(self, system: str, messages: Sequence[Any], tools: Sequence[str]) -> Any:
        """The world's whole answer: a text, or tool calls."""
        reply = await self._world.answer(heard(system, messages, tools))
        return reply.text, [(call.name, dict(call.arguments)) for call in reply.tools]

    def words(self, system: str, messages: Sequence[Any]) -> Any:
        """The world's answer in words, as it comes."""
        return self._world.stream(heard(system, messages))

    def make(self, spec: AgentSpec) -> Any:
        """A new agent, as a user makes one."""
        tools = [tool.function for tool in spec.tools]
        parse = None if spec.output is None else findings
        return self._sdk.Agent(self, spec.instructions, tools, parse)

    async def run(self, agent: Any, asked: str) -> Ended:
        """Have it do what is asked."""
        done = await agent.run(asked)
        is_text = not isinstance(done.output, Findings)
        return Ended(done.output, None, done) if is_text else Ended("", done.output, done)

    def stream(self, agent: Any, asked: str) -> AsyncGenerator[str, None]:
        """The same, the answer as it comes; raise ``Unavailable`` where your SDK streams none."""
        return agent.stream(asked)  # type: ignore[no-any-return]

    async def close(self) -> None:
        """Give back what is held."""


CAPABILITY = Agent(open=Sdk)
