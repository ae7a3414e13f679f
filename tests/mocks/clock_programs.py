"""Random asyncio programs, and an evaluator that says when each of their steps ends.

The evaluator knows nothing of asyncio: it adds the same floats in the same order.
"""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st


@dataclass(frozen=True)
class Sleep:
    """A step that takes `seconds`."""

    seconds: float


@dataclass(frozen=True)
class Sequence:
    """Steps one after the other."""

    children: tuple["Program", ...]


@dataclass(frozen=True)
class Parallel:
    """Steps side by side, in `asyncio.gather` or in a `TaskGroup`."""

    children: tuple["Program", ...]
    in_group: bool


@dataclass(frozen=True)
class Timeout:
    """A step under `asyncio.timeout`, or `asyncio.wait_for`; the time-out is caught."""

    seconds: float
    child: "Program"
    by_wait_for: bool


@dataclass(frozen=True)
class Cancel:
    """A step in a task that is cancelled after `seconds`; these pass in any case."""

    seconds: float
    child: "Program"


Program = Sleep | Sequence | Parallel | Timeout | Cancel
Path = tuple[int, ...]


def programs(durations: st.SearchStrategy[float], max_leaves: int) -> st.SearchStrategy[Program]:
    """Random programs whose sleeps, time-outs and cancellations take `durations`."""

    def extend(inner: st.SearchStrategy[Program]) -> st.SearchStrategy[Program]:
        several = st.lists(inner, min_size=1, max_size=4).map(tuple)
        return (
            st.builds(Sequence, several)
            | st.builds(Parallel, several, st.booleans())
            | st.builds(Timeout, durations, inner, st.booleans())
            | st.builds(Cancel, durations, inner)
        )

    return st.recursive(st.builds(Sleep, durations), extend, max_leaves=max_leaves)


def has_second_step_to_cancel(program: Program) -> bool:
    """Whether cancelling the program takes more than one step of the loop.

    A task group cancels its children one step after it is cancelled itself, a `Cancel` does so
    with its task, and so did `wait_for` before Python 3.12. A child that ends at that very
    instant may then do so.
    """
    match program:
        case Sleep():
            return False
        case Sequence(children):
            return any(has_second_step_to_cancel(child) for child in children)
        case Parallel(children, in_group):
            return in_group or any(has_second_step_to_cancel(child) for child in children)
        case Timeout(_, child, by_wait_for):
            return by_wait_for or has_second_step_to_cancel(child)
        case Cancel():
            return True


def may_swallow_cancellation(program: Program, may_be_cut_off: bool = False) -> bool:
    """Whether a step that ends when it is cut off may make the program go on.

    Before Python 3.12, a `wait_for` that is cancelled in the very step in which what it waits for
    ends gives the result and forgets the cancellation (python/cpython#86296).
    """
    if sys.version_info >= (3, 12):
        return False
    match program:
        case Sleep():
            return False
        case Sequence(children):
            return any(may_swallow_cancellation(child, may_be_cut_off) for child in children)
        case Parallel(children, in_group):
            below = may_be_cut_off or in_group
            return any(may_swallow_cancellation(child, below) for child in children)
        case Timeout(_, child, by_wait_for):
            return (may_be_cut_off and by_wait_for) or may_swallow_cancellation(child, True)
        case Cancel(_, child):
            return may_swallow_cancellation(child, True)


Log = list[tuple[Path, float]]


async def execute(program: Program, log: Log, unit: float = 1.0, path: Path = ()) -> None:
    """Run the program; note the path of each sleep that ends and the time of the loop."""

    def child(program: Program, number: int) -> Coroutine[Any, Any, None]:
        return execute(program, log, unit, (*path, number))

    match program:
        case Sleep(seconds):
            await asyncio.sleep(seconds * unit)
            log.append((path, asyncio.get_running_loop().time()))
        case Sequence(children):
            for number, step in enumerate(children):
                await child(step, number)
        case Parallel(children, in_group):
            await _in_parallel(children, child, in_group)
        case Timeout(seconds, step, by_wait_for):
            await _with_timeout(seconds * unit, child(step, 0), by_wait_for)
        case Cancel(seconds, step):
            task = asyncio.create_task(child(step, 0))
            try:
                await asyncio.sleep(seconds * unit)
            finally:
                task.cancel()
            await asyncio.wait([task])


async def _in_parallel(
    children: tuple[Program, ...],
    child: Callable[[Program, int], Coroutine[Any, Any, None]],
    in_group: bool,
) -> None:
    if in_group:
        async with asyncio.TaskGroup() as group:
            for number, step in enumerate(children):
                group.create_task(child(step, number))
    else:
        await asyncio.gather(*(child(step, number) for number, step in enumerate(children)))


async def _with_timeout(seconds: float, step: Coroutine[Any, Any, None], by_wait_for: bool) -> None:
    try:
        if by_wait_for:
            await asyncio.wait_for(step, seconds)
        else:
            async with asyncio.timeout(seconds):
                await step
    except TimeoutError:
        return


@dataclass
class Prediction:
    """Sleeps that end before they are cut off, and those that end just when they are."""

    ended: set[tuple[Path, float]] = field(default_factory=set)
    tied: set[tuple[Path, float]] = field(default_factory=set)


def evaluate(
    program: Program,
    prediction: Prediction,
    start: float = 0.0,
    deadline: float = float("inf"),
    path: Path = (),
) -> float:
    """Instant at which a program begun at `start` ends, if it is not cut off at `deadline`."""

    def end_of(step: Program, number: int, begin: float, limit: float = deadline) -> float:
        return evaluate(step, prediction, begin, min(limit, deadline), (*path, number))

    match program:
        case Sleep(seconds):
            end = start + seconds
            if end < deadline:
                prediction.ended.add((path, end))
            elif end == deadline:
                prediction.tied.add((path, end))
            return end
        case Sequence(children):
            now = start
            for number, step in enumerate(children):
                if now >= deadline:
                    break
                now = end_of(step, number, now)
            return now
        case Parallel(children, _):
            return max(end_of(step, number, start) for number, step in enumerate(children))
        case Timeout(seconds, step, _):
            limit = start + seconds
            return min(end_of(step, 0, start, limit), limit)
        case Cancel(seconds, step):
            limit = start + seconds
            end_of(step, 0, start, limit)
            return limit
