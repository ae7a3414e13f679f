"""An agent in plain asyncio that tells when each of its steps has ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from .agent import Agent, Call, Message, Run, Said


class TracedAgent(Agent):
    """See ``Agent``. ``ended`` is called with ``agent``, ``model`` or ``tool`` when a run, a
    request or a tool call has ended."""

    def __init__(
        self,
        ended: Callable[[str], None],
        ask: Callable[[str, Sequence[Message], Sequence[Message]], Awaitable[Said]],
        *about: Any,
    ) -> None:
        self._ended = ended

        async def asked(
            instructions: str, messages: Sequence[Message], schemas: Sequence[Message]
        ) -> Said:
            try:
                return await ask(instructions, messages, schemas)
            finally:
                ended("model")

        super().__init__(asked, *about)

    async def run(self, said: str, before: Sequence[Message] = ()) -> Run:
        """See ``Agent``."""
        try:
            return await super().run(said, before)
        finally:
            self._ended("agent")

    async def _call(self, call: Call) -> str:
        try:
            return await super()._call(call)
        finally:
            self._ended("tool")
