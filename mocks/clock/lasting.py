"""A virtual clock for what lives longer than one run: a server, a pool, a background task."""

import asyncio
import math
from asyncio.tasks import _register_task, _unregister_task
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, TypeVar

from mocks.clock.hang import pending_tasks
from mocks.clock.virtual import VirtualClock

T = TypeVar("T")


class LastingClock(VirtualClock):
    """A `VirtualClock` on which tasks that `open` leaves behind go on through all later runs.

    The end of the context ends them. As long as one is there, timers that a run leaves behind are
    not cancelled, since they may be its own; a program that waits for ever while such a task wakes
    up again and again is out of time instead of hung; and `asyncio.all_tasks` and the text of a
    `Hang` do not name these tasks during a run.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._kept: list[asyncio.Task[Any]] = []

    def open(self, coro: Coroutine[Any, Any, T], *, limit: float = math.inf) -> T:
        """Run `coro` to its end and keep the tasks that it leaves behind. Raises what `run` raises;
        then nothing is kept."""
        return self.run(self._keeping(coro), limit=limit)

    def run(self, coro: Coroutine[Any, Any, T], *, limit: float = math.inf) -> T:
        """See `VirtualClock.run`."""
        with self._out_of_reach():
            return super().run(coro, limit=limit)

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._kept.clear()
        super().__exit__(exc_type, exc, traceback)

    async def _keeping(self, coro: Coroutine[Any, Any, T]) -> T:
        result = await coro
        me = asyncio.current_task()
        self._kept += [task for task in pending_tasks(self.loop) if task is not me]
        self._hide()
        return result

    @contextmanager
    def _out_of_reach(self) -> Iterator[None]:
        # What ends a run cancels every task that the loop knows of, and every timer. It is on the
        # measured path, so these are put out of its reach here instead of told to it.
        self._hide()
        try:
            yield
        finally:
            vars(self.loop).pop("cancel_timers", None)
            self._kept = [task for task in self._kept if not task.done()]
            for task in self._kept:
                _register_task(task)

    def _hide(self) -> None:
        for task in self._kept:
            _unregister_task(task)
        if self._kept:
            vars(self.loop)["cancel_timers"] = _leave_timers


def _leave_timers() -> None:
    """Cancels none."""
