"""One run that meets a fault, and what it leaves behind."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Generic, Protocol

from benchmarks.core.harness import LIMIT_S, Harness
from benchmarks.core.workload import I, R, Workload
from mocks.clock import Hang
from mocks.clock.hang import Waiting, describe, pending_tasks
from mocks.faults import PlannedFault, Runaway
from targets.protocol import Unavailable

_SETTLED_S = 1e-6
"""Virtual seconds that a cancelled task gets: the clock moves on only when nothing is runnable."""


@dataclass(frozen=True, slots=True)
class Account:
    """What can be said of a result that came in spite of a fault.

    ``wrong``: what is not as it must be although it was not struck. ``missing``: the parts that
    were struck and are not there or not whole; ``said``: those of which the result says so, in a
    way that a program can read. ``failed``: it says that all of it failed. ``lost``: how many of
    the parts that ``Workload.lost`` counts it lacks.
    """

    wrong: Sequence[str] = ()
    missing: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()
    failed: bool = False
    lost: int = 0


class FaultyWorkload(Workload[I, R], Protocol[I, R]):
    """A workload in whose world a fault is planned.

    ``user_errors``: what the SDK raised in the hands of its user, beside the run.
    """

    @property
    def planned(self) -> PlannedFault: ...

    @property
    def user_errors(self) -> Sequence[BaseException]: ...

    def rehearse(self) -> None:
        """Do the same work in another world without the fault, and note what it is like.

        Raises ``Unavailable`` where the SDK does not have this work, and what the SDK raises.
        """

    def look(self, one: I, end: R | BaseException) -> None:
        """Note what the run came to: it has ended so, and nothing else was asked since."""

    def account(self, one: I, result: R) -> Account:
        """What can be said of the result, once ``look`` was called."""

    def remarks(self) -> Sequence[str]:
        """Lines on what else became of the run, once ``look`` was called."""


@dataclass(frozen=True, slots=True)
class Ended(Generic[R]):
    """How a run ended: its result or what it raised, after how many virtual seconds; ``Hang`` if
    it did not. ``left_tasks`` and ``left_calls`` were still at work then; ``refusing`` are those
    of them that refuse cancellation."""

    end: R | BaseException
    seconds: float
    left_tasks: Sequence[Waiting] = ()
    left_calls: int = 0
    refusing: Sequence[Waiting] = ()


@dataclass(frozen=True, slots=True)
class FaultyRun(Generic[I, R]):
    """A run that met a fault. ``left_open``: threads and files; ``afterwards``: why the engine can
    not do its work any more, ``None`` if it can."""

    workload: FaultyWorkload[I, R]
    one: I
    ended: Ended[R]
    left_open: Sequence[str] = field(default=())
    afterwards: str | None = None


def run_with_fault(workload: FaultyWorkload[I, R]) -> FaultyRun[I, R]:
    """Do a run that meets the planned fault, then another without it on the same engine.

    Raises ``Unavailable`` where the case says nothing about the SDK under test, and what the SDK
    raises where it cannot even do the work without a fault.
    """
    planned = workload.planned
    workload.world.observers.append(planned.hear)
    harness = Harness(workload)
    if harness.is_open:
        _check_fits(planned.why_unfit())
    workload.rehearse()
    open_before = _open_now()
    afterwards = None
    try:
        with _quiet(), harness:
            _check_fits(planned.why_unfit())
            harness.clock.loop.set_exception_handler(_ignore)
            harness.prepare()
            one = harness.inputs[0]
            ended = _run(harness, planned)
            _check_fits(planned.why_void())
            workload.look(one, ended.end)
            planned.stop()
            afterwards = _why_unusable(harness)
    except Hang as refusal:
        afterwards = str(refusal)
    return FaultyRun(workload, one, ended, _opened_since(open_before), afterwards)


def _run(harness: Harness[I, R], planned: PlannedFault) -> Ended[R]:
    ended: list[Ended[R]] = []

    async def run() -> None:
        ended.append(await _run_one(harness))
        if planned.busy_until:
            await asyncio.sleep(planned.busy_until + _SETTLED_S - harness.clock.now)

    try:
        harness.clock.run(run(), limit=LIMIT_S)
    except Hang as hang:
        if not ended:
            return Ended(hang, hang.at, refusing=hang.refusing)
        return replace(ended[0], refusing=hang.refusing)
    return ended[0]


async def _run_one(harness: Harness[I, R]) -> Ended[R]:
    task = asyncio.ensure_future(harness.engine.run(harness.inputs[0]))
    await asyncio.wait([task])
    seconds = round(harness.clock.now, 9)
    await asyncio.sleep(_SETTLED_S)
    me = asyncio.current_task()
    left = [describe(each) for each in pending_tasks(harness.clock.loop) if each is not me]
    in_flight = sum(call.ended is None for call in harness.calls)
    return Ended(_end_of(task), seconds, left, in_flight)


def _end_of(task: asyncio.Task[R]) -> R | BaseException:
    if task.cancelled():
        return asyncio.CancelledError("ended cancelled, though nobody cancelled it")
    return task.exception() or task.result()


def _why_unusable(harness: Harness[I, R]) -> str | None:
    """Why the engine does not work rightly any more, ``None`` if it does."""
    harness.prepare()
    try:
        harness.require(harness.run())
    except (Exception, asyncio.CancelledError, Runaway) as error:  # noqa: BLE001 - part of the outcome
        return f"{type(error).__name__}: {error}"
    return None


def _check_fits(reason: str | None) -> None:
    if reason is not None:
        raise Unavailable(reason)


def _ignore(loop: asyncio.AbstractEventLoop, context: Mapping[str, object]) -> None:
    """Errors of tasks that the SDK never awaited: asyncio would print them, whenever the collector
    comes by. Left tasks are counted when the run ends."""


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the warnings that a fault provokes in what it meets (NaN in numpy, say)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _open_now() -> dict[str, str]:
    """The process's threads and open files: what each is."""
    found = {f"thread {thread.ident}": f"thread {thread.name}" for thread in threading.enumerate()}
    for number in os.listdir("/dev/fd"):
        try:
            found[f"file {number}"] = os.readlink(f"/dev/fd/{number}").partition(":")[0]
        except OSError:
            continue  # it was the listing's own
    return found


def _opened_since(before: Mapping[str, str]) -> list[str]:
    """What is open now and was not then, once garbage has been given back."""
    if _open_now().keys() <= before.keys():
        return []
    gc.collect()
    now = _open_now()
    return sorted(now[each] for each in now.keys() - before.keys())
