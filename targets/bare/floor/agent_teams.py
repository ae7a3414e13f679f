"""Agents in plain asyncio that hand over to one another, or that are another one's tools."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from .agent import Agent, Message, Run, Said


@dataclass(frozen=True, slots=True)
class Member:
    """One that can hand over to the next."""

    name: str
    instructions: str


class Line:
    """Members each of which can hand over to the one after it, by a tool of that one's name; who
    has it answers. ``ask``: as of ``Agent``."""

    def __init__(
        self,
        ask: Callable[[str, Sequence[Message], Sequence[Message]], Awaitable[Said]],
        members: Sequence[Member],
    ) -> None:
        self._ask = ask
        self._members = members
        self._schemas = [[_schema(after.name)] for after in members[1:]] + [[]]

    async def run(self, said: str) -> Run:
        """Do what is said. Raises what the model raises."""
        run = Run([{"role": "user", "content": said}])
        at = 0
        while True:
            instructions = self._members[at].instructions
            reply = await self._ask(instructions, run.messages, self._schemas[at])
            run.messages.append({"role": "assistant", "content": reply.text, "calls": reply.calls})
            if not reply.calls:
                run.output = reply.text
                return run
            run.messages += [
                {"role": "tool", "content": "handed over", "tool_call_id": call.id}
                for call in reply.calls
            ]
            at += 1


def as_tool(name: str, agent: Agent) -> Callable[[str], Awaitable[str]]:
    """A tool of this name that asks another agent."""

    async def ask(key: str) -> str:
        """Ask another agent."""
        return str((await agent.run(key)).output)

    ask.__name__ = name
    return ask


def _schema(name: str) -> Message:
    return {"name": name, "description": "Hand over.", "parameters": {"type": "object"}}
