"""Locks of SQLite wait in virtual time, in order, and as long as SQLite itself would wait."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import aiosqlite
import pytest

from mocks.clock import LastingClock
from mocks.inside.prices import Prices
from mocks.machine import Machine

ROOT = Path(__file__).resolve().parents[3]
LOCKED = "database is locked"


@pytest.fixture
def path(tmp_path: Path) -> str:
    file = str(tmp_path / "test.db")
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript("CREATE TABLE t (a); INSERT INTO t VALUES (0)")
    return file


@pytest.fixture
def machine(path: str) -> Iterator[Machine]:
    with LastingClock() as clock, Machine(clock) as on:
        yield on


def now() -> float:
    return round(time.monotonic(), 9)


async def write(path: str, number: int, log: list[object], *, timeout: float = 60.0) -> None:
    async with aiosqlite.connect(path, timeout=timeout) as connection:
        try:
            await connection.execute("INSERT INTO t VALUES (?)", (number,))
        except sqlite3.OperationalError as error:
            log.append((number, str(error), now()))
            return
        await asyncio.sleep(0.1)
        await connection.commit()
        log.append((number, now()))


async def write_all(path: str, count: int, *, timeout: float = 60.0) -> list[object]:
    log: list[object] = []
    await asyncio.gather(*(write(path, number, log, timeout=timeout) for number in range(count)))
    return log


@pytest.mark.slow
def test_fifty_writers_get_the_lock_in_order(machine: Machine, path: str) -> None:
    log = machine.clock.run(write_all(path, 50))
    assert log == [(number, round((number + 1) * 0.1, 9)) for number in range(50)]
    assert machine.statements.of("INSERT", table="t") == 50
    assert machine.statements.of("BEGIN") == machine.statements.of("COMMIT") == 50
    assert machine.databases.lock_waits == 49
    assert machine.databases.waited_s == pytest.approx(0.1 * 49 * 50 / 2)
    assert machine.executor_calls == 50 * 5, "open, execute, commit, close and stop"
    assert machine.escapes == {}


def test_who_has_waited_for_the_busy_timeout_gives_up_then(machine: Machine, path: str) -> None:
    log = machine.clock.run(write_all(path, 5, timeout=0.25))
    assert log == [(0, 0.1), (1, 0.2), (4, LOCKED, 0.25), (3, LOCKED, 0.25), (2, 0.3)]
    assert machine.statements.of("INSERT") == 3


PROGRAM = """
import asyncio, sys
sys.path.insert(0, {folder!r})
from test_sqlite_locks import *
with LastingClock() as clock, Machine(clock, prices=Prices(statement_s=0.003)) as on:
    print(clock.run(write_all({path!r}, 12, timeout=0.95)))
    print(on.statements.counts, on.databases.waited_s, on.executor_calls, clock.now)
