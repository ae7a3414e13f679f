"""LOOM's memory: a ``WorldMemory`` for each session over one ``StructuredStore``, and the vectors
of a ``VectorMemoryStore`` in memory, where a commit has one."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from mocks.worlds.recall.entities import Entity
from mocks.worlds.recall.world import RecallWorld
from targets.protocol import Unavailable
from targets.protocols.recall import Recall
from targets.quiet import drop_records


class _Remembering:
    def __init__(self, world: RecallWorld) -> None:
        memory = importlib.import_module("loom.memory")
        drop_records()
        self._memory = memory
        self._types = importlib.import_module("loom.memory.world_memory")
        self._store = memory.StructuredStore(str(world.folder / "loom_memory.db"))
        self._worlds: dict[int, Any] = {}
        self._vectors = self._vector_store()
        self._refused: Exception | None = None

    def _vector_store(self) -> Any:
        kind = getattr(self._memory, "VectorMemoryStore", None)
        if kind is None:
            return None
        # Early commits take no word for it.
        return kind({"backend": self._memory.VectorStoreBackend.MEMORY})

    def _world(self, session: int) -> Any:
        if session not in self._worlds:
            self._worlds[session] = self._memory.WorldMemory(
                _name(session), structured_store=self._store
            )
        return self._worlds[session]

    def _entity(self, one: Entity) -> Any:
        now = datetime.now()
        return self._memory.MemoryEntity(
            id=f"{_name(one.session)}-{one.number}",
            session_id=_name(one.session),
            type=self._types.MemoryEntityType.FACT,
            content={"text": one.text},
            created_at=now,
            updated_at=now,
        )

    async def store(self, entities: Sequence[Entity]) -> Sequence[str | None]:
        keys: list[str | None] = []
        for one in entities:
            entity = self._entity(one)
            done = await self._world(one.session).store_entity(entity)
            keys.append(entity.id if done else None)
            await self._store_vector(entity)
        return keys

    async def _store_vector(self, entity: Any) -> None:
        """Its vector is stored beside it. At some commits that fails always: then what looks for
        vectors fails, and what does not goes on."""
        if self._vectors is None or self._refused is not None:
            return
        try:
            await self._vectors.store_entity_with_embedding(entity)
        except importlib.import_module("loom.memory.interfaces").StorageError as error:
            self._refused = error

    async def get(self, session: int, key: str) -> str | None:
        return _text(await self._world(session).retrieve_entity(key))

    async def search(self, session: int, words: str, limit: int) -> Sequence[str]:
        filters = {"session_id": _name(session)}
        return _texts(await self._world(session).search_entities(words, filters, limit))

    async def similar(self, session: int, text: str, limit: int) -> Sequence[str]:
        if self._vectors is None:
            raise Unavailable("LOOM has no vector store that works without chromadb")
        if self._refused is not None:
            raise self._refused
        filters = {"session_id": _name(session)}
        found = await self._vectors.semantic_search(text, filters, limit)
        world = self._world(session)
        return _texts([await world.retrieve_entity(key) for key, _ in found])

    async def relate(self, session: int, one: str, other: str) -> bool:
        relation = self._memory.MemoryRelation(
            source_id=one,
            target_id=other,
            relation_type=self._types.MemoryRelationType.RELATED_TO,
        )
        return bool(await self._world(session).add_relation(relation))

    async def related(self, session: int, key: str) -> Sequence[str]:
        return _texts(await self._world(session).get_related_entities(key))

    async def close(self) -> None:
        self._store.executor.shutdown(wait=False)


async def _open(world: RecallWorld) -> _Remembering:
    return _Remembering(world)


def _name(session: int) -> str:
    return f"session-{session}"


def _text(entity: Any) -> str | None:
    return None if entity is None else str(entity.content["text"])


def _texts(found: Sequence[Any]) -> list[str]:
    return [text for one in found if (text := _text(one)) is not None]


RECALL = Recall(open=_open)
