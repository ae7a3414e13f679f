"""An engine of the SDK under test on a virtual clock: what benchmarks run workloads on."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Hashable, Sequence
from contextlib import ExitStack
from functools import lru_cache
from types import TracebackType
from typing import Any, Generic, Self, TypeVar, cast

from benchmarks.core.notes import wrong
from benchmarks.core.schedules import current_trial, named
from benchmarks.core.ties import are_reversed
from benchmarks.core.workload import Engine, I, R, Workload, WrongOutcome
from meters import memory
from mocks.clock import LastingClock, VirtualClock
from mocks.machine import Machine
from mocks.model import Call
from mocks.randomness import seed
from targets.opening import clock_for, finish
from targets.protocol import Unavailable

T = TypeVar("T")

LIMIT_S = 7200.0
"""Virtual seconds after which a run that still waits for something is given up: the slowest cell of
a working SDK takes about 1,100."""


class Harness(Generic[I, R]):
    """One engine, and the clock it lives on. A context manager: the end closes both.

    Each run gets an input of its own; the numbering is the same in every process, so a harness used
    in the same way measures the same work. ``inputs`` are those of the last runs, or of the next;
    ``machine`` is there within, where the workload wants one.
    """

    engine: Engine[I, R]

    def __init__(self, workload: Workload[I, R]) -> None:
        self.workload = workload
        self._opened = workload.open()
        self.machine: Machine | None = None
        options: dict[str, Any] = {"reverse_ties": are_reversed(), "trial": current_trial()}
        self.clock: VirtualClock
        self._on_machine = bool(getattr(workload, "on_machine", False))
        if self._on_machine:
            self.clock = LastingClock(**options)
        else:
            self.clock = clock_for(self._opened)(**options)
        self.inputs: list[I] = []
        self._used = 0

    @property
    def is_open(self) -> bool:
        """Whether the SDK is connected before the clock runs; an asynchronous opener is not."""
        return not inspect.iscoroutine(self._opened)

    def __enter__(self) -> Self:
        self._put_back = seed()
        self.clock.__enter__()
        try:
            if self._on_machine:
                assert isinstance(self.clock, LastingClock)
                self.machine = Machine(self.clock, step_cpu_s=None).__enter__()
            self.engine = finish(self._opened, self.clock)
            if current_trial() is not None:
                self.engine = named(self.engine)
        except BaseException as error:
            self._end(type(error), error, error.__traceback__)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.clock.run(self.engine.close())
        finally:
            self._end(kind, error, trace)

    def _end(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self.machine is not None:
                self.machine.__exit__(kind, error, trace)
        finally:
            self._put_back()
            self.clock.__exit__(kind, error, trace)

    @property
    def calls(self) -> Sequence[Call]:
        """The model calls since the last ``prepare`` or ``forget``."""
        return self.workload.world.model.calls

    def run_new(self, count: int = 1) -> list[R]:
        """Run ``count`` new inputs, all started at the same moment."""
        self.prepare(count)
        return self.run()

    def prepare(self, count: int = 1) -> None:
        """Forget the last run and choose the next ``count`` inputs (not part of a measurement)."""
        self.forget()
        first = self._used + 1
        self._used += count
        self.inputs = [self.workload.input(number) for number in range(first, first + count)]

    def run(self) -> list[R]:
        """Run the prepared inputs, all started at the same moment: what is measured.

        Raises what the SDK raises, ``Hang`` if it waits for ever, ``OutOfTime``.
        """
        return self.clock.run(self._run(), limit=LIMIT_S)

    def attempt(self) -> list[R | Exception]:
        """Run the prepared inputs; what one raises stands in its place.

        Raises ``Hang`` if one waits for ever, ``OutOfTime``.
        """
        return self.clock.run(self._attempt(), limit=LIMIT_S)

    def forget(self) -> None:
        """Drop the harness's own records of the last run."""
        self.workload.forget()

    def check(self, results: Sequence[R]) -> bool:
        """Whether the last run ended as it must and went as it must. If not, what is wrong is said
        beside the value that is being measured."""
        try:
            self.require(results)
        except WrongOutcome as error:
            wrong(str(error))
            return False
        return True

    def check_results(self, results: Sequence[R], *, complete: bool = True) -> None:
        """The same without a look at the call log: for a run whose log is forgotten, or in which
        calls may be given up (``complete=False``: then parts may be missing)."""
        try:
            self.require_results(results, complete=complete)
        except WrongOutcome as error:
            wrong(str(error))

    def require(self, results: Sequence[R]) -> None:
        """As ``check``, for what has no value without a right outcome: raises ``WrongOutcome``."""
        self.workload.require_results(self.inputs, results)
        self.workload.require_calls(self.inputs)

    def require_results(self, results: Sequence[R], *, complete: bool = True) -> None:
        """As ``check_results``, but raises ``WrongOutcome``."""
        self.workload.require_results(self.inputs, results, complete=complete)

    def checked(self, count: int = 1) -> list[R]:
        """Run and check. ``Unavailable`` where the SDK cannot do the work."""
        results = self._possible(count)
        self.check(results)
        return results

    def required(self) -> R:
        """The result of one run that is right. Raises as ``checked`` does, and ``WrongOutcome``."""
        results = self._possible(1)
        self.require(results)
        return results[0]

    def makespan(self, count: int = 1) -> float:
        """Run and check; virtual seconds from the start of all to the end of the last."""
        before = self.clock.now
        self.checked(count)
        return round(self.clock.now - before, 9)

    def measure(self, meter: Callable[[Callable[[], list[R]]], T], count: int = 1) -> T:
        """``meter(run)`` over a run of new inputs."""
        self.prepare(count)
        return meter(self.run)

    def traced(self, *, release: bool = False) -> memory.Traced[list[R]]:
        """Peak and retained bytes of one run of a new input, after another one.

        ``release``: drop the harness's own records before retained bytes are read; the run can
        then be checked by its results only.
        """

        def warm_up() -> list[R]:
            results = self.checked()
            self.prepare()
            return results

        return memory.traced(self.run, self.forget if release else None, warm_up)

    def _possible(self, count: int) -> list[R]:
        results = self.run_new(count)
        if reason := self.workload.unavailable():
            raise Unavailable(reason)
        return results

    async def _run(self) -> list[R]:
        return list(await asyncio.gather(*map(self.engine.run, self.inputs)))

    async def _attempt(self) -> list[R | Exception]:
        started = map(self.engine.run, self.inputs)
        ends = await asyncio.gather(*started, return_exceptions=True)
        # An SDK may let its own cancellations out; a run that nobody cancelled and that ends
        # cancelled has failed like any other.
        return [_failure(end) if isinstance(end, BaseException) else end for end in ends]


