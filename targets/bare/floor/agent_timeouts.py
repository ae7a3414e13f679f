"""An agent in plain asyncio whose calls of tools and of the model may take so many seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from .agent import Agent, Call, Message, Said


class LimitedAgent(Agent):
    """See ``Agent``. The model is told of a tool that took too long; a call to the model that does
    raises ``TimeoutError``. ``None``: as long as it takes."""

    def __init__(
        self,
        tool_s: float | None,
        model_s: float | None,
        ask: Callable[[str, Sequence[Message], Sequence[Message]], Awaitable[Said]],
        *about: Any,
    ) -> None:
        self._tool_s = tool_s

        async def asked(
            instructions: str, messages: Sequence[Message], schemas: Sequence[Message]
        ) -> Said:
            return await asyncio.wait_for(ask(instructions, messages, schemas), model_s)

        super().__init__(asked, *about)

    async def _call(self, call: Call) -> str:
        try:
            return await asyncio.wait_for(super()._call(call), self._tool_s)
        except TimeoutError:
            return f"{call.name} took longer than {self._tool_s:g} s"
