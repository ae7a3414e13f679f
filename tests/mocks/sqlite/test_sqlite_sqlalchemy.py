"""SQLAlchemy's pools and dialects for SQLite, inside the clock without a change."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy.exc import OperationalError, TimeoutError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import QueuePool

from mocks.clock import LastingClock
from mocks.inside.prices import Prices
from mocks.machine import Machine

Log = list[tuple[int, str, float]]


def now() -> float:
    return round(time.monotonic(), 9)


async def ask_by_aiosqlite(path: Path) -> Log:
    """Six who need one of two connections for two seconds, and wait three for it."""
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{path}", pool_size=2, max_overflow=0, pool_timeout=3.0
    )
    log: Log = []

    async def ask(number: int) -> None:
        try:
            async with engine.connect() as connection:
                await connection.execute(sqlalchemy.text("SELECT 1"))
                await asyncio.sleep(2.0)
        except TimeoutError:
            log.append((number, "no connection", now()))
        else:
            log.append((number, "done", now()))

    await asyncio.gather(*(ask(number) for number in range(6)))
    await engine.dispose()
    return log


async def ask_by_threads(path: Path) -> Log:
    """The same in threads."""
    engine = sqlalchemy.create_engine(
        f"sqlite:///{path}", poolclass=QueuePool, pool_size=2, max_overflow=0, pool_timeout=3.0
    )
    log: Log = []

    def ask(number: int) -> None:
        try:
            with engine.connect() as connection:
                connection.execute(sqlalchemy.text("SELECT 1"))
                time.sleep(2.0)
        except TimeoutError:
            log.append((number, "no connection", now()))
        else:
            log.append((number, "done", now()))

    await asyncio.gather(*(asyncio.to_thread(ask, number) for number in range(6)))
    engine.dispose()
    return log


@pytest.mark.slow
@pytest.mark.parametrize("ask", [ask_by_aiosqlite, ask_by_threads])
def test_an_exhausted_pool_is_seen_in_virtual_time(
    tmp_path: Path, ask: Callable[[Path], object]
) -> None:
    with LastingClock() as clock, Machine(clock) as on:
        log: Log = clock.run(ask(tmp_path / "test.db"))  # type: ignore[arg-type]
    assert sorted(log, key=lambda row: row[2]) == log
    assert sorted((what, when) for _, what, when in log) == [
        *[("done", 2.0)] * 2,
        *[("done", 4.0)] * 2,
        *[("no connection", 3.0)] * 2,
    ]
    assert [number for number, what, _ in log if what == "done"] == [0, 1, 2, 3]
    assert on.statements.of("SELECT") == 4
    assert on.escapes == {}


@pytest.mark.slow
def test_a_transaction_held_across_a_wait_makes_others_wait_for_the_lock(tmp_path: Path) -> None:
    async def program() -> Log:
        engine = create_async_engine(
            f"sqlite+aiosqlite:///{tmp_path}/test.db", connect_args={"timeout": 2.5}
        )
        log: Log = []
        async with engine.begin() as connection:
            await connection.execute(sqlalchemy.text("CREATE TABLE t (a)"))

        async def write(number: int) -> None:
            try:
                async with engine.begin() as connection:
                    await connection.execute(sqlalchemy.text("INSERT INTO t VALUES (1)"))
                    await asyncio.sleep(1.0)  # the call to the model
            except OperationalError:
                log.append((number, "locked", now()))
            else:
                log.append((number, "done", now()))

        await asyncio.gather(*(write(number) for number in range(4)))
        await engine.dispose()
        return log

    with LastingClock() as clock, Machine(clock) as on:
        log = clock.run(program())
    assert log == [(0, "done", 1.0), (1, "done", 2.0), (3, "locked", 2.5), (2, "done", 3.0)]
    assert on.databases.lock_waits == 3
    assert on.databases.waited_s == 1.0 + 2.0 + 2.5


def test_statements_cost_what_the_prices_say(tmp_path: Path) -> None:
    async def program() -> float:
        engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/test.db")
        async with engine.connect() as connection:
            began = now()
            for _ in range(10):
                await connection.execute(sqlalchemy.text("SELECT 1"))
            ended = now()
        await engine.dispose()
        return round(ended - began, 9)

    with LastingClock() as clock, Machine(clock, prices=Prices(statement_s=0.001)):
        assert clock.run(program()) == 0.01
