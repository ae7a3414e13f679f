"""A machine in virtual time: network, threads, SQLite and TLS of a program, all on one clock."""

import gc
import math
import signal
import sys
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from mocks.clock.busy import BusyWaits
from mocks.clock.cleanup import cancel_leftovers
from mocks.clock.lasting import LastingClock
from mocks.clock.spin import SpinWatch
from mocks.clock.virtual import check_none
from mocks.inside import loops
from mocks.inside.escapes import Escape, Escapes
from mocks.inside.installing import install
from mocks.inside.prices import Prices
from mocks.inside.replacing import Replacements
from mocks.inside.ssl_contexts import SSLContexts
from mocks.inside.thread import InsideThread
from mocks.inside.threads import Threads
from mocks.net import Network
from mocks.randomness import seed
from mocks.sqlite import Databases, Statements

_CPUS = 4
_is_on = False


class Machine:
    """Context manager that puts a whole program on the clock of a `LastingClock`.

        with LastingClock() as clock, Machine(clock) as machine:
            clock.background(serve())
            clock.run(use())

    Inside it the loop's network is in memory (`mocks.net`), threads run at exact instants
    (`mocks.inside.threads`), locks of SQLite wait in virtual time (`mocks.sqlite`), and SSL
    contexts are counted. What leaves the machine all the same is
    in `escapes`. It begins and ends in the thread of the loop, while the loop is not running, and
    there is one at a time in a process. At its end the clock's backgrounds are ended first, while
    everything still works; then all is as it was, also collector, signal handlers, the generator of
    `random`, which begins at the same place each time, and the number of CPUs, which is 4
    meanwhile, as executors have threads by it.

    Args:
        prices: what work outside the loop costs in virtual seconds.
        delay_s, bytes_per_s: of the network, see `Network`.
        step_cpu_s: the CPU that a step may take before it is a `Spin`; None: as much as it likes.

    Attributes:
        network: the network.
        databases: the SQLite connections, with their waits for locks.
        ssl_contexts: how many were made and loaded.
        executor_calls: pieces of work that threads took from their queues.
    """

    def __init__(
        self,
        clock: LastingClock,
        *,
        prices: Prices = Prices(),  # noqa: B008
        delay_s: float = 0.0,
        bytes_per_s: float = math.inf,
        step_cpu_s: float | None = 5.0,
    ) -> None:
        self.clock = clock
        self.prices = prices
        self.network = Network(clock.loop, delay_s=delay_s, bytes_per_s=bytes_per_s)
        self.threads = Threads(clock.loop, escaped=self._thread_escaped)
        self.network.take_in(self.threads.is_inside)
        self.databases = Databases(self.threads, statement_s=prices.statement_s)
        self.ssl_contexts = SSLContexts()
        self.executor_calls = 0
        self._busy = BusyWaits(clock.loop, progress=lambda: self.threads.turns)
        self._step_cpu_s = step_cpu_s
        self._watch: SpinWatch | None = None
        self._escapes = Escapes()
        self._put = Replacements()

    @property
    def escapes(self) -> dict[Escape, int]:
        """What left the machine, and how often. Where it is empty, all figures are exact."""
        return self._escapes.counts

    @property
    def statements(self) -> Statements:
        """The SQL statements that SQLite has executed."""
        return self.databases.statements

    @property
    def busy_waits(self) -> dict[str, int]:
        """How often time had to be moved on while the program polled, by the place that polled."""
        return dict(sorted(self._busy.counts.items()))

    @contextmanager
    def slower_steps(self, times: float) -> Iterator[None]:
        """Within, a step may take so many times the CPU before it is a `Spin`: its code is traced,
        say."""
        if self._watch is None or self._step_cpu_s is None:
            yield
            return
        with self._watch.allowing(self._step_cpu_s * times):
            yield

    def __enter__(self) -> Self:
        global _is_on
        if _is_on:
            raise RuntimeError("there is one Machine at a time in a process")
        _is_on = True
        self._put.at_undo(_note_off)
        try:
            self._switch_on()
        except BaseException:
            self._switch_off()
            raise
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            self.clock.end_backgrounds(exc)
            check_none(cancel_leftovers(self.clock.loop), self.clock.now, exc)
        finally:
            self._switch_off()

    def _switch_on(self) -> None:
        _keep_process_state(self._put)
        self._escapes.switch_on()
        self._put.at_undo(self._escapes.switch_off)
        self.network.__enter__()
        self._put.at_undo(lambda: self.network.__exit__(None, None, None))
        install(
            self.threads,
            self._put,
            cpus=_CPUS,
            took_work=self._took_work,
            woken_from_outside=self._woken_from_outside,
            started_outside=self._started_outside,
        )
        loops.install(self.threads, self.network, self._put)
        self._put.at_undo(self._end_threads)
        self.databases.install(self._put)
        self._put.rebind()
        self.ssl_contexts.install(self._put, self._pay_for_ssl)
        self._watch_steps()
        loop = self.clock.loop
        loop.set_default_executor(ThreadPoolExecutor(_CPUS + 4, thread_name_prefix="asyncio"))

    def _watch_steps(self) -> None:
        loop, run, run_once = self.clock.loop, self.clock.run, self.clock.loop._run_once
        watch: SpinWatch | None = None
        if self._step_cpu_s is not None:
            watch = SpinWatch(
                loop, cpu_s=self._step_cpu_s, running_thread=self.threads.running_thread
            )
            watch.__enter__()
            self._watch = watch
            self._put.at_undo(lambda: watch.__exit__(None, None, None))

        def watched_run_once() -> None:
            self._busy.step()
            if watch is None:
                run_once()
            else:
                watch.run(run_once)

        def watched_run(coro: Coroutine[Any, Any, Any], *, limit: float = math.inf) -> Any:
            try:
                return run(coro, limit=limit)
            finally:
                if watch is not None and (found := watch.take()) is not None:
                    raise found

        self._put.attribute(loop, "_run_once", watched_run_once)
        self._put.attribute(self.clock, "run", watched_run)

    def _switch_off(self) -> None:
        self._put.undo()

    def _end_threads(self) -> None:
        left = self.threads.end_all()
        for name in left:
            self._escapes.note("thread", f"{name}, which has not ended")
        loop = self.clock.loop
        if loop._default_executor is not None:
            loop._default_executor.shutdown(wait=False)
        vars(loop).update(_default_executor=None, _executor_shutdown_called=False)

    def _took_work(self, thread: InsideThread) -> None:
        self.executor_calls += 1
        if self.prices.executor_s:
            self.threads.sleep(self.prices.executor_s)

    def _pay_for_ssl(self) -> None:
        if self.prices.ssl_context_s and self.threads.is_inside():
            self.threads.sleep(self.prices.ssl_context_s)

    def _thread_escaped(self, thread: InsideThread, where: str) -> None:
        self._escapes.note("thread", f"{thread.thread.name}, which waits for the world", where)

    def _woken_from_outside(self) -> None:
        self._escapes.note("wake-up", f"by {threading.current_thread().name}")

    def _started_outside(self, name: str) -> None:
        self._escapes.note("thread", name)


