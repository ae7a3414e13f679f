"""Two entities are related, then ten are stored, one after the other: does one disturb the other?

A write that fails and keeps its lock makes whoever writes next wait, and perhaps fail too.
"""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.forked import fresh
from benchmarks.core.notes import note
from benchmarks.core.presentation import portal_row, presented
from benchmarks.core.series import series
from benchmarks.recall.running import OWN, STATEMENT_S, Memory, remembering
from meters.collector import CollectorPaused
from mocks.worlds.recall.entities import Entity

STORED = 10
HOLDS = {"entities": STORED, "statement_s": STATEMENT_S}


@dataclass(frozen=True, slots=True)
class Stored:
    """``seconds``: virtual, for all of them; ``waits``: statements that waited for a lock;
    ``lost``: entities that were acknowledged and are gone after a restart."""

    seconds: float
    waits: int
    lost: int


def measure() -> Stored:
    """Relate, store, restart, and look."""
    # When garbage is collected, and with it a connection, depends on what the process did before.
    with remembering() as memory, CollectorPaused():
        on = memory.on
        on.rest()
        memory.fill(2)
        one, other = (key for entity, key in memory.keys.items() if entity.session == OWN)
        memory.run(memory.handle.relate(OWN, one, other))
        now, waits = on.clock.now, on.machine.databases.lock_waits
        new = memory.new(STORED)
        for entity in new:
            memory.run(memory.store([entity]))
        seconds = round(on.clock.now - now, 9)
        waits = on.machine.databases.lock_waits - waits
        on.reopen()
        return Stored(seconds, waits, sum(memory.run(_is_gone(memory, one)) for one in new))


async def _is_gone(memory: Memory, one: Entity) -> bool:
    return await memory.handle.get(OWN, memory.keys[one]) != one.text


Cache = Attempt[Stored]


@presented(holds=HOLDS)
class Store:
    """10 entities are stored one after the other, after two have been related."""

    def setup_cache(self) -> Cache:
        return fresh(measure)

    def setup(self, cache: Cache) -> None:
        self.stored = value_of(cache)
        if self.stored.waits:
            note(f"{self.stored.waits} statements waited for a lock of the database")

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_seconds(self, cache: Cache) -> float:
        """Virtual seconds, if a statement takes a millisecond and all else nothing."""
        return self.stored.seconds

    @series(version="1", kind="exact", unit="statements", group="calls")
    def track_lock_waits(self, cache: Cache) -> int:
        """Statements that had to wait for a lock. Must be 0: nobody else writes."""
        return self.stored.waits

    @series(version="1", kind="exact", unit="entities", group="outcome")
    def track_lost(self, cache: Cache) -> int:
        """Entities that were acknowledged and are gone. Must be 0."""
        return self.stored.lost

    track_lost = portal_row(
        track_lost,
        rank=360,
        label="Entities lost after a relation",
        work="10 stored one after the other, once two have been related",
        unit="entities",
    )
