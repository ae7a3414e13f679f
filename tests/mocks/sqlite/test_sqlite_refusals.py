"""What SQLite refuses at once is refused at once on a machine; what it waits for waits."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import StaticPool

from mocks.clock import LastingClock, real
from mocks.machine import Machine

TIMEOUT = 0.05
LOCKED = "database is locked"
IN_PROGRESS = "SQL statements in progress"
RETURNING = "INSERT INTO t VALUES (4), (5), (6) RETURNING a"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


def prepare(path: Path, mode: str) -> None:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode={mode}")
        connection.executescript("CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1), (2), (3)")


Case = tuple[str, list[str], list[str], str, str, bool]
# Journal mode, what the other connection did, what this one did (each takes one row and stays in
# progress if it has more), what it asks for then, its error, and whether SQLite waits first.
CASES: list[Case] = [
    ("DELETE", [], ["BEGIN", RETURNING], "COMMIT", IN_PROGRESS, False),
    ("WAL", [], ["BEGIN", RETURNING], "COMMIT", IN_PROGRESS, False),
    ("WAL", [], ["BEGIN", RETURNING], "SAVEPOINT s", IN_PROGRESS, False),
    ("WAL", [], ["SAVEPOINT s", RETURNING], "RELEASE s", IN_PROGRESS, False),
    ("DELETE", ["BEGIN IMMEDIATE"], ["SELECT a FROM t"], "DELETE FROM t", LOCKED, False),
    ("WAL", ["BEGIN IMMEDIATE"], ["SELECT a FROM t"], "DELETE FROM t", LOCKED, False),
    ("WAL", ["BEGIN IMMEDIATE"], ["SELECT a FROM t"], "BEGIN IMMEDIATE", LOCKED, False),
    ("WAL", ["BEGIN IMMEDIATE"], ["SELECT a FROM t", "BEGIN"], "DELETE FROM t", LOCKED, False),
    ("WAL", ["BEGIN IMMEDIATE"], ["SELECT a FROM t LIMIT 1"], "DELETE FROM t", LOCKED, True),
    ("DELETE", ["SELECT a FROM t"], ["SELECT a FROM t"], "DELETE FROM t", LOCKED, True),
    ("DELETE", ["SELECT a FROM t"], ["BEGIN", "DELETE FROM t"], "COMMIT", LOCKED, True),
    ("WAL", ["DELETE FROM t"], ["BEGIN", "SELECT a FROM t"], "DELETE FROM t", LOCKED, False),
    ("WAL", ["SELECT a FROM t"], [], "PRAGMA journal_mode=DELETE", LOCKED, False),
    ("DELETE", ["BEGIN IMMEDIATE"], [], "PRAGMA journal_mode=WAL", LOCKED, False),
    ("DELETE", ["SELECT a FROM t"], [], "PRAGMA journal_mode=WAL", LOCKED, True),
    ("DELETE", ["BEGIN EXCLUSIVE"], [], "PRAGMA journal_mode=WAL", LOCKED, True),
]


Outcome = tuple[str, str, bool, str, float]


def play(path: Path, case: Case, clock: Callable[[], float]) -> Outcome:
    """The error, its name, whether a transaction is left, the rows left, and how long it took."""
    mode, others, before, asked, _, _ = case
    prepare(path, mode)
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as other,
        closing(sqlite3.connect(path, isolation_level=None, timeout=TIMEOUT)) as connection,
    ):
        cursors = [connection.execute(sql) for sql in before]
        for cursor in cursors:
            cursor.fetchone()
        held = [other.execute(sql) for sql in others]
        for cursor in held:
            cursor.fetchone()
        began = clock()
        try:
            connection.execute(asked)
        except sqlite3.OperationalError as error:
            told = (str(error), error.sqlite_errorname)
        else:
            told = ("", "")
        took = clock() - began
        left = str([cursor.fetchall() for cursor in cursors])
        return *told, connection.in_transaction, left, took


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[2:4]}-{case[1]}")
def test_it_waits_if_sqlite_waits(path: Path, case: Case) -> None:
    async def program() -> Outcome:
        return play(path, case, time.monotonic)

    with LastingClock() as clock, Machine(clock) as on:
        *ours, took = clock.run(program())
    *theirs, took_for_real = play(path, case, real.monotonic)
    *_, text, waits = case
    assert ours == theirs
    assert text in str(theirs[0])
    assert took == (pytest.approx(TIMEOUT) if waits else 0.0)
    assert on.databases.lock_waits == waits
    if waits:  # The other way round a busy machine could be at fault.
        assert took_for_real > 0.8 * TIMEOUT


@pytest.mark.parametrize("case", [each for each in CASES if not each[-1]], ids=str)
def test_sqlite_itself_refuses_long_before_its_timeout(
    path: Path, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.TIMEOUT", 60.0)
    found: list[Outcome] = []
    thread = threading.Thread(target=lambda: found.append(play(path, case, real.monotonic)))
    thread.start()
    thread.join()
    assert [took < 50.0 for *_, took in found] == [True]


@pytest.mark.slow
def test_who_failed_a_constraint_holds_the_lock_and_does_not_queue(path: Path) -> None:
    prepare(path, "WAL")

    def write_twice(log: list[tuple[str, float]]) -> None:
        with closing(sqlite3.connect(path)) as connection:
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute("INSERT INTO t VALUES (1)")
            time.sleep(1.0)
            connection.execute("UPDATE t SET a = 9 WHERE a = 1")
            connection.commit()
            log.append(("first", time.monotonic()))

    def wait(log: list[tuple[str, float]]) -> None:
        time.sleep(0.5)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("INSERT INTO t VALUES (8)")
            log.append(("second", time.monotonic()))

    async def program() -> list[tuple[str, float]]:
        log: list[tuple[str, float]] = []
        await asyncio.gather(*(asyncio.to_thread(each, log) for each in (write_twice, wait)))
        return log

    with LastingClock() as clock, Machine(clock):
        assert clock.run(program()) == [("first", 1.0), ("second", 1.0)]


def test_requests_that_share_one_connection_do_not_wait_for_each_other(path: Path) -> None:
    """A cursor of one is in progress when another commits, as SQLAlchemy's StaticPool has it."""
    prepare(path, "WAL")

    async def program() -> tuple[str, float]:
        engine = create_async_engine(
            f"sqlite+aiosqlite:///{path}", poolclass=StaticPool, connect_args={"timeout": 30.0}
        )
        async with engine.connect() as one, engine.connect() as other:
            rows = await one.stream(sqlalchemy.text(RETURNING))
            await rows.fetchone()
            await other.execute(sqlalchemy.text("SELECT 1"))
            with pytest.raises(OperationalError) as refused:
                await other.commit()
            when = time.monotonic()
            await rows.close()
        await engine.dispose()
        return str(refused.value.orig), when

    with LastingClock() as clock, Machine(clock) as on:
        told, when = clock.run(program())
    assert IN_PROGRESS in told
    assert when == 0.0
    assert on.databases.lock_waits == 0


def retry(path: Path, timeout: float) -> float:
    """Seconds until a write is refused twice: during a SELECT, and after its end."""
    prepare(path, "WAL")
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as other,
        closing(sqlite3.connect(path, timeout=timeout)) as connection,
    ):
        rows = connection.execute("SELECT a FROM t")
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        for _ in range(2):
            with pytest.raises(sqlite3.OperationalError, match=LOCKED):
                connection.execute("INSERT INTO t VALUES (4)")
            rows.close()
        return time.monotonic() - began


@pytest.mark.slow
def test_what_a_transaction_began_with_reading_stays_locked(path: Path) -> None:
    async def program() -> float:
        return retry(path, 60.0)

    with LastingClock() as clock, Machine(clock):
        assert clock.run(program()) == 0.0
    assert retry(path, 60.0) < 50.0
