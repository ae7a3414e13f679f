"""The floor's agents for the benchmarks."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mocks.worlds.agent.specs import AgentSpec, Findings, findings
from mocks.worlds.agent.world import AgentWorld, Heard, Who
from targets.protocols.agent import Agent, Ended

if TYPE_CHECKING:
    from floor.agent import Message, Said


def _newest_first(messages: Sequence[Message]) -> Iterator[tuple[Who, str]]:
    for message in reversed(messages):
        if message["role"] == "assistant":
            for call in reversed(message["calls"]):
                yield Who.CALL, str(call.arguments)
        yield _WHO[message["role"]], message["content"]


_WHO = {"user": Who.USER, "assistant": Who.AGENT, "tool": Who.RESULT}


class _Sdk:
    def __init__(self, world: AgentWorld) -> None:
        from floor import agent

        self._floor = agent
        self._world = world
        self._asked = self._ask
        if world.model_url:
            url = urlsplit(world.model_url)
            self._asked = agent.Endpoint(url.hostname, url.port, url.path).ask

    def make(self, spec: AgentSpec) -> Any:
        tools = [tool.function for tool in spec.tools]
        parse = str if spec.output is None else findings
        return self._floor.Agent(self._asked, self._tell, spec.instructions, tools, parse)

    async def run(self, agent: Any, asked: str) -> Ended:
        run = await agent.run(asked)
        if isinstance(run.output, Findings):
            return Ended("", run.output, run)
        return Ended(run.output, None, run)

    def stream(self, agent: Any, asked: str) -> AsyncGenerator[str, None]:
        words: AsyncGenerator[str, None] = agent.stream(asked)
        return words

    async def close(self) -> None:
        """The floor holds nothing."""

    async def _ask(
        self, instructions: str, messages: Sequence[Message], schemas: Sequence[Message]
    ) -> Said:
        tools = [schema["name"] for schema in schemas]
        reply = await self._world.answer(Heard(instructions, _newest_first(messages), tools))
        return self._floor.Said(reply.text, [self._floor.Call(*call) for call in reply.tools])

    def _tell(self, instructions: str, messages: Sequence[Message]) -> AsyncIterator[str]:
        return self._world.stream(Heard(instructions, _newest_first(messages)))


AGENT = Agent(open=_Sdk)
