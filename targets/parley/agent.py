"""Parley's assistants for the benchmarks."""

from __future__ import annotations

import importlib
from collections.abc import AsyncGenerator, Iterator, Sequence
from typing import Any

from mocks.worlds.agent.specs import AgentSpec, Findings, findings
from mocks.worlds.agent.world import AgentWorld, Heard, Who
from targets.protocol import Lacking
from targets.protocols.agent import Agent, Ended

_PACKAGE = "parley.assistants"
_WHO = {"user": Who.USER, "assistant": Who.AGENT, "tool": Who.RESULT}


def assistants(module: str) -> Any:
    """``parley.assistants.MODULE``. Raises ``Lacking`` where parley does not have it yet."""
    name = f"{_PACKAGE}.{module}"
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name not in ("parley", _PACKAGE, name):
            raise
        raise Lacking(f"parley has no {name} at this commit") from error


def _newest_first(messages: Sequence[Any]) -> Iterator[tuple[Who, str]]:
    for message in reversed(messages):
        for call in reversed(message.wanted):
            yield Who.CALL, str(call.arguments)
        yield _WHO[message.role], message.text


class ScriptedModel:
    """Parley's ``ChatModel``: the mock one."""

    def __init__(self, world: AgentWorld) -> None:
        self._world = world
        self._messages = assistants("messages")

    async def reply(self, instructions: str, messages: Sequence[Any], schemas: Any) -> Any:
        """See parley."""
        tools = [schema["name"] for schema in schemas]
        reply = await self._world.answer(Heard(instructions, _newest_first(messages), tools))
        return self._messages.Reply(
            reply.text, [self._messages.Wanted(*call) for call in reply.tools]
        )

    def words(self, instructions: str, messages: Sequence[Any]) -> Any:
        """See parley."""
        return self._world.stream(Heard(instructions, _newest_first(messages)))


class Assistants:
    """Makes and runs parley's assistants."""

    def __init__(self, world: AgentWorld) -> None:
        self.assistant: Any = assistants("assistant").Assistant
        self.tool: Any = assistants("tools").Tool
        self.model: Any = ScriptedModel(world)
        if world.model_url:
            self.model = assistants("endpoint").Endpoint(world.model_url, "none", "any")

    def make(self, spec: AgentSpec) -> Any:
        """See ``AgentSdk``."""
        parse = str if spec.output is None else findings
        return self.assistant(*self.about(spec), parse=parse)

    def about(self, spec: AgentSpec) -> tuple[str, Any, str, list[Any]]:
        """What any kind of assistant is made of."""
        tools = [self.tool(tool.function, tool.name) for tool in spec.tools]
        return spec.name, self.model, spec.instructions, tools

    async def run(self, agent: Any, asked: str) -> Ended:
        """See ``AgentSdk``."""
        return ended(await agent.run(asked))

    def stream(self, agent: Any, asked: str) -> AsyncGenerator[str, None]:
        """See ``AgentSdk``."""
        words: AsyncGenerator[str, None] = agent.stream(asked)
        return words

    async def close(self) -> None:
        """See ``AgentSdk``."""
        if hasattr(self.model, "close"):
            self.model.close()


def ended(run: Any) -> Ended:
    """What a run of parley's ended with."""
    if isinstance(run.output, Findings):
        return Ended("", run.output, run)
    return Ended(run.output, None, run)


AGENT = Agent(open=Assistants)
