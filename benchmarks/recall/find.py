"""One operation on a memory that has 10, 100 or 1,000 entities of each of two sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial

from benchmarks.core.cells import Attempt, attempted, value_of
from benchmarks.core.forked import each_fresh, fresh
from benchmarks.core.notes import wrong
from benchmarks.core.presentation import headline, portal_row, presented
from benchmarks.core.series import runs, series
from benchmarks.recall.operations import LIMIT, Operation, Operations, Taken, taken
from benchmarks.recall.running import STATEMENT_S, remembering
from meters import growth
from targets.protocol import Unavailable

ENTITIES = (10, 100, 1000)
CHILD_LIMIT_S = 900.0
HOLDS = {"statement_s": STATEMENT_S, "limit": LIMIT}

QUANTITIES = ("statements", "steps", "own_bytecodes")
"""What growth is fitted to."""

Cache = Mapping[int, Attempt[Mapping[str, Attempt[Taken]]]]


def measure(entities: int) -> Mapping[str, Attempt[Taken]]:
    """What each operation takes with so many entities."""
    with remembering() as memory:
        memory.on.rest()
        memory.fill(entities)
        operations = Operations(memory)
        return {
            one.value: attempted(partial(taken, memory, operations.of(one))) for one in Operation
        }


def setup_cache() -> Cache:
    """Each size in a process of its own: what an SDK leaves behind is gone with it."""
    return each_fresh(
        {size: partial(measure, size) for size in ENTITIES}, partial(fresh, limit_s=CHILD_LIMIT_S)
    )


vars(setup_cache)["timeout"] = 3600.0


SEARCH = {"operation": Operation.SEARCH.value, "entities": "1000"}


@presented(holds=HOLDS, roles={"entities": "size"})
class Find:
    """One operation on a memory with so many entities of each of two sessions."""

    params = (tuple(one.value for one in Operation), ENTITIES)
    param_names = ("operation", "entities")

    def setup(self, cache: Cache, operation: str, entities: int) -> None:
        self.taken = value_of(value_of(cache[entities])[operation])
        if self.taken.wrong:
            wrong(self.taken.wrong)

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_seconds(self, cache: Cache, operation: str, entities: int) -> float:
        """Virtual seconds, if a statement takes a millisecond and all else nothing."""
        return self.taken.seconds

    @series(version="1", kind="exact", unit="statements", group="calls")
    def track_sql_statements(self, cache: Cache, operation: str, entities: int) -> int:
        """SQL statements, those that begin and end transactions too."""
        return self.taken.statements

    @series(version="2", kind="exact", unit="steps", group="work")
    def track_sqlite_steps(self, cache: Cache, operation: str, entities: int) -> int:
        """Steps of SQLite's virtual machine: a scan of a table is seen here."""
        return self.taken.steps

    track_sqlite_steps = portal_row(
        track_sqlite_steps,
        rank=330,
        label="Steps of a search inside SQLite",
        work="by words, in a memory with 1,000 entities of each of two sessions",
        unit="steps",
        cell=SEARCH,
    )

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_own_bytecodes(self, cache: Cache, operation: str, entities: int) -> int:
        """Bytecodes executed in the SDK's own files."""
        return self.taken.own_bytecodes

    track_own_bytecodes = headline(
        track_own_bytecodes,
        of="a search in a memory",
        label="bytecodes of the SDK",
        rank=32,
        cell=SEARCH,
    )

    @series(version="1", kind="sampled", unit="bytes", group="memory")
    @runs(repeat=1, rounds=1)
    def sample_kept_bytes(self, cache: Cache, operation: str, entities: int) -> int:
        """Bytes that are still held when its result is dropped: sampled, because tables of
        libraries grow by what their keys hash to."""
        return self.taken.kept_bytes


@presented(holds=HOLDS)
class Growth:
    """How a quantity grows with the entities that are stored: value ~ entities ** exponent."""

    params = (tuple(one.value for one in Operation), QUANTITIES)
    param_names = ("operation", "quantity")

    def setup(self, cache: Cache, operation: str, quantity: str) -> None:
        figures = [value_of(value_of(cache[size])[operation]) for size in ENTITIES]
        values = [float(asdict(each)[quantity]) for each in figures]
        if min(values) <= 0:
            raise Unavailable(f"{quantity} is {min(values):g} at some size: no power law fits")
        self.growth = growth.fit(ENTITIES, values)

    @series(version="2", kind="exact", unit="exponent", group="growth")
    def track_exponent(self, cache: Cache, operation: str, quantity: str) -> float:
        """Slope of the straight line through all sizes, log on log."""
        return self.growth.exponent
