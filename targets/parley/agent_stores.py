"""Parley's chats for the benchmarks: messages are handed on, or kept in a log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.parley.agent import Assistants, assistants, ended
from targets.protocols.agent import Dialogue, Ended, Keeping, Stores


class _HandedOn:
    def __init__(self, assistant: Any) -> None:
        self._assistant = assistant
        self._before: Any = ()

    async def say(self, asked: str) -> Ended:
        run = await self._assistant.run(asked, self._before)
        self._before = run.messages
        return ended(run)

    async def end(self) -> None:
        """It holds nothing else."""


class _Kept:
    def __init__(self, chat: Any) -> None:
        self._chat = chat

    async def say(self, asked: str) -> Ended:
        return ended(await self._chat.say(asked))

    async def end(self) -> None:
        self._chat.close()


class _Chats:
    def __init__(self, world: AgentWorld) -> None:
        self._chats = assistants("chats")
        self._assistants = Assistants(world)

    async def begin(self, spec: AgentSpec, keeping: Keeping, name: str, folder: Path) -> Dialogue:
        assistant = self._assistants.make(spec)
        if keeping is Keeping.HANDED:
            return _HandedOn(assistant)
        if keeping is Keeping.MEMORY:
            log = self._chats.InMemory()
        else:
            log = self._chats.InDatabase(str(folder / "chats.db"), name)
        return _Kept(self._chats.Chat(assistant, log))

    async def close(self) -> None:
        await self._assistants.close()


OFFERED = Stores(open=_Chats)
