"""A virtual clock for what lives longer than one run: a server, a pool, a scheduler."""

import asyncio
import math
from asyncio import _get_running_loop
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from mocks.clock.background import Owner, context_for, has_owner, is_kept, split
from mocks.clock.cleanup import cancel_leftovers
from mocks.clock.hang import Waiting, by_name, describe
from mocks.clock.loop import VirtualLoop
from mocks.clock.virtual import VirtualClock, check_none

T = TypeVar("T")


class Background(Generic[T]):
    """What goes on beside the runs of a `LastingClock`, with everything that it spawns.

    Attributes:
        task: the task of what was started. That it failed is for its owner to see (`task.result`).
    """

    def __init__(self, clock: "LastingClock", owner: Owner, task: asyncio.Task[T]) -> None:
        self.task = task
        self._clock = clock
        self._owner = owner

    def end(self) -> None:
        """Cancel it and all that it spawned, and wait until they have ended; once is enough.

        Raises `Hang` if some refuse, RuntimeError inside a running loop.
        """
        self._clock.end(self._owner)


class LastingClock(VirtualClock):
    """A `VirtualClock` on which servers, schedulers and the like live through all runs.

    They begin with `background` or `open`. What such a program spawns is its own, wherever it does
    so: the tasks and timers that are made in its context, which asyncio hands on to what they make
    in turn, and those made in an empty context, in which servers like to handle requests. They are
    not cancelled at the end of a run, and none of them is in `Hang.waiting` (they are in
    `Hang.background`). What a run makes in its own context is cancelled at its end.

    If a run waits for ever while backgrounds only wait too, that is a hang. If one of them goes on
    waking up, the run is out of time, for nobody can tell that it will not help. The end of the
    context ends the backgrounds, the latest first.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._owners: list[Owner] = []

    def __enter__(self) -> Self:
        super().__enter__()
        _watch(self.loop, self._has_backgrounds)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            self.end_backgrounds(exc)
        finally:
            super().__exit__(exc_type, exc, traceback)

    def background(self, coro: Coroutine[Any, Any, T], *, name: str = "") -> Background[T]:
        """Start `coro`, which makes its first step in the next run, and keep what it spawns.

        `name` is that of its task. May be called outside runs and inside one.
        """
        owner = Owner(name or getattr(coro, "__qualname__", "background"))
        task = context_for(owner).run(_create, self.loop, coro, name)
        owner.tasks.append(task)
        self._owners.append(owner)
        return Background(self, owner, task)

    def open(self, coro: Coroutine[Any, Any, T], *, limit: float = math.inf) -> T:
        """Run `coro` to its end and keep the tasks and timers that it leaves behind.

        Raises what `run` raises; then nothing is kept.
        """
        owner = Owner(getattr(coro, "__qualname__", "opener"), keeps=False)
        self._owners.append(owner)
        return context_for(owner).run(self.run, _opening(coro, owner), limit=limit)

    def run(self, coro: Coroutine[Any, Any, T], *, limit: float = math.inf) -> T:
        """See `VirtualClock.run`."""
        if has_owner() or not self._has_backgrounds():
            return super().run(coro, limit=limit)
        context = context_for(Owner("run", keeps=False))
        return context.run(super().run, coro, limit=limit)

    def end_backgrounds(self, error: BaseException | None = None) -> None:
        """End all of them, the latest first, as `Background.end` does.

        `error` is what ended the program, if it failed: an interrupt is not replaced by a `Hang`.
        """
        refusing: tuple[Waiting, ...] = ()
        _check_not_running()
        while self._owners:
            refusing += self._end(self._owners.pop())
        check_none(refusing, self.now, error)

    def end(self, owner: Owner) -> None:
        """End what is `owner`'s: see `Background.end`."""
        _check_not_running()
        if owner in self._owners:
            self._owners.remove(owner)
            check_none(self._end(owner), self.now, None)

    def _has_backgrounds(self) -> bool:
        return any(owner.keeps for owner in self._owners)

    def _end(self, owner: Owner) -> tuple[Waiting, ...]:
        owner.keeps = False
        return cancel_leftovers(self.loop)


def _check_not_running() -> None:
    if _get_running_loop() is not None:
        raise RuntimeError("a background cannot be ended while a loop is running")


async def _opening(coro: Coroutine[Any, Any, T], owner: Owner) -> T:
    result = await coro
    owner.keeps = True
    owner.tasks += asyncio.all_tasks() - {asyncio.current_task()}
    return result


def _create(loop: VirtualLoop, coro: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
    return loop.create_task(coro, name=name or None)


def _watch(loop: VirtualLoop, has_backgrounds: Callable[[], bool]) -> None:
    """Tell the loop which of its tasks and timers are a run's.

    What ends a run asks the loop; it is on the measured path of all clocks, so it is told by
    attributes of this one loop, and asks as it would ask any other.
    """

    def tasks() -> tuple[set[asyncio.Task[Any]], ...]:
        return split(asyncio.all_tasks(loop), unmarked=has_backgrounds())

    def run_tasks(_: asyncio.AbstractEventLoop | None = None) -> set[asyncio.Task[Any]]:
        return tasks()[0]

    def background_waits() -> list[Waiting]:
        return [describe(task) for task in by_name(tasks()[1])]

    def cancel_timers() -> None:
        unmarked = has_backgrounds()
        # A scheduled loop holds some of them back (``ScheduledLoop``).
        held = (event for _, event in getattr(loop, "_held", ()))
        for timer in [*loop._scheduled, *held]:
            if not is_kept(getattr(timer, "_context", None), unmarked=unmarked):
                timer.cancel()

    vars(loop).update(
        run_tasks=run_tasks, background_waits=background_waits, cancel_timers=cancel_timers
    )
