"""Recall: what a driver gives whose SDK remembers entities of sessions and finds them again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from mocks.worlds.recall.entities import Entity
from mocks.worlds.recall.world import RecallWorld
from targets.protocol import Capability


class Remembering(Protocol):
    """The SDK's memory over a world's folder; serves any number of sessions at once.

    Texts are those that were stored, as they come back. Each method raises what the SDK raises,
    and ``Unavailable`` where it has nothing of the kind.
    """

    async def store(self, entities: Sequence[Entity]) -> Sequence[str | None]:
        """Store them, in one piece where the SDK can. For each the key by which it is found again,
        or ``None`` if the SDK says that it did not store it."""

    async def get(self, session: int, key: str) -> str | None:
        """The text of one entity, ``None`` if there is none of the key."""

    async def search(self, session: int, words: str, limit: int) -> Sequence[str]:
        """The texts of the session's entities in which the words stand, the best first."""

    async def similar(self, session: int, text: str, limit: int) -> Sequence[str]:
        """Those that mean about the same as the text, by their vectors, the nearest first."""

    async def relate(self, session: int, one: str, other: str) -> bool:
        """Relate the entities of two keys: whether the SDK says that it did."""

    async def related(self, session: int, key: str) -> Sequence[str]:
        """The texts of all that are related to the entity."""

    async def close(self) -> None:
        """Give back whatever the memory holds. What is stored stays in the folder."""


@dataclass(frozen=True, kw_only=True)
class Recall(Capability[RecallWorld, Remembering]):
    """What a driver offers: ``open`` gives a memory over the world's folder, which may hold what an
    earlier one has stored there. ``remarks``: what whoever reads the figures must know, a line
    each."""

    name: ClassVar[str] = "recall"
    remarks: Sequence[str] = ()