def warm_harness(make: Callable[..., Workload[I, R]], *settings: Hashable) -> Harness[I, R]:
    """A harness for ``make(*settings)`` that has run once, and was checked: imports, caches and
    code are warm.

    Kept for the process, which measures one cell: asv calls ``setup`` before every sample.
    """
    return cast(Harness[I, R], _warm(make, *settings))


def cold_harness(make: Callable[..., Workload[I, R]], *settings: Hashable) -> Harness[I, R]:
    """A harness for ``make(*settings)`` that has not been used yet, open until the process ends."""
    return cast(Harness[I, R], _cold(make, *settings))


def release_harnesses() -> None:
    """Close the harnesses that are kept; the next ones are made anew. Raises what closing does."""
    _warm.cache_clear()
    _cold.cache_clear()
    _kept.close()


_kept = ExitStack()
"""The harnesses kept for the process, entered."""


@lru_cache(maxsize=1)
def _warm(make: Callable[..., Workload[Any, Any]], *settings: Hashable) -> Harness[Any, Any]:
    harness = _cold(make, *settings)
    harness.checked()
    return harness


@lru_cache(maxsize=1)
def _cold(make: Callable[..., Workload[Any, Any]], *settings: Hashable) -> Harness[Any, Any]:
    return _kept.enter_context(Harness(make(*settings)))


def _failure(error: BaseException) -> Exception:
    if isinstance(error, Exception):
        return error
    if isinstance(error, asyncio.CancelledError):
        return RuntimeError("ended cancelled, though nobody cancelled it")
    raise error
