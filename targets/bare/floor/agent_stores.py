"""Conversations in plain asyncio: what was said is kept in a list, or in a table of SQLite."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from .agent import Agent, Call, Message, Run


class Log(Protocol):
    """What was said in one conversation."""

    async def load(self) -> Sequence[Message]:
        """All of it, in its order."""

    async def append(self, said: Sequence[Message]) -> None:
        """Keep what was said since then."""

    async def close(self) -> None:
        """Give back what is held."""


class InMemory:
    """In a list."""

    def __init__(self) -> None:
        self._said: list[Message] = []

    async def load(self) -> Sequence[Message]:
        """See ``Log``."""
        return self._said

    async def append(self, said: Sequence[Message]) -> None:
        """See ``Log``."""
        self._said += said

    async def close(self) -> None:
        """It goes with its last reference."""


class InSqlite:
    """In a row each, of a database that several conversations may share; in a thread, so that the
    loop waits for no disk."""

    def __init__(self, path: Path, name: str) -> None:
        self._db = sqlite3.connect(path, check_same_thread=False)
        self._name = name
        self._count = 0
        with self._db:
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS said (name TEXT, number INTEGER, message TEXT, "
                "PRIMARY KEY (name, number)) WITHOUT ROWID"
            )

    async def load(self) -> Sequence[Message]:
        """See ``Log``."""
        return await asyncio.to_thread(self._load)

    async def append(self, said: Sequence[Message]) -> None:
        """See ``Log``."""
        await asyncio.to_thread(self._append, said)

    async def close(self) -> None:
        """See ``Log``."""
        await asyncio.to_thread(self._db.close)

    def _load(self) -> list[Message]:
        found = self._db.execute(
            "SELECT message FROM said WHERE name = ? ORDER BY number", (self._name,)
        )
        said = [_message(text) for (text,) in found]
        self._count = len(said)
        return said

    def _append(self, said: Sequence[Message]) -> None:
        rows = [
            (self._name, self._count + number, json.dumps(message))
            for number, message in enumerate(said)
        ]
        with self._db:
            self._db.executemany("INSERT INTO said VALUES (?, ?, ?)", rows)


class Conversation:
    """An agent with what was said to it before."""

    def __init__(self, agent: Agent, log: Log) -> None:
        self._agent = agent
        self._log = log

    async def say(self, said: str) -> Run:
        """One more turn. Raises what the run raises; then nothing of it is kept."""
        before = await self._log.load()
        known = len(before)
        run = await self._agent.run(said, before)
        await self._log.append(run.messages[known:])
        return run

    async def close(self) -> None:
        """Give back what its log holds."""
        await self._log.close()


def _message(text: str) -> Message:
    message = json.loads(text)
    if "calls" in message:
        message["calls"] = [Call(*each) for each in message["calls"]]
    found: Message = message
    return found
