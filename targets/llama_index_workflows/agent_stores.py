"""Conversations of llama-index: messages are handed on, or its memories have them.

What a memory keeps of a conversation depends on its tokens; they are counted as words. The SDK
counts all that it keeps two to four times a turn, by tiktoken, which takes ten times as long for
two megabytes of one letter as for words: all conversations that are measured would take minutes.
"""

from __future__ import annotations

from importlib import import_module as module
from pathlib import Path
from typing import Any

from mocks.worlds.agent.driven import OpenedAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.llama_index_workflows.driver import MANY, TARGET
from targets.protocols.agent import Dialogue, Ended, Keeping, Stores

ALL = {"token_limit": 10_000_000, "tokenizer_fn": str.split}  # the SDK's own limit is 30,000


def _buffer(**about: Any) -> Any:
    return module("llama_index.core.memory").ChatMemoryBuffer.from_defaults(**ALL, **about)


def _ended(result: Any) -> Ended:
    return Ended(result.response.content or "", None, result)


class _HandedOn:
    def __init__(self, agent: Any) -> None:
        self._agent = agent
        self._message = module("llama_index.core.llms").ChatMessage
        self._before: list[Any] = []

    async def say(self, asked: str) -> Ended:
        memory = _buffer(chat_history=self._before)
        result = await self._agent.run(user_msg=asked, memory=memory, max_iterations=MANY)
        said = self._message(role="user", content=asked)
        self._before = [*self._before, said, result.response]
        return _ended(result)

    async def end(self) -> None:
        """It holds nothing else."""


class _Kept:
    def __init__(self, agent: Any, memory: Any) -> None:
        self._agent, self._memory = agent, memory

    async def say(self, asked: str) -> Ended:
        run = self._agent.run(user_msg=asked, memory=self._memory, max_iterations=MANY)
        return _ended(await run)

    async def end(self) -> None:
        """It goes with its last reference: a memory has nothing that closes it."""


class _Sdk(OpenedAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))

    async def begin(self, spec: AgentSpec, keeping: Keeping, name: str, folder: Path) -> Dialogue:
        agent = self._agents.make(spec)
        if keeping is Keeping.HANDED:
            return _HandedOn(agent)
        if keeping is Keeping.MEMORY:
            return _Kept(agent, _buffer())
        make = module("llama_index.core.memory").Memory.from_defaults
        url = f"sqlite+aiosqlite:///{folder / 'memory.db'}"
        return _Kept(agent, make(name, async_database_uri=url, **ALL))


OFFERED = Stores(open=_Sdk)
