"""Conversations of langgraph: messages are handed on, or a checkpointer keeps them."""

from __future__ import annotations

import importlib
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from mocks.worlds.agent.driven import OpenedAgents
from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.langgraph.driver import MANY, TARGET
from targets.protocol import Unavailable
from targets.protocols.agent import Dialogue, Ended, Keeping, Stores


def _ended(state: Any) -> Ended:
    return Ended(state["messages"][-1].content, None, state)


class _HandedOn:
    def __init__(self, agent: Any) -> None:
        self._agent = agent
        self._before: list[Any] = []

    async def say(self, asked: str) -> Ended:
        state = await self._agent.ainvoke({"messages": [*self._before, ("user", asked)]}, MANY)
        self._before = state["messages"]
        return _ended(state)

    async def end(self) -> None:
        """It holds nothing else."""


class _InThread:
    def __init__(self, agent: Any, name: str, held: AsyncExitStack) -> None:
        self._agent, self._held = agent, held
        self._config = {**MANY, "configurable": {"thread_id": name}}

    async def say(self, asked: str) -> Ended:
        return _ended(await self._agent.ainvoke({"messages": [("user", asked)]}, self._config))

    async def end(self) -> None:
        await self._held.aclose()


class _Sdk(OpenedAgents):
    def __init__(self, world: AgentWorld) -> None:
        (offered,) = TARGET.capabilities
        super().__init__(offered.open(world))

    async def begin(self, spec: AgentSpec, keeping: Keeping, name: str, folder: Path) -> Dialogue:
        if keeping is Keeping.HANDED:
            return _HandedOn(self._agents.make(spec))
        async with AsyncExitStack() as stack:
            saver = await self._saver(keeping, folder, stack)
            about = {"prompt": spec.instructions, "name": spec.name, "checkpointer": saver}
            agent = self._agents._make(self._agents._streaming, [], **about)
            return _InThread(agent, name, stack.pop_all())

    async def _saver(self, keeping: Keeping, folder: Path, stack: AsyncExitStack) -> Any:
        if keeping is Keeping.MEMORY:
            savers = importlib.import_module("langgraph.checkpoint.memory")
            # It was called otherwise before.
            return (getattr(savers, "InMemorySaver", None) or savers.MemorySaver)()
        try:
            savers = importlib.import_module("langgraph.checkpoint.sqlite.aio")
        except ImportError as error:
            raise Unavailable("its checkpointer in SQLite is a package of its own") from error
        saver = savers.AsyncSqliteSaver.from_conn_string(str(folder / "checkpoints.db"))
        return await stack.enter_async_context(saver)


OFFERED = Stores(open=_Sdk)