def _note_off() -> None:
    global _is_on
    _is_on = False


def _keep_process_state(put: Replacements) -> None:
    """Have the state of the process that services like to change put back."""
    thresholds, enabled = gc.get_threshold(), gc.isenabled()
    interval, handlers = sys.getswitchinterval(), _signal_handlers()
    freeze, had_frozen = gc.freeze, True

    def first_freeze() -> None:
        # Asked only now: CPython walks over all that is frozen to count it.
        nonlocal had_frozen
        had_frozen = gc.get_freeze_count() > 0
        gc.freeze = freeze
        freeze()

    def restore() -> None:
        gc.set_threshold(*thresholds)
        (gc.enable if enabled else gc.disable)()
        if not had_frozen:
            gc.unfreeze()
        sys.setswitchinterval(interval)
        for number, handler in handlers.items():
            if signal.getsignal(number) != handler:
                signal.signal(number, handler)

    put.at_undo(restore)
    put.attribute(gc, "freeze", first_freeze)
    put.at_undo(seed())


def _signal_handlers() -> dict[signal.Signals, Any]:
    handlers = {number: signal.getsignal(number) for number in signal.Signals}
    # None is a handler that was not set from Python, and cannot be put back.
    return {number: handler for number, handler in handlers.items() if handler is not None}
