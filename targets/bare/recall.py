"""The floor's memory for the benchmarks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mocks.worlds.recall.entities import Entity
from mocks.worlds.recall.world import RecallWorld
from targets.protocols.recall import Recall

if TYPE_CHECKING:
    from targets.bare.floor.recall import Memory


class _Remembering:
    def __init__(self, world: RecallWorld) -> None:
        from floor import recall

        self._memory: Memory = recall.Memory(str(world.folder / "memory.db"), world.embed)

    async def store(self, entities: Sequence[Entity]) -> Sequence[str | None]:
        return [str(key) for key in self._memory.store([(e.session, e.text) for e in entities])]

    async def get(self, session: int, key: str) -> str | None:
        return self._memory.get(session, int(key))

    async def search(self, session: int, words: str, limit: int) -> Sequence[str]:
        return self._memory.search(session, words, limit)

    async def similar(self, session: int, text: str, limit: int) -> Sequence[str]:
        return self._memory.similar(session, text, limit)

    async def relate(self, session: int, one: str, other: str) -> bool:
        self._memory.relate(int(one), int(other))
        return True

    async def related(self, session: int, key: str) -> Sequence[str]:
        return self._memory.related(session, int(key))

    async def close(self) -> None:
        self._memory.close()


RECALL = Recall(open=_Remembering)
