"""A memory is used as soon as it is opened, by ten sessions at once, on a folder that is empty.

Nothing is warm: what the SDK prepares in the background, its first users may overtake. A statement
takes a virtual millisecond, in which others go on.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial

from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.forked import fresh
from benchmarks.core.notes import note
from benchmarks.core.presentation import portal_row, presented
from benchmarks.core.schedules import comes, tried
from benchmarks.core.series import series
from benchmarks.questions import races
from benchmarks.recall.find import CHILD_LIMIT_S
from benchmarks.recall.running import STATEMENT_S, Memory, remembering
from mocks.clock.schedules import Trial
from mocks.worlds.recall.entities import Entity

SESSIONS = 10
HOLDS = {"sessions": SESSIONS, "statement_s": STATEMENT_S}
LOST = "acknowledged and gone"
REFUSED = "refused"


def measure(trial: Trial) -> races.Outcome:
    """What became of the entity of each session, under a schedule."""
    with tried(trial), remembering() as memory:
        return races.Outcome(used(memory))


def used(memory: Memory) -> tuple[races.End, ...]:
    """Store one entity of each session at once, restart, and look for them."""
    new = [Entity(session, 1) for session in range(1, SESSIONS + 1)]

    async def store(one: Entity) -> str | None:
        await comes(f"session {one.session}")
        (key,) = await memory.handle.store([one])
        return key

    async def all_at_once() -> list[str | BaseException | None]:
        return await asyncio.gather(*map(store, new), return_exceptions=True)

    keys = memory.run(all_at_once())
    memory.on.reopen()
    return tuple(_end(memory, one, key) for one, key in zip(new, keys, strict=True))


def _end(memory: Memory, one: Entity, key: str | BaseException | None) -> races.End:
    if isinstance(key, BaseException):
        return races.End(type(key).__name__, 0, 0)
    if key is None:
        return races.End(REFUSED, 0, 0)
    text = memory.run(memory.handle.get(one.session, key))
    return races.End(races.RIGHT, 0, 0) if text == one.text else races.End(LOST, 1, 0)


def once() -> tuple[races.End, ...]:
    """What becomes of them in the canonical order."""
    with remembering() as memory:
        return used(memory)


@presented(holds=HOLDS)
class First:
    """Ten sessions store one entity each, at the instant at which the memory was opened."""

    def setup_cache(self) -> Attempt[tuple[races.End, ...]]:
        return fresh(once, limit_s=CHILD_LIMIT_S)

    def setup(self, cache: Attempt[tuple[races.End, ...]]) -> None:
        self.ends = value_of(cache)
        ended = Counter(end.kind for end in self.ends)
        if set(ended) != {races.RIGHT}:
            note(", ".join(f"{count} {kind}" for kind, count in sorted(ended.items())))

    @series(version="1", kind="exact", unit="entities", group="outcome")
    def track_lost(self, cache: Attempt[tuple[races.End, ...]]) -> int:
        """Entities that the SDK said it had stored, and that are not there. Must be 0."""
        return sum(end.lost for end in self.ends)

    track_lost = portal_row(
        track_lost,
        rank=350,
        label="Entities lost at first use",
        work="10 sessions store one each as soon as the memory is opened",
        unit="entities",
    )

    @series(version="1", kind="exact", unit="entities", group="outcome")
    def track_refused(self, cache: Attempt[tuple[races.End, ...]]) -> int:
        """Entities that the SDK did not store and said so. Must be 0."""
        return sum(end.kind != races.RIGHT and not end.lost for end in self.ends)


@presented(holds=HOLDS)
class Races:
    """The same, in other orders of what is due at the same instant."""

    def setup_cache(self) -> Attempt[races.Races]:
        search = partial(races.search, measure, races.SEEDS)
        return fresh(search, limit_s=CHILD_LIMIT_S)

    vars(setup_cache)["timeout"] = 3600.0

    def setup(self, cache: Attempt[races.Races]) -> None:
        self.races = value_of(cache)

    track_outcomes = races.outcomes
    track_entities_lost = races.lost("entities")
