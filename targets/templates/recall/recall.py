"""Recall: an SDK's memory in a folder of Unladen's.

What is driven is ``recall_example``; put your SDK in its place. Use its public API only, import it
inside functions, raise ``Unavailable("why")`` for what a commit of its history lacks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mocks.worlds.recall.entities import Entity
from mocks.worlds.recall.world import RecallWorld
from targets.protocols.recall import Recall


def sdk() -> Any:
    """Your SDK: ``import`` it here and return it."""
    from . import recall_example

    return recall_example


class Memory:
    """A memory of your SDK; each session has entities of its own."""

    def __init__(self, world: RecallWorld) -> None:
        self._memory = sdk().Memory(world.folder / "memory.db", world.embed)

    async def store(self, entities: Sequence[Entity]) -> Sequence[str | None]:
        keys = self._memory.store([(each.session, each.text) for each in entities])
        return [str(key) for key in keys]

    async def get(self, session: int, key: str) -> str | None:
        found: str | None = self._memory.get(session, int(key))
        return found

    async def search(self, session: int, words: str, limit: int) -> Sequence[str]:
        return list(self._memory.with_words(session, words, limit))

    async def similar(self, session: int, text: str, limit: int) -> Sequence[str]:
        return list(self._memory.like(session, text, limit))

    async def relate(self, session: int, one: str, other: str) -> bool:
        return bool(self._memory.relate(session, int(one), int(other)))

    async def related(self, session: int, key: str) -> Sequence[str]:
        return list(self._memory.related(session, int(key)))

    async def close(self) -> None:
        self._memory.close()


CAPABILITY = Recall(open=Memory)
