"""What keeps sessions, on a machine of its own with an empty database."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager, AsyncExitStack, ExitStack
from types import TracebackType
from typing import Any, Self, TypeVar

from benchmarks.core import forked, subject
from benchmarks.core.cells import Attempt
from benchmarks.core.on_machine import OnMachine, Spent, Stacked, bytes_in, folder_in_memory
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
    return forked.fresh(measure, limit_s=CHILD_LIMIT_S)


class Running:
    """The keeper under test, ready. A context manager, entered once in a process. Raises
    ``Unavailable`` where the SDK has none."""

    world: SessionsWorld
    on: OnMachine[Stacked[Keeper]]

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
        return self.on.handle.used

    def run(self, coro: Coroutine[Any, Any, T]) -> T:
        """Run it to its end. Raises what it raises, ``Hang``, ``OutOfTime``."""
        return self.on.run(coro)

    def took(self, coro: Coroutine[Any, Any, T]) -> tuple[Spent, T]:
        """The same, and what it took."""
        before = Spent.on(self.on, self._rows)
        result = self.run(coro)
        return Spent.on(self.on, self._rows).since(before), result

    def traced(self) -> AbstractContextManager[None]:
        """Within, steps may take as much more CPU as code does that is traced."""
        return self.on.traced()

    def stored_bytes(self) -> int:
        """Bytes of all files in the world's folder."""
        return bytes_in(self.world.folder)

    async def _open(self) -> Stacked[Keeper]:
        async with AsyncExitStack() as stack:
            stack.enter_context(self._rows)
            keeper = await finished(self._offered.open(self.world))
            stack.push_async_callback(keeper.close)
            return Stacked(keeper, stack.pop_all())
