"""Conversations of pydantic-ai: messages are handed on, or kept by its store in memory."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from mocks.worlds.agent.driven import OpenedAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.protocol import Unavailable
from targets.protocols.agent import Dialogue, Ended, Keeping, Stores
from targets.pydantic_ai.driver import TARGET


def _ended(result: Any) -> Ended:
    return Ended(result.output if hasattr(result, "output") else result.data, None, result)


class _HandedOn:
    def __init__(self, agent: Any) -> None:
        self._agent = agent
        self._before: list[Any] = []

    async def say(self, asked: str) -> Ended:
        result = await self._agent.run(asked, message_history=self._before)
        self._before = result.all_messages()
        return _ended(result)

    async def end(self) -> None:
        """It holds nothing else."""


class _InStore:
    def __init__(self, agent: Any, make: Any, store: Any, name: str) -> None:
        self._agent, self._make, self._store, self._name = agent, make, store, name

    async def say(self, asked: str) -> Ended:
        before = await self._store.load(self._name) or self._make(conversation_id=self._name)
        result = await self._agent.run(asked, conversation=before)
        await self._store.save(result)
        return _ended(result)

    async def end(self) -> None:
        """It goes with its last reference."""


class _Sdk(OpenedAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))

    async def begin(self, spec: AgentSpec, keeping: Keeping, name: str, folder: Path) -> Dialogue:
        agent = self._agents.make(spec)
        if keeping is Keeping.HANDED:
            return _HandedOn(agent)
        if keeping is Keeping.SQLITE:
            raise Unavailable("it has no store in SQLite")
        try:
            stores = importlib.import_module("pydantic_ai.conversation_store")
            conversations = importlib.import_module("pydantic_ai.conversation")
        except ImportError as error:
            raise Unavailable("it has no store") from error
        store = stores.InMemoryConversationStore()
        return _InStore(agent, conversations.Conversation, store, name)


OFFERED = Stores(open=_Sdk)
