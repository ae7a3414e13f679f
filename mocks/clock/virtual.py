"""Running coroutines in virtual time."""

import math
from asyncio import _get_running_loop
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

from mocks.clock.cleanup import cancel_leftovers, close
from mocks.clock.hang import Hang, Waiting
from mocks.clock.loop import VirtualLoop
from mocks.clock.schedules.trial import Trial
from mocks.clock.ties import ReversedLoop

T = TypeVar("T")


class VirtualClock:
    """Context manager that runs coroutines, one after the other, on one `VirtualLoop`.

    Virtual time goes on from run to run. Tasks and timers that a run leaves behind are
    cancelled before the next; descriptors that it left registered with the loop are not, and
    count as outside work in the next run too. The end of the context closes everything.

    Args:
        thread_patience: real seconds that threads started by the program get, see `VirtualLoop`.
        debug: asyncio's debug mode; None for asyncio's default.
        reverse_ties: run on a `ReversedLoop`: timers due at the same instant fire last armed first.
        trial: run on a `ScheduledLoop` of this trial (`mocks.clock.schedules`) instead.
    """

    def __init__(
        self,
        *,
        thread_patience: float = 10.0,
        debug: bool | None = None,
        reverse_ties: bool = False,
        trial: Trial | None = None,
    ) -> None:
        self._thread_patience = thread_patience
        self._debug = debug
        self._make_loop: Callable[..., VirtualLoop]
        if trial is not None:
            self._make_loop = trial.loop
        else:
            self._make_loop = ReversedLoop if reverse_ties else VirtualLoop
        self._loop: VirtualLoop | None = None

    def __enter__(self) -> Self:
        if self._loop is not None:
            raise RuntimeError("a VirtualClock can be entered only once")
        self._loop = self._make_loop(thread_patience=self._thread_patience)
        if self._debug is not None:
            self._loop.set_debug(self._debug)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        now = self.now
        check_none(close(self.loop), now, exc)

    @property
    def loop(self) -> VirtualLoop:
        """The loop. Raises RuntimeError before the context is entered."""
        if self._loop is None:
            raise RuntimeError("a VirtualClock is used as a context manager")
        return self._loop

    @property
    def now(self) -> float:
        """Virtual seconds since the context was entered."""
        return self.loop.time()

    def run(self, coro: Coroutine[Any, Any, T], *, limit: float = math.inf) -> T:
        """Run `coro` to its end and give its result.

        Raises what `coro` raises; `Hang` if the program can never go on, or if a task that is
        left over at its end refuses cancellation; `OutOfTime` if it is not over and waits only
        for timers that are `limit` virtual seconds or more after the start of the run (the limit
        itself is no timer, so it delays no proof of a hang); RuntimeError inside a running loop.
        """
        loop = self.loop
        if _get_running_loop() is not None:
            raise RuntimeError("VirtualClock.run cannot be called while a loop is running")
        loop.note_threads()
        error: BaseException | None = None
        try:
            with loop.limited_to(limit):
                return loop.run_until_complete(coro)
        except BaseException as raised:
            error = raised
            raise
        finally:
            now = loop.time()
            check_none(cancel_leftovers(loop), now, error)
            del error


def run(coro: Coroutine[Any, Any, T], *, thread_patience: float = 10.0) -> T:
    """Run `coro` on a virtual clock of its own. See `VirtualClock.run`."""
    with VirtualClock(thread_patience=thread_patience) as clock:
        return clock.run(coro)


def check_none(refusing: tuple[Waiting, ...], now: float, error: BaseException | None) -> None:
    """Raise `Hang` if tasks refuse cancellation after a run that ended at `now` with `error`."""
    if not refusing or isinstance(error, KeyboardInterrupt | SystemExit):
        return
    if isinstance(error, Hang):
        raise type(error)(error.at, error.waiting, error.threads, refusing, error.background)
    raise Hang(now, (), (), refusing)
