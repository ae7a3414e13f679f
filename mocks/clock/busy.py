"""Programs that poll: they go through step after step while virtual time stands still."""

import math
from asyncio import Task
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FunctionType, MethodType
from typing import Any

from mocks.clock.hang import describe
from mocks.clock.loop import VirtualLoop
from mocks.clock.spin import Spin

# Iterations of the loop within one instant after which it is taken for polling: with timers that
# were due already when they were armed, and with any.
_WITH_TIMERS = 1_000
_ANY = 20_000
# The same, for the instants that follow one at which the program polled.
_AGAIN_WITH_TIMERS = 50
_AGAIN_ANY = 1_000
# Once so many iterations in a row were of nobody but who has polled, each counts for as many.
_NOBODY_ELSE = 20
# The last iterations before that, in which it is noted who polls.
_NOTED = 8


class BusyWaits:
    """Lets virtual time go on while a program polls, as a real clock would.

    A loop such as ``while not done: await asyncio.sleep(0)`` ends on a real clock, at the expense
    of a CPU. On a virtual one it would stand still for ever. After so many iterations of the loop
    at one instant (1,000 if timers were due all the time, armed for no later; 20,000 otherwise)
    the clock moves to the next timer that is due later, as if the CPU had been burnt until then.
    If there is none, the program polls for ever, which is a `Spin`.

    Iterations are counted, from the last one on in which something came of it, so it is exact. A
    poll with a pause of its own needs none of this.

    Args:
        progress: a number that grows when something comes of an iteration, as by a thread's turn.

    Attributes:
        counts: how often the clock was moved so, by the place that polled.
    """

    def __init__(self, loop: VirtualLoop, *, progress: Callable[[], int] = lambda: 0) -> None:
        self.counts: Counter[str] = Counter()
        self._loop = loop
        self._progress = progress
        self._progressed = 0
        self._instant = -1.0
        self._iterations = 0
        self._with_timers = 0
        self._was_busy = False
        self._who: Counter[str] = Counter()
        self._polling: set[Any] = set()
        self._alone = 0

    def step(self) -> None:
        """Note that an iteration of the loop begins. Raises `Spin` if it polls for ever."""
        now = self._loop._now
        if now != self._instant:
            self._begin(now)
            return
        if self._has_progressed():
            self._iterations = self._with_timers = 0
        self._iterations += self._pace()
        timers = self._loop._scheduled
        if timers and timers[0].when() <= now and not _is_ours(timers[0]):
            self._with_timers += 1
        with_timers, most = self._patience()
        if self._with_timers >= with_timers - _NOTED or self._iterations >= most - _NOTED:
            self._note()
        if self._with_timers >= with_timers or self._iterations >= most:
            self._move_on()

    def _pace(self) -> int:
        if not self._was_busy:
            return 1
        self._alone = self._alone + 1 if self._is_nobody_else() else 0
        return _NOBODY_ELSE if self._alone > _NOBODY_ELSE else 1

    def _patience(self) -> tuple[int, int]:
        if self._was_busy:
            return _AGAIN_WITH_TIMERS, _AGAIN_ANY
        return _WITH_TIMERS, _ANY

    def _begin(self, instant: float) -> None:
        # An instant at which nobody polled ends the impatience with those who did.
        self._was_busy = False
        self._polling.clear()
        self._instant = instant
        self._iterations = self._with_timers = 0
        self._who.clear()

    def _has_progressed(self) -> bool:
        before, self._progressed = self._progressed, self._progress()
        return before != self._progressed

    def _note(self) -> None:
        for handle in list(vars(self._loop)["_ready"]):
            self._polling.add(_whose(handle._callback))
            self._polling.discard(None)
            if who := _origin(handle._callback):
                self._who[who] += 1

    def _is_nobody_else(self) -> bool:
        ready = vars(self._loop)["_ready"]
        return bool(ready) and all(_whose(each._callback) in self._polling for each in ready)

    def _move_on(self) -> None:
        where = self._who.most_common(1)[0][0] if self._who else "an unknown place"
        when = self._next_later()
        if when == math.inf:
            if self._loop.has_outside_work():
                return
            iterations = self._iterations
            self._begin(-1.0)
            budget = f"after {iterations} iterations of the loop no time has passed nor will,"
            raise Spin(self._loop.time(), where, (where,), budget)
        self.counts[where] += 1
        self._was_busy = True
        self._loop.move_to(when)
        self._instant, self._iterations, self._with_timers, self._alone = when, 0, 0, 0
        self._who.clear()

    def _next_later(self) -> float:
        """Instant of the next timer that is due later and before the horizon, or infinity."""
        now, horizon = self._loop.time(), self._loop.horizon
        timers: list[Any] = self._loop._scheduled
        later = (each.when() for each in timers if not each.cancelled() and each.when() > now)
        return min((when for when in later if when < horizon), default=math.inf)


def _whose(callback: Any) -> Any:
    """The task whose step it is, or the function or method that is called, else ``None``."""
    owner = getattr(callback, "__self__", None)
    if isinstance(owner, Task):
        return owner
    return callback if isinstance(callback, FunctionType | MethodType) else None


def _origin(callback: Any) -> str:
    """Where a task waits whose step this is, or what is called that is no task's: a callback that
    asks to be called again polls too. Empty for asyncio's own callbacks and ours."""
    owner = getattr(callback, "__self__", None)
    if isinstance(owner, Task):
        return describe(owner).origin
    function = getattr(callback, "func", callback)
    code = getattr(function, "__code__", None)
    module = str(getattr(function, "__module__", ""))
    if code is None or module.startswith(("asyncio.", "mocks.")):
        return ""
    return f"{Path(code.co_filename).name}:{code.co_firstlineno} in {code.co_name}"


def _is_ours(timer: Any) -> bool:
    """Whether a timer brings an answer of the model, a packet or a turn, by which nobody polls."""
    callback = getattr(timer._callback, "func", timer._callback)
    return str(getattr(callback, "__module__", "")).startswith("mocks.")
