"""The floor's conversations for the benchmarks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mocks.worlds.agent.specs import AgentSpec
from mocks.worlds.agent.world import AgentWorld
from targets.bare.agent import AGENT
from targets.protocols.agent import Dialogue, Ended, Keeping, Stores

if TYPE_CHECKING:
    from floor.agent import Message


class _HandedOn:
    """Whoever asks keeps what was said, and hands it on."""

    def __init__(self, agent: Any) -> None:
        self._agent = agent
        self._before: Sequence[Message] = ()

    async def say(self, asked: str) -> Ended:
        run = await self._agent.run(asked, self._before)
        self._before = run.messages
        return Ended(run.output, None, run)

    async def end(self) -> None:
        """It holds nothing else."""


class _Kept:
    def __init__(self, conversation: Any) -> None:
        self._conversation = conversation

    async def say(self, asked: str) -> Ended:
        run = await self._conversation.say(asked)
        return Ended(run.output, None, run)

    async def end(self) -> None:
        await self._conversation.close()


class _Sdk:
    def __init__(self, world: AgentWorld) -> None:
        from floor import agent_stores

        self._floor = agent_stores
        self._agents: Any = AGENT.open(world)

    async def begin(self, spec: AgentSpec, keeping: Keeping, name: str, folder: Path) -> Dialogue:
        agent = self._agents.make(spec)
        if keeping is Keeping.HANDED:
            return _HandedOn(agent)
        if keeping is Keeping.MEMORY:
            log = self._floor.InMemory()
        else:
            log = self._floor.InSqlite(folder / "said.db", name)
        return _Kept(self._floor.Conversation(agent, log))

    async def close(self) -> None:
        await self._agents.close()


OFFERED = Stores(open=_Sdk)
