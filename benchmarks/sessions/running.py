"""What keeps sessions, on a machine of its own with an empty database."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager, AsyncExitStack, ExitStack
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

from benchmarks.core import subject
from benchmarks.core.cells import Attempt, unless_left_out
from benchmarks.core.forked import in_child
from benchmarks.core.on_machine import TRACED, OnMachine, folder_in_memory
from meters.sqlite_rows import SqliteRows
from mocks.worlds.sessions.world import SessionsWorld, world_in
from targets.opening import finished
from targets.protocols.sessions import Keeper, Sessions

T = TypeVar("T")

CHILD_LIMIT_S = 600.0
"""Real seconds after which the process of one figure is killed: a busy machine is no failure."""

CACHE_TIMEOUT_S = 3600.0
"""Real seconds that asv gives all the figures of a class together."""


def fresh(measure: Callable[[], T]) -> Attempt[T]:
    """``attempt(measure)`` in a process of its own, so that nothing of a keeper that fails outlives
    it."""
    return unless_left_out(partial(in_child, measure, limit_s=CHILD_LIMIT_S))


@dataclass(frozen=True, slots=True)
class Took:
    """What a piece of work took: virtual seconds, SQL statements and the rows that they changed."""

    seconds: float
    statements: int
    rows: int


class Opened:
    """A keeper, and what is closed after it."""

    def __init__(self, keeper: Keeper, stack: AsyncExitStack) -> None:
        self.keeper = keeper
        self._stack = stack

    async def close(self) -> None:
        """Close all. Raises what the keeper raises."""
        await self._stack.aclose()


class Running:
    """The keeper under test, ready. A context manager, entered once in a process. Raises
    ``Unavailable`` where the SDK has none."""

    world: SessionsWorld
    on: OnMachine[Opened]

    def __init__(self) -> None:
        self._offered = subject.capability(Sessions)
        self._rows = SqliteRows()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with self._stack:
            self.world = world_in(self._stack.enter_context(folder_in_memory("sessions")))
            self.on = self._stack.enter_context(OnMachine(self._open))
            self._stack = self._stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    @property
    def keeper(self) -> Keeper:
        """What keeps the sessions."""
        return self.on.handle.keeper

    def run(self, coro: Coroutine[Any, Any, T]) -> T:
        """Run it to its end. Raises what it raises, ``Hang``, ``OutOfTime``."""
        return self.on.run(coro)

    def took(self, coro: Coroutine[Any, Any, T]) -> tuple[Took, T]:
        """The same, and what it took."""
        clock, statements = self.on.clock, self.on.machine.statements
        seconds, executed, rows = clock.now, statements.total, self._rows.count
        result = self.run(coro)
        spent = round(clock.now - seconds, 6)
        return Took(spent, statements.total - executed, self._rows.count - rows), result

    def traced(self) -> AbstractContextManager[None]:
        """Within, steps may take as much more CPU as code does that is traced."""
        return self.on.machine.slower_steps(TRACED)

    def stored_bytes(self) -> int:
        """Bytes of all files in the world's folder."""
        return sum(file.stat().st_size for file in self.world.folder.rglob("*") if file.is_file())

    async def _open(self) -> Opened:
        async with AsyncExitStack() as stack:
            stack.enter_context(self._rows)
            keeper = await finished(self._offered.open(self.world))
            stack.push_async_callback(keeper.close)
            return Opened(keeper, stack.pop_all())