"""


@pytest.mark.slow
def test_contention_is_the_same_under_any_hash_seed(path: str) -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM.format(folder=str(Path(__file__).parent), path=path)],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PATH": "", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(told) == 1
    assert LOCKED in told.pop()


def test_a_loop_that_waits_for_a_lock_blocks_until_another_thread_frees_it(
    machine: Machine, path: str
) -> None:
    def hold() -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            time.sleep(2.0)

    async def program() -> tuple[float, float]:
        holder = asyncio.create_task(asyncio.to_thread(hold))
        await asyncio.sleep(0.5)
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("DELETE FROM t")
        written = now()
        await holder
        return written, now()

    assert machine.clock.run(program()) == (2.0, 2.0)


def test_a_loop_that_holds_the_lock_itself_waits_in_vain(machine: Machine, path: str) -> None:
    async def program() -> float:
        with closing(sqlite3.connect(path)) as first, closing(sqlite3.connect(path)) as second:
            first.execute("BEGIN IMMEDIATE")
            with pytest.raises(sqlite3.OperationalError, match=LOCKED):
                second.execute("INSERT INTO t VALUES (1)")
            return now()

    assert machine.clock.run(program()) == 5.0


@pytest.mark.parametrize("free", ["commit", "rollback", "close", "drop"])
def test_whatever_frees_the_lock_wakes(machine: Machine, path: str, free: str) -> None:
    async def program() -> float:
        holding = sqlite3.connect(path, check_same_thread=False)
        holding.execute("INSERT INTO t VALUES (1)")
        log: list[object] = []
        waiting = asyncio.create_task(write(path, 2, log))
        await asyncio.sleep(3.0)
        if free == "drop":
            del holding
            gc.collect()
        else:
            getattr(holding, free)()
        await waiting
        assert log == [(2, 3.1)]
        return now()

    assert machine.clock.run(program()) == 3.1


def test_a_commit_waits_for_those_who_read(machine: Machine, path: str) -> None:
    async def program() -> list[float]:
        log: list[float] = []
        async with aiosqlite.connect(path) as reader, aiosqlite.connect(path) as writer:
            rows = await reader.execute("SELECT * FROM t, t AS u")
            await writer.execute("INSERT INTO t VALUES (1)")

            async def commit() -> None:
                await writer.commit()
                log.append(now())

            committing = asyncio.create_task(commit())
            await asyncio.sleep(1.0)
            await rows.fetchall()
            log.append(now())
            await committing
        return log

    assert machine.clock.run(program()) == [1.0, 1.0]
    assert machine.databases.lock_waits == 1


def upgrade(path: str) -> float:
    """Read, then write in the same transaction, while another writes: seconds until refused."""
    with (
        closing(sqlite3.connect(path, timeout=30.0)) as one,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        one.execute("BEGIN")
        one.execute("SELECT * FROM t").fetchall()
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(sqlite3.OperationalError, match=LOCKED):
            one.execute("INSERT INTO t VALUES (1)")
        return time.monotonic() - began


def test_a_reader_that_wants_to_write_is_refused_at_once_as_by_sqlite(
    machine: Machine, path: str
) -> None:
    async def program() -> float:
        return upgrade(path)

    assert machine.clock.run(program()) == 0.0


def test_sqlite_itself_refuses_so(path: str) -> None:
    assert upgrade(path) < 25.0


def test_the_busy_timeout_is_the_programs(machine: Machine, path: str) -> None:
    async def program() -> list[object]:
        found: list[object] = []
        with closing(sqlite3.connect(path)) as holding, closing(sqlite3.connect(path)) as asking:
            holding.execute("BEGIN IMMEDIATE")
            found += asking.execute("PRAGMA busy_timeout").fetchone()
            asking.execute("PRAGMA busy_timeout = 1500")
            found += asking.execute("pragma busy_timeout").fetchone()
            for expected in (1.5, 1.5):
                with pytest.raises(sqlite3.OperationalError, match=LOCKED):
                    asking.execute("DELETE FROM t")
                asking.execute("PRAGMA busy_timeout = 0")
                assert now() == expected
        return found

    assert machine.clock.run(program()) == [5000, 1500]


def test_a_script_and_many_rows_wait_where_they_are(machine: Machine, path: str) -> None:
    def change() -> int:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.executemany("INSERT INTO t VALUES (?)", ((each,) for each in (1, 2, 3)))
            connection.executescript(
                "BEGIN; INSERT INTO t VALUES ('a;b'); COMMIT; -- end\nDELETE FROM t WHERE a = 0"
            )
            return int(connection.execute("SELECT count(*) FROM t").fetchone()[0])

    async def program() -> tuple[int, float]:
        with closing(sqlite3.connect(path, isolation_level=None)) as holding:
            holding.execute("BEGIN IMMEDIATE")
            changing = asyncio.create_task(asyncio.to_thread(change))
            await asyncio.sleep(1.0)
            holding.execute("COMMIT")
            return await changing, now()

    assert machine.clock.run(program()) == (4, 1.0)
    assert machine.statements.of("INSERT", table="t") == 4
    assert machine.statements.of("DELETE", table="t") == 1


@pytest.mark.slow
def test_a_price_is_paid_by_the_connections_thread(path: str) -> None:
    async def program() -> tuple[float, float]:
        async with aiosqlite.connect(path) as one, aiosqlite.connect(path) as other:
            await asyncio.gather(one.execute("SELECT 1"), other.execute("SELECT 2"))
            at_once = now()
            await one.executemany("INSERT INTO t VALUES (?)", [(1,), (2,), (3,)])
            return at_once, now()

    with LastingClock() as clock, Machine(clock, prices=Prices(statement_s=0.01)) as on:
        assert clock.run(program()) == (0.01, 0.05)
        assert on.statements.total == 6  # a BEGIN too


def test_a_program_keeps_its_own_classes_and_tracers(machine: Machine, path: str) -> None:
    class Mine(sqlite3.Connection):
        pass

    class Row(sqlite3.Cursor):
        pass

    async def program() -> list[str]:
        told: list[str] = []
        with closing(sqlite3.connect(path, factory=Mine)) as connection:
            assert isinstance(connection, Mine)
            connection.row_factory = sqlite3.Row
            connection.set_trace_callback(told.append)
            cursor = connection.cursor(Row)
            assert isinstance(cursor, Row)
            assert cursor.execute("SELECT a FROM t").fetchone()["a"] == 0
        return told

    assert machine.clock.run(program()) == ["SELECT a FROM t"]
    assert machine.statements.of("SELECT") == 1


@pytest.mark.slow
def test_connections_of_other_days_are_left_alone(path: str) -> None:
    before = sqlite3.connect
    with LastingClock() as clock, Machine(clock) as on:
        assert sqlite3.connect is not before
        opened = sqlite3.connect(path, check_same_thread=False)
        opened.execute("SELECT * FROM t").fetchall()
    assert sqlite3.connect is before
    with closing(opened):
        found: list[object] = []
        thread = threading.Thread(
            target=lambda: found.append(opened.execute("SELECT 7").fetchone())
        )
        thread.start()
        thread.join()
    assert found == [(7,)]
    assert on.statements.of("SELECT") == 1
