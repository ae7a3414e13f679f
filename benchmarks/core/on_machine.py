"""What a driver opens, on a machine of its own: for an SDK that has threads and databases."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

from benchmarks.core.schedules import current_trial
from benchmarks.core.ties import are_reversed
from meters.sqlite_rows import SqliteRows
from meters.sqlite_steps import SqliteSteps
from mocks.clock import LastingClock
from mocks.inside.prices import Prices
from mocks.machine import Machine
from targets.environment import process_folder
from targets.opening import Opened, finished

T = TypeVar("T")


class Closing(Protocol):
    """What is closed on the loop that it lives on."""

    async def close(self) -> None:
        """Give back whatever it holds."""


H = TypeVar("H", bound=Closing)

LIMIT_S = 7200.0
"""Virtual seconds after which what runs is given up."""

REST_S = 1.1
"""Virtual seconds of rest after opening: what an SDK has begun by then and awaits nowhere is
done."""

TRACED = 15
"""How many times longer a step may take while its code is traced."""

GRAIN_BYTES = 16
"""What is kept is told to so many bytes: an integer more or less depends on the process's past."""


def grained(kept: int) -> int:
    """Kept bytes as they are told."""
    return round(kept / GRAIN_BYTES) * GRAIN_BYTES


class OnMachine(Generic[H]):
    """A context manager: ``handle`` is what ``open`` gives, which is called on the machine; the end
    closes it.

    ``prices``: what statements and threads cost in virtual seconds. ``steps`` counts those of
    SQLite. Whatever is opened must be usable once more in the same process, after it was closed.
    """

    clock: LastingClock
    machine: Machine
    steps: SqliteSteps
    handle: H

    def __init__(self, open: Callable[[], Opened[H]], *, prices: Prices = Prices()) -> None:  # noqa: B008
        self._open = open
        self._prices = prices
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with self._stack:
            enter = self._stack.enter_context
            self.clock = enter(LastingClock(reverse_ties=are_reversed(), trial=current_trial()))
            self.machine = enter(Machine(self.clock, prices=self._prices))
            self.steps = enter(SqliteSteps())
            self.handle = self._opened()
            self._stack.callback(self._close)
            self._stack = self._stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def run(self, coro: Coroutine[Any, Any, T]) -> T:
        """Run it to its end. Raises what it raises, ``Hang``, ``OutOfTime``, ``Spin``."""
        return self.clock.run(coro, limit=LIMIT_S)

    def rest(self) -> None:
        """Let whatever goes on in the background come to its end."""
        self.run(asyncio.sleep(REST_S))

    def reopen(self) -> None:
        """Close the handle and open another one, as after a restart, and rest."""
        self._close()
        self.handle = self._opened()
        self.rest()

    def traced(self) -> AbstractContextManager[None]:
        """Within, steps may take as much more CPU as code does that is traced."""
        return self.machine.slower_steps(TRACED)

    def remarks(self) -> list[str]:
        """What whoever reads the figures must know, a line each: what has left the machine, so that
        a figure may depend on it, and what polls without waiting."""
        escapes = [f"outside of virtual time: {escape}" for escape in self.machine.escapes]
        polls = [f"polls without waiting: {place}" for place in self.machine.busy_waits]
        return [*escapes, *polls]

    def _opened(self) -> H:
        async def opening() -> H:
            return await finished(self._open())

        return self.clock.open(opening(), limit=LIMIT_S)

    def _close(self) -> None:
        self.run(self.handle.close())


class Stacked(Generic[T]):
    """What is used, and what is closed with it, the last first."""

    def __init__(self, used: T, stack: AsyncExitStack) -> None:
        self.used = used
        self._stack = stack

    async def close(self) -> None:
        """Close all. Raises what the SDK raises."""
        await self._stack.aclose()


@dataclass(frozen=True, slots=True)
class Spent:
    """Virtual seconds, SQL statements, and the rows that they changed."""

    seconds: float
    statements: int
    rows: int

    @classmethod
    def on(cls, machine: OnMachine[Any], rows: SqliteRows) -> Spent:
        """Up to now; the difference of two is what lies between them."""
        return cls(machine.clock.now, machine.machine.statements.total, rows.count)

    def since(self, before: Spent, digits: int = 6) -> Spent:
        """What was spent from then on, the seconds to so many digits."""
        return Spent(
            round(self.seconds - before.seconds, digits),
            self.statements - before.statements,
            self.rows - before.rows,
        )


def memory() -> Path:
    """Where new folders are made: in memory where there is some, so that databases wait for no
    disk."""
    shared = Path("/dev/shm")
    return shared if os.access(shared, os.W_OK) else Path(tempfile.gettempdir())


@contextmanager
def folder_in_memory(prefix: str) -> Iterator[Path]:
    """A new folder in ``memory``. It is deleted at the end, at the latest when this process has
    ended."""
    folder = process_folder(f"unladen-{prefix}-", memory())
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def bytes_in(folder: Path) -> int:
    """Bytes of all files in it."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
