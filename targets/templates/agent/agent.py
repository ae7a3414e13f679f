"""Agents: an SDK connected to Unladen's mock world, at its own interface for models.

What is driven is ``agent_example``; put your SDK in its place. Use its public API only, import it
inside functions, raise ``Unavailable("why")`` for what a commit of its history lacks.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Sequence
from typing import Any

from mocks.worlds.agent.specs import AgentSpec, Findings, findings
from mocks.worlds.agent.world import AgentWorld, Heard, Who
from targets.protocols.agent import Agent, Ended


def sdk() -> Any:
    """Your SDK: ``import`` it here and return it."""
    from . import agent_example

    return agent_example


def newest_first(messages: Sequence[Any]) -> Iterator[tuple[Who, str]]:
    """A conversation of your SDK's: who says what, and tool calls with their arguments."""
    for message in reversed(messages):
        yield Who(message.role), message.text


class Model:
    """The world's model as your SDK wants one: its own base class, here a plain one."""

    def __init__(self, world: AgentWorld) -> None:
        self._world = world

    async def ask(self, system: str, messages: Sequence[Any], tools: Sequence[str]) -> Any:
        """A whole answer: a text, or tool calls."""
        reply = await self._world.answer(Heard(system, newest_first(messages), tools))
        return reply.text, [(call.name, dict(call.arguments)) for call in reply.tools]

    async def stream(self, system: str, messages: Sequence[Any]) -> AsyncGenerator[str, None]:
        """An answer in words, as it comes."""
        async for word in self._world.stream(Heard(system, newest_first(messages))):
            yield word


class Sdk:
    """Your SDK, which makes agents and runs them."""

    def __init__(self, world: AgentWorld) -> None:
        self._model = Model(world)

    def make(self, spec: AgentSpec) -> Any:
        """A new agent, as a user makes one."""
        tools = [tool.function for tool in spec.tools]
        parse = None if spec.output is None else findings
        return sdk().Agent(self._model, spec.instructions, tools, parse)

    async def run(self, agent: Any, asked: str) -> Ended:
        """Have it do what is asked."""
        done = await agent.run(asked)
        if isinstance(done.output, Findings):
            return Ended("", done.output, native=done)
        return Ended(done.output, None, native=done)

    def stream(self, agent: Any, asked: str) -> AsyncGenerator[str, None]:
        """The same, the answer as it comes; raise ``Unavailable`` where your SDK streams none."""
        words: AsyncGenerator[str, None] = agent.stream(asked)
        return words

    async def close(self) -> None:
        """Give back what is held: connections, threads."""


CAPABILITY = Agent(open=Sdk)
