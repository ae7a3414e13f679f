"""A tiny SDK with agents: what ``agent.py`` drives until yours stands in its place."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass
class Message:
    """``role``: user, agent, call (of a tool, with its arguments) or result."""

    role: str
    text: str


@dataclass
class Done:
    """All that was said, and what came of it."""

    messages: list[Message]
    output: Any


class Agent:
    """Asks its model until it calls no tool any more."""

    def __init__(
        self,
        model: Any,
        instructions: str,
        tools: Sequence[Callable[..., Any]] = (),
        parse: Callable[[str], Any] | None = None,
    ) -> None:
        self._model = model
        self._instructions = instructions
        self._tools = {tool.__name__: tool for tool in tools}
        self._parse = parse

    async def run(self, said: str) -> Done:
        """Do what is said."""
        messages = [Message("user", said)]
        while True:
            text, calls = await self._model.ask(self._instructions, messages, list(self._tools))
            if not calls:
                messages.append(Message("agent", text))
                return Done(messages, text if self._parse is None else self._parse(text))
            messages += [Message("call", f"{name} {given}") for name, given in calls]
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._call(name, given)) for name, given in calls]
            messages += [Message("result", task.result()) for task in tasks]

    async def stream(self, said: str) -> AsyncGenerator[str, None]:
        """The answer as it comes."""
        async for word in self._model.words(self._instructions, [Message("user", said)]):
            yield word

    async def _call(self, name: str, given: dict[str, Any]) -> str:
        tool = self._tools[name]
        if inspect.iscoroutinefunction(tool):
            return str(await tool(**given))
        return str(await asyncio.to_thread(tool, **given))
