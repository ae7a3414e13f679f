"""Parley's memory for the benchmarks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mocks.worlds.recall.entities import Entity
from mocks.worlds.recall.world import RecallWorld
from targets.parley.runtime import runtime
from targets.protocols.recall import Recall


class _Remembering:
    def __init__(self, world: RecallWorld) -> None:
        self._memory = runtime("memory").Memory(str(world.folder / "notes.db"), world.embed)

    async def store(self, entities: Sequence[Entity]) -> Sequence[str | None]:
        notes = self._memory.store((entity.session, entity.text) for entity in entities)
        return [str(note.id) for note in notes]

    async def get(self, session: int, key: str) -> str | None:
        note = self._memory.get(session, int(key))
        return None if note is None else note.text

    async def search(self, session: int, words: str, limit: int) -> Sequence[str]:
        return _texts(self._memory.search(session, words, limit))

    async def similar(self, session: int, text: str, limit: int) -> Sequence[str]:
        return _texts(self._memory.nearest(session, text, limit))

    async def relate(self, session: int, one: str, other: str) -> bool:
        self._memory.relate(int(one), int(other))
        return True

    async def related(self, session: int, key: str) -> Sequence[str]:
        return _texts(self._memory.related(session, int(key)))

    async def close(self) -> None:
        self._memory.close()


def _texts(notes: Iterable[Any]) -> list[str]:
    return [note.text for note in notes]


RECALL = Recall(open=_Remembering)
