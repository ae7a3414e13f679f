"""The proof that a program runs for ever without giving control back, and where."""

import json
import os
import signal
import sys
import threading
from asyncio import base_events
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from types import FrameType, TracebackType
from typing import Any, Self, cast

from mocks.clock.loop import VirtualLoop

SPIN_EXIT = 70
"""How a process exits in which a spin cannot be ended."""

# So many looks fall into the budget, and so many more are waited for a step that goes on after it.
_LOOKS = 4
_LOOKS_AFTER = 40

_STOPS = base_events._run_until_complete_cb  # type: ignore[attr-defined]
_RUN_ONCE = base_events.BaseEventLoop._run_once.__code__  # type: ignore[attr-defined]
_MOST_FRAMES = 30


class Spin(BaseException):
    """A step did not end within its CPU budget, or an instant not within its steps.

    No `Exception`, as servers catch those and go on.

    Attributes:
        at: virtual seconds at which the program stands still.
        where: the innermost place outside the standard library, as "file.py:LINE in function".
        stack: such places, outermost first, as they were when the budget was used up.
        budget: what was used up, in words.
    """

    def __init__(
        self, at: float = 0.0, where: str = "", stack: tuple[str, ...] = (), budget: str = ""
    ) -> None:
        super().__init__(at, where, stack, budget)
        self.at = at
        self.where = where
        self.stack = stack
        self.budget = budget

    def __str__(self) -> str:
        return f"spin at virtual time {self.at} s: {self.budget} at {self.where}".replace("\n", " ")


@dataclass(frozen=True, slots=True)
class RunningThread:
    """A thread that has the turn while the loop's thread waits for it.

    Attributes:
        frame: what it executes.
        stop: raises a `Spin` in it.
    """

    frame: FrameType
    stop: Callable[[], object]


class SpinWatch:
    """Raises `Spin` where a step of a loop uses up its CPU budget.

    A step is one callback: what a task does from one `await` that waits to the next. The process
    looks at itself a few times within the budget (by `ITIMER_VIRTUAL`, in user CPU time, so a busy
    machine does not shorten it); a step costs nothing for it. It does not matter what a program
    does with the exception: `found` keeps the proof, and the loop goes no further (`run`). A step
    that catches it and goes on is ended again and again, ten budgets long; then the process ends,
    with code 70 and a line on standard error, `unladen-spin: ` and the stack in JSON.

    Args:
        cpu_s: the budget in seconds of CPU.
        running_thread: asked for the thread that has the turn, if there are such threads.

    Only the main thread can watch: RuntimeError in others, and if something else uses the timer.
    """

    def __init__(
        self,
        loop: VirtualLoop,
        *,
        cpu_s: float,
        running_thread: Callable[[], RunningThread | None] = lambda: None,
    ) -> None:
        if not cpu_s > 0:
            raise ValueError(f"a budget is a positive number of CPU seconds, not {cpu_s}")
        self.found: Spin | None = None
        self._told = False
        self._loop = loop
        self._cpu_s = cpu_s
        self._running_thread = running_thread
        self._step: tuple[FrameType, object] | None = None
        self._looks = 0
        self._before: Any = None

    def __enter__(self) -> Self:
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("only the main thread can watch for spins")
        if signal.getitimer(signal.ITIMER_VIRTUAL)[0]:
            raise RuntimeError("ITIMER_VIRTUAL is in use, so spins cannot be watched for")
        self._before = signal.signal(signal.SIGVTALRM, self._look)
        self._set_timer()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        signal.signal(signal.SIGVTALRM, self._before)
        self._step = None

    @contextmanager
    def allowing(self, cpu_s: float) -> Iterator[None]:
        """Within, a step may take so much CPU: of code that is traced, say."""
        before = self._cpu_s
        self._cpu_s = cpu_s
        self._set_timer()
        try:
            yield
        finally:
            self._cpu_s = before
            self._set_timer()

    def _set_timer(self) -> None:
        interval = self._cpu_s / _LOOKS
        signal.setitimer(signal.ITIMER_VIRTUAL, interval, interval)

    def run(self, iteration: Callable[[], object]) -> None:
        """Run an iteration of the loop, and no more after one in which a spin was found.

        In that last one the loop still learns what became of the step. Raises the `Spin` once, so
        that what is left over can be cancelled.
        """
        is_last = self.found is not None and not self._told
        iteration()
        if is_last and not self._is_ending():
            self._told = True
            raise cast(Spin, self.found)

    def _is_ending(self) -> bool:
        ready = vars(self._loop)["_ready"]
        return self._loop._stopping or any(each._callback is _STOPS for each in ready)

    def take(self) -> Spin | None:
        """The spin that was found since this was asked last."""
        found, self.found, self._told = self.found, None, False
        return found

    def _look(self, number: int, frame: FrameType | None) -> None:
        step = self._current_step(frame)
        # Both are held on to, so that no other can take their places in memory.
        if step is None or self._step is None or not _are_same(step, self._step):
            self._step, self._looks = step, 0
            return
        self._looks += 1
        if self._looks < _LOOKS:
            return
        thread = self._running_thread()
        if self.found is None:
            self.found = self._spin(thread.frame if thread is not None else frame)
        if self._looks > _LOOKS_AFTER:
            _give_up(self.found)
        if thread is not None:
            thread.stop()
        raise self.found

    def _current_step(self, frame: FrameType | None) -> tuple[FrameType, object] | None:
        while frame is not None:
            if frame.f_code is _RUN_ONCE and frame.f_locals.get("self") is self._loop:
                handle = frame.f_locals.get("handle")
                return None if handle is None else (frame, handle)
            frame = frame.f_back
        return None

    def _spin(self, frame: FrameType | None) -> Spin:
        stack = own_places(frame)
        where = stack[-1] if stack else "an unknown place"
        budget = f"a step took {self._cpu_s:g} s of CPU and did not end,"
        return Spin(self._loop.time(), where, stack, budget)


def _are_same(one: tuple[FrameType, object], other: tuple[FrameType, object]) -> bool:
    return one[0] is other[0] and one[1] is other[1]


def own_places(frame: FrameType | None) -> tuple[str, ...]:
    """The places outside the standard library of `frame` and its callers, up to the loop."""
    places: list[str] = []
    while frame is not None and frame.f_code is not _RUN_ONCE and len(places) < _MOST_FRAMES:
        root = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        if root not in sys.stdlib_module_names and root != "mocks":
            code = frame.f_code
            places.append(f"{PurePath(code.co_filename).name}:{frame.f_lineno} in {code.co_name}")
        frame = frame.f_back
    return tuple(reversed(places))


def _give_up(spin: Spin) -> None:
    """End the process, which cannot get on."""
    told = {"at": spin.at, "where": spin.where, "stack": spin.stack}
    os.write(2, f"unladen-spin: {json.dumps(told)}\n".encode())
    os._exit(SPIN_EXIT)
