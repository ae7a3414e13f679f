"""Is what is asked for found, and nothing of another session's? Is it still there after a restart?

Both sessions have entities of the same words, which only their marks tell apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial

from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.forked import each_fresh, fresh
from benchmarks.core.notes import note, wrong
from benchmarks.core.presentation import headline, portal_row, presented
from benchmarks.core.series import series
from benchmarks.recall.find import CHILD_LIMIT_S
from benchmarks.recall.operations import LIMIT
from benchmarks.recall.running import OTHER, OWN, Memory, foreign_in, remembering
from mocks.worlds.recall.entities import Entity

STORED = 100
ASKED = 20
HOLDS = {"entities": STORED, "asked": ASKED, "limit": LIMIT}


class Way(Enum):
    """How an entity is asked for: by its key, by four words of its text, by other words that mean
    the same, each as words or by its vector; as what is related to another."""

    KEY = "key"
    WORDS = "words"
    PARAPHRASE = "paraphrase"
    VECTOR = "vector"
    VECTOR_OF_PARAPHRASE = "vector of a paraphrase"
    RELATED = "related"


@dataclass(frozen=True, slots=True)
class Asked:
    """``found``: how many of those asked for; ``foreign``: entities of the other session that came
    with them; ``lost``: those asked for that are not found by the same way after a restart, though
    they were found before."""

    found: int
    foreign: int
    lost: int


Cache = Mapping[str, Attempt[Asked]]
"""By way."""


def measure(way: Way) -> Asked:
    """Ask for some entities, restart, and ask again."""
    with remembering() as memory:
        memory.on.rest()
        memory.fill(STORED)
        own = [one for one in memory.keys if one.session == OWN]
        wanted = own[:: STORED // ASKED]
        if way is Way.RELATED:
            memory.run(_relate(memory, wanted))
        before = [memory.run(_ask(memory, way, one)) for one in wanted]
        memory.on.reopen()
        after = [memory.run(_ask(memory, way, one)) for one in wanted]
    found = [one.text in texts for one, texts in zip(wanted, before, strict=True)]
    again = [one.text in texts for one, texts in zip(wanted, after, strict=True)]
    return Asked(
        found=sum(found),
        foreign=sum(foreign_in(texts) for texts in before),
        lost=sum(was and not still for was, still in zip(found, again, strict=True)),
    )


async def _relate(memory: Memory, wanted: Sequence[Entity]) -> None:
    """Each is related to the one before it, of both sessions: what is stored first relates to
    nothing."""
    for one in wanted:
        for session in (OWN, OTHER):
            key = memory.keys[Entity(session, one.number)]
            before = memory.keys[_before(Entity(session, one.number))]
            await memory.handle.relate(session, before, key)


def _before(one: Entity) -> Entity:
    return Entity(one.session, one.number % STORED + 1)


async def _ask(memory: Memory, way: Way, one: Entity) -> Sequence[str]:
    handle, keys = memory.handle, memory.keys
    twin = Entity(OTHER, one.number)
    if way is Way.WORDS:
        return await handle.search(OWN, one.phrase, LIMIT)
    if way is Way.PARAPHRASE:
        return await handle.search(OWN, one.paraphrase, LIMIT)
    if way is Way.VECTOR:
        return await handle.similar(OWN, one.text, LIMIT)
    if way is Way.VECTOR_OF_PARAPHRASE:
        return await handle.similar(OWN, one.paraphrase, LIMIT)
    if way is Way.RELATED:
        own = await handle.related(OWN, keys[_before(one)])
        return [*own, *await handle.related(OWN, keys[_before(twin)])]
    # What a session knows by its key alone: one of its own, and one of another's.
    texts = [await handle.get(OWN, keys[each]) for each in (one, twin)]
    return [text for text in texts if text is not None]


def setup_cache() -> Cache:
    """Each way in a process of its own."""
    return each_fresh(
        {way.value: partial(measure, way) for way in Way}, partial(fresh, limit_s=CHILD_LIMIT_S)
    )


vars(setup_cache)["timeout"] = 3600.0

WORDS = {"way": Way.WORDS.value}


@presented(holds=HOLDS, demo=("track_foreign",))
class Ask:
    """20 of 100 entities are asked for, in a memory that has as many of another session."""

    params = tuple(way.value for way in Way)
    param_names = ("way",)

    def setup(self, cache: Cache, way: str) -> None:
        self.asked = value_of(cache[way])

    @series(version="1", kind="exact", unit="share", group="outcome", direction="higher")
    def track_recall(self, cache: Cache, way: str) -> float:
        """Share of those asked for that are among the first 10 found."""
        return self.asked.found / ASKED

    @series(version="1", kind="exact", unit="foreign entities", group="outcome")
    def track_foreign(self, cache: Cache, way: str) -> int:
        """Entities of another session that are found. Must be 0."""
        if self.asked.foreign:
            wrong(f"{self.asked.foreign} entities of another session are found")
        return self.asked.foreign

    track_foreign = headline(
        portal_row(
            track_foreign,
            rank=340,
            label="Entities of others that are found",
            work="20 searches by words, beside a session of the same words",
            unit="entities",
            cell=WORDS,
        ),
        of="searching a memory",
        label="entities of another session",
        rank=33,
        cell=WORDS,
    )

    @series(version="1", kind="exact", unit="entities", group="outcome")
    def track_lost(self, cache: Cache, way: str) -> int:
        """Entities that are found, and not any more when the memory is opened anew. Must be 0."""
        if self.asked.lost:
            note(f"{self.asked.lost} of {self.asked.found} are gone after a restart")
        return self.asked.lost
