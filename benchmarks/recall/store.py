"""Entities are stored in one piece: 1, 100 or 1,000, in a memory that has some already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial

from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.forked import each_fresh, fresh
from benchmarks.core.notes import note, wrong
from benchmarks.core.presentation import headline, portal_row, presented
from benchmarks.core.series import runs, series
from benchmarks.recall.find import CHILD_LIMIT_S, QUANTITIES
from benchmarks.recall.operations import Taken, Work, taken
from benchmarks.recall.running import STATEMENT_S, Memory, remembering
from meters import growth
from targets.protocol import Unavailable

ENTITIES = (1, 100, 1000)
HOLDS = {"statement_s": STATEMENT_S}

Cache = Mapping[int, Attempt[tuple[Taken, str]]]


def measure(entities: int) -> tuple[Taken, str]:
    """What it takes, and what a reader must know."""
    with remembering() as memory:
        memory.on.rest()
        memory.fill(1)
        found = taken(memory, partial(_work, memory, entities))
        return found, "\n".join(memory.on.remarks())


def _work(memory: Memory, count: int) -> Work:
    new = memory.new(count)

    async def act() -> str:
        keys = await memory.handle.store(new)
        missing = sum(key is None for key in keys) + len(new) - len(keys)
        return f"{missing} of {count} were not stored, as the SDK says" if missing else ""

    return Work(act)


def setup_cache() -> Cache:
    """Each number in a process of its own."""
    return each_fresh(
        {count: partial(measure, count) for count in ENTITIES},
        partial(fresh, limit_s=CHILD_LIMIT_S),
    )


vars(setup_cache)["timeout"] = 3600.0

MANY = {"entities": "100"}


@presented(holds=HOLDS, roles={"entities": "size"})
class Store:
    """So many entities of one session are stored in one piece."""

    params = ENTITIES
    param_names = ("entities",)

    def setup(self, cache: Cache, entities: int) -> None:
        self.taken, remarks = value_of(cache[entities])
        if self.taken.wrong:
            wrong(self.taken.wrong)
        if remarks:
            note(remarks)

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_seconds(self, cache: Cache, entities: int) -> float:
        """Virtual seconds, if a statement takes a millisecond and all else nothing."""
        return self.taken.seconds

    @series(version="1", kind="exact", unit="statements", group="calls")
    def track_sql_statements(self, cache: Cache, entities: int) -> int:
        """SQL statements, those that begin and end transactions too."""
        return self.taken.statements

    track_sql_statements = headline(
        portal_row(
            track_sql_statements,
            rank=310,
            label="SQL statements per entity",
            work="100 entities stored in one piece",
            unit="statements",
            cell=MANY,
            per=100,
        ),
        of="storing many entities",
        label="SQL statements",
        rank=31,
        cell=MANY,
    )

    @series(version="1", kind="exact", unit="statements", group="calls")
    def track_rows_written(self, cache: Cache, entities: int) -> int:
        """Statements that write, each of which writes a row."""
        return self.taken.writes

    @series(version="1", kind="exact", unit="steps", group="work")
    def track_sqlite_steps(self, cache: Cache, entities: int) -> int:
        """Steps of SQLite's virtual machine."""
        return self.taken.steps

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_own_bytecodes(self, cache: Cache, entities: int) -> int:
        """Bytecodes executed in the SDK's own files."""
        return self.taken.own_bytecodes

    @series(version="1", kind="sampled", unit="bytes", group="memory")
    @runs(repeat=1, rounds=1)
    def sample_kept_bytes(self, cache: Cache, entities: int) -> int:
        """Bytes of the process that are still held afterwards: sampled, because tables of libraries
        grow by what their keys hash to."""
        return self.taken.kept_bytes

    sample_kept_bytes = portal_row(
        sample_kept_bytes,
        rank=320,
        label="Bytes kept in the process per entity",
        work="100 entities stored in one piece",
        unit="bytes",
        cell=MANY,
        per=100,
        needs_same="python",
    )


@presented(holds=HOLDS)
class Growth:
    """How a quantity grows with the entities of one piece: value ~ entities ** exponent."""

    params = QUANTITIES
    param_names = ("quantity",)

    def setup(self, cache: Cache, quantity: str) -> None:
        values = [float(asdict(value_of(cache[count])[0])[quantity]) for count in ENTITIES]
        if min(values) <= 0:
            raise Unavailable(f"{quantity} is {min(values):g} at some size: no power law fits")
        self.growth = growth.fit(ENTITIES, values)

    @series(version="1", kind="exact", unit="exponent", group="growth")
    def track_exponent(self, cache: Cache, quantity: str) -> float:
        """Slope of the straight line through all sizes, log on log."""
        return self.growth.exponent
