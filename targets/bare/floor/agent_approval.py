"""An agent in plain asyncio that stops before it calls tools, and goes on when it may."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from .agent import Agent, Call, Message, Run, Said


class Paused(Exception):
    """Calls wait to be approved. ``messages``: all that was said before."""

    def __init__(self, messages: Sequence[Message]) -> None:
        super().__init__("tools wait to be approved")
        self.messages = messages


class CarefulAgent(Agent):
    """See ``Agent``. ``run`` raises ``Paused`` before tools are called; ``resume`` calls them."""

    def __init__(
        self,
        ask: Callable[[str, Sequence[Message], Sequence[Message]], Awaitable[Said]],
        *about: Any,
    ) -> None:
        async def asked(
            instructions: str, messages: Sequence[Message], schemas: Sequence[Message]
        ) -> Said:
            said = await ask(instructions, messages, schemas)
            if said.calls:
                call = {"role": "assistant", "content": said.text, "calls": said.calls}
                raise Paused([*messages, call])
            return said

        super().__init__(asked, *about)

    async def resume(self, paused: Paused) -> Run:
        """Call what waits, and go on. Raises ``Paused`` where more does."""
        calls: Sequence[Call] = paused.messages[-1]["calls"]
        results = await self._called(calls)
        said = [
            {"role": "tool", "content": result, "tool_call_id": call.id}
            for call, result in zip(calls, results, strict=True)
        ]
        run = Run([*paused.messages, *said])
        reply = await self._ask(self._instructions, run.messages, self._schemas)
        run.messages.append({"role": "assistant", "content": reply.text, "calls": reply.calls})
        run.output = self._parse(reply.text)
        return run
