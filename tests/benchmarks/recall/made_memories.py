"""Small memories, each with one mistake."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, cast

from mocks.worlds.recall.entities import Entity
from mocks.worlds.recall.world import RecallWorld
from targets.bare import driver  # puts the floor on the path
from targets.protocol import Target
from targets.protocols.recall import Recall, Remembering

Choose = Callable[[str], None]
"""Puts the memory with a mistake under test; "" is none."""


class Made:
    """The floor's memory, but for its ``mistake``."""

    def __init__(self, world: RecallWorld, mistake: str) -> None:
        offered = driver.TARGET.capability(Recall)
        assert offered is not None
        self._floor = cast(Remembering, offered.open(world))
        self._mistake = mistake
        self._related: dict[str, list[str]] = {}
        self._kept: list[Any] = []

    async def store(self, entities: Sequence[Entity]) -> Sequence[str | None]:
        if self._mistake == "a transaction for each entity":
            return [key for one in entities for key in await self._floor.store([one])]
        if self._mistake == "acknowledged and not stored" and len(entities) > 1:
            return [*await self._floor.store(entities[:-1]), "1000000"]
        return await self._floor.store(entities)

    async def get(self, session: int, key: str) -> str | None:
        text = await self._floor.get(session, key)
        if self._mistake == "a cache that never forgets":
            self._kept.append([text] * 100)
        return text

    async def search(self, session: int, words: str, limit: int) -> Sequence[str]:
        found = await self._floor.search(session, words, limit)
        if self._mistake == "a search that forgets the session":
            return [*found, *await self._floor.search(3 - session, words, limit)]
        return found

    async def similar(self, session: int, text: str, limit: int) -> Sequence[str]:
        return await self._floor.similar(session, text, limit)

    async def relate(self, session: int, one: str, other: str) -> bool:
        if self._mistake == "relations in memory only":
            self._related.setdefault(one, []).append(other)
            return True
        return await self._floor.relate(session, one, other)

    async def related(self, session: int, key: str) -> Sequence[str]:
        if self._mistake == "relations in memory only":
            found = [await self._floor.get(session, one) for one in self._related.get(key, ())]
            return [text for text in found if text is not None]
        return await self._floor.related(session, key)

    async def close(self) -> None:
        await self._floor.close()


class InThreads:
    """A memory that makes its table in a thread which nobody waits for, and says of each entity
    that it is stored. ``keeps_lock``: a relation fails and leaves its transaction open."""

    def __init__(self, world: RecallWorld, keeps_lock: bool) -> None:
        self._path = str(world.folder / "made.db")
        self._keeps_lock = keeps_lock
        self._open: list[sqlite3.Connection] = []
        self._threads = ThreadPoolExecutor(2)
        made = asyncio.get_running_loop().run_in_executor(self._threads, self._make_table)
        made.add_done_callback(lambda done: done.exception())

    def _make_table(self) -> None:
        with closing(sqlite3.connect(self._path)) as table, table:
            table.execute("PRAGMA user_version")
            table.execute("CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, text TEXT)")

    def _insert(self, one: Entity) -> None:
        with closing(sqlite3.connect(self._path)) as table, table:
            table.execute("INSERT INTO kept VALUES (?, ?)", (one.mark, one.text))

    async def store(self, entities: Sequence[Entity]) -> Sequence[str | None]:
        loop = asyncio.get_running_loop()
        for one in entities:
            try:
                await loop.run_in_executor(self._threads, self._insert, one)
            except sqlite3.OperationalError:
                continue  # the mistake: nobody hears of it
        return [one.mark for one in entities]

    async def get(self, session: int, key: str) -> str | None:
        with closing(sqlite3.connect(self._path)) as table:
            row = table.execute("SELECT text FROM kept WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    async def relate(self, session: int, one: str, other: str) -> bool:
        if self._keeps_lock:
            table = sqlite3.connect(self._path)
            table.execute("INSERT INTO kept VALUES ('a relation', '')")
            self._open.append(table)
        return True

    async def search(self, session: int, words: str, limit: int) -> Sequence[str]:
        return []

    async def similar(self, session: int, text: str, limit: int) -> Sequence[str]:
        return []

    async def related(self, session: int, key: str) -> Sequence[str]:
        return []

    async def close(self) -> None:
        for table in self._open:
            table.close()
        self._threads.shutdown(wait=False)


def made_target(mistake: str) -> Target:
    """A target with the memory that makes it."""

    async def opened(world: RecallWorld) -> Remembering:
        if mistake in ("tables in the background", "a lock that is kept"):
            return InThreads(world, keeps_lock=mistake == "a lock that is kept")
        return Made(world, mistake)

    return Target(name="made", imports=("floor",), capabilities=[Recall(open=opened)])
