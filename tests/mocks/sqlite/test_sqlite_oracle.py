"""Random statements of three connections end on a machine as they end with SQLite itself."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from mocks.clock import LastingClock, real
from mocks.machine import Machine

TIMEOUT = 0.02
SCENARIOS = int(os.environ.get("UNLADEN_EXAMPLES", "12"))
STATEMENTS = (
    *("BEGIN", "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK", "SAVEPOINT s", "RELEASE s"),
    *("SELECT * FROM t", "SELECT * FROM u"),
    *("INSERT INTO t VALUES (1)", "UPDATE u SET a = a + 1", "DELETE FROM t WHERE a = 2"),
    "INSERT INTO u VALUES (8), (9) RETURNING a",
)


@dataclass(frozen=True)
class Outcome:
    """Of one statement: its rows or its error, and whether its connection is in a transaction."""

    connection: int
    sql: str
    told: str
    in_transaction: bool


def play(seed: int, path: Path, clock: Callable[[], float]) -> list[tuple[Outcome, float]]:
    """The outcomes of a scenario, and the seconds that each statement took."""
    chance = random.Random(seed)
    path.unlink(missing_ok=True)
    mode = chance.choice(["DELETE", "WAL"])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode={mode}")
        connection.execute("PRAGMA synchronous=OFF")
        connection.executescript(
            "CREATE TABLE t (a); CREATE TABLE u (a); INSERT INTO u VALUES (0), (5), (7)"
        )
    connections = [sqlite3.connect(path, timeout=TIMEOUT, isolation_level=None) for _ in range(3)]
    for connection in connections:  # Read the schema: SQLite may not wait where that meets a lock.
        connection.execute("SELECT * FROM t").fetchall()
    outcomes = []
    in_progress: list[sqlite3.Cursor] = []
    for _ in range(14):
        number, sql = chance.randrange(3), chance.choice(STATEMENTS)
        reads = sql.startswith("SELECT") or connections[number].in_transaction
        began = clock()
        try:
            cursor = connections[number].execute(sql)
            if reads and chance.random() < 0.3:
                told = str(cursor.fetchone())
                in_progress.append(cursor)
            else:
                told = str(cursor.fetchall())
        except sqlite3.OperationalError as error:
            told = str(error)
        took = clock() - began
        outcomes.append((Outcome(number, sql, told, connections[number].in_transaction), took))
        cursor = chance.choice(in_progress) if in_progress else None
        if cursor is not None and not cursor.connection.in_transaction and chance.random() < 0.3:
            in_progress.remove(cursor)
            cursor.close()
    for connection in connections:
        connection.close()
    return outcomes


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SCENARIOS))
def test_outcomes_and_waits_are_those_of_sqlite(seed: int, tmp_path: Path) -> None:
    async def program() -> list[tuple[Outcome, float]]:
        return play(seed, tmp_path / "ours.db", time.monotonic)

    with LastingClock() as clock, Machine(clock):
        ours = clock.run(program())
    theirs = play(seed, tmp_path / "theirs.db", real.monotonic)
    assert [outcome for outcome, _ in ours] == [outcome for outcome, _ in theirs]
    for (outcome, took), (_, took_for_real) in zip(ours, theirs, strict=True):
        assert took in (0.0, pytest.approx(TIMEOUT)), outcome
        if took:  # The other way round a busy machine could be at fault.
            assert took_for_real > 0.8 * TIMEOUT, outcome
