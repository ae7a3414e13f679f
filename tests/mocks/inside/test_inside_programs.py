"""Random programs of threads, locks, queues and SQLite end, repeat, and lose nothing."""

from __future__ import annotations

import asyncio
import queue
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import aiosqlite
import pytest
from machines import machine

from mocks.inside.prices import Prices

ROOT = Path(__file__).resolve().parents[3]
PAUSES = (0.0, 0.1, 0.25, 1.0)


class Program:
    """Threads and tasks that do what a seed says, to the same locks, queues and tables."""

    def __init__(self, seed: int, path: str) -> None:
        self.log: list[tuple[str, str, float]] = []
        self._random = random.Random(seed)
        self._path = path
        self._locks = [threading.Lock(), threading.RLock()]
        self._condition = threading.Condition()
        self._items: queue.Queue[int] = queue.Queue(maxsize=2)
        self._written = 0

    def note(self, who: str, what: str) -> None:
        self.log.append((who, what, round(time.monotonic(), 9)))

    async def run(self) -> int:
        plans = [[self._random.randrange(6) for _ in range(6)] for _ in range(6)]
        with ThreadPoolExecutor(3) as pool:
            loop = asyncio.get_running_loop()
            await asyncio.gather(
                *(
                    asyncio.to_thread(self.work, f"worker {n}", plan)
                    for n, plan in enumerate(plans)
                ),
                *(
                    loop.run_in_executor(pool, self.work, f"pool {n}", plan[:3])
                    for n, plan in enumerate(plans)
                ),
                *(self.ask(f"task {n}") for n in range(3)),
            )
        return self._written

    async def ask(self, who: str) -> None:
        for _ in range(3):
            async with aiosqlite.connect(self._path, timeout=1000.0) as connection:
                await connection.execute("INSERT INTO t VALUES (?)", (who,))
                await asyncio.sleep(0.1)
                await connection.commit()
                self._written += 1
                self.note(who, "written")

    def work(self, who: str, plan: list[int]) -> None:
        doing: list[Callable[[str, float], object]] = [
            *(self.rest, self.lock, self.lock_again, self.put_and_get, self.signal, self.write),
        ]
        for number in plan:
            doing[number](who, PAUSES[number % len(PAUSES)])
            self.note(who, doing[number].__name__)

    def rest(self, who: str, pause: float) -> None:
        time.sleep(pause)

    def lock(self, who: str, pause: float) -> None:
        with self._locks[0]:
            time.sleep(pause)

    def lock_again(self, who: str, pause: float) -> None:
        with self._locks[1], self._locks[1]:
            time.sleep(pause)

    def put_and_get(self, who: str, pause: float) -> None:
        self._items.put(1)
        time.sleep(pause)
        self._items.get()

    def signal(self, who: str, pause: float) -> None:
        with self._condition:
            self._condition.notify()
            self._condition.wait(pause)

    def write(self, who: str, pause: float) -> None:
        with closing(sqlite3.connect(self._path, timeout=1000.0)) as connection, connection:
            connection.execute("INSERT INTO t VALUES (?)", (who,))
            time.sleep(pause)
            self._written += 1


def digest(seed: int, folder: Path) -> str:
    """Of all that a program of this seed did, when, and what was counted."""
    path = folder / f"{seed}.db"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("CREATE TABLE t (a)")
    with machine(Prices(executor_s=0.001, statement_s=0.002)) as on:
        program = Program(seed, str(path))
        written = on.clock.run(program.run(), limit=10_000.0)
        told = (program.log, on.clock.now, on.statements.counts, on.executor_calls)
        assert on.statements.of("INSERT") == written
        assert on.escapes == {}
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (written,)
    return sha256(repr(told).encode()).hexdigest()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_a_program_repeats(seed: int, tmp_path: Path) -> None:
    assert digest(seed, tmp_path) == digest(seed, tmp_path)


@pytest.mark.slow
def test_programs_are_the_same_under_any_hash_seed(tmp_path: Path) -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from pathlib import Path\nfrom test_inside_programs import digest\n"
        f"print(digest(7, Path({str(tmp_path)!r})))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PATH": "", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(told) == 1
