"""Cancelling a run at every moment at which it can be cancelled, and what comes of it."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from benchmarks.core.callbacks import Callbacks
from benchmarks.core.harness import LIMIT_S, Harness
from benchmarks.core.notes import note
from benchmarks.core.places import place_of
from benchmarks.core.series import series
from benchmarks.core.workload import I, Make, R, WrongOutcome
from benchmarks.questions.worst_places import worst
from meters.collector import CollectorPaused
from mocks.clock import Hang

SETTLE_S = 1e-6
"""Virtual seconds after a run's end at which nothing of it may be left: whatever was
runnable at its end has run by then, and no call of the model has gone on."""

MOST_CHARACTERS = 120
"""Of a text that says what went wrong."""


class OtherCourse(RuntimeError):
    """A run was over before it came to a point that an equal one had."""


@dataclass(frozen=True, slots=True)
class Cancellation:
    """One cancellation: ``where`` in the SDK the run stood (file, line, function), at
    which virtual second, and whether the model had answered all that it would be asked."""

    where: str
    at: float
    complete: bool


@dataclass(frozen=True, slots=True)
class Interruption:
    """What came of a cancellation at one point.

    ``seconds``: virtual seconds from it to the end of the run, ``None`` if that hung.
    ``swallowed``: how the run ended instead of cancelled, empty if it did end so.
    ``left``: what it left behind. ``hang``: what waits for ever, empty if nothing does.
    """

    where: str
    seconds: float | None
    swallowed: str = ""
    left: tuple[str, ...] = ()
    hang: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """A run that nobody disturbs: the callbacks after which it is not yet over, the model
    calls it makes, and whether its outcome is right."""

    points: int
    calls: int
    is_right: bool


def interruptions(make: Make[I, R]) -> list[Interruption]:
    """Cancel a run at each of its points, every time in an engine of its own.

    Raises ``Unavailable`` where the SDK cannot do the work, and what an undisturbed run raises.
    """
    with Harness(make()) as harness:
        harness.checked()
    # When garbage is collected depends on what the process did before; tasks complain then.
    with CollectorPaused():
        course = course_of(make)
        return [_interruption(make, n, course) for n in range(1, course.points + 1)]


def course_of(make: Make[I, R]) -> Course:
    """The course of an engine's first run."""
    points = 0

    def look(count: int, task: asyncio.Task[R]) -> None:
        nonlocal points
        if not task.done():
            points = count

    with Harness(make()) as harness:
        harness.prepare()
        task = harness.clock.run(watched(harness, look), limit=LIMIT_S)
        is_right = harness.check([task.result()])
        return Course(points, len(harness.calls), is_right)


async def watched(
    harness: Harness[I, R], look: Callable[[int, asyncio.Task[R]], None]
) -> asyncio.Task[R]:
    """Do the prepared run to whatever end; ``look`` sees it after each callback."""
    loop = asyncio.get_running_loop()
    (one,) = harness.inputs
    task = loop.create_task(_run(harness, one))
    with Callbacks(loop, lambda count: look(count, task)):
        await asyncio.wait([task])
    return task


async def _run(harness: Harness[I, R], one: I) -> R:
    return await harness.engine.run(one)


def _interruption(make: Make[I, R], point: int, course: Course) -> Interruption:
    cuts: list[Cancellation] = []

    def cut(count: int, task: asyncio.Task[R]) -> None:
        if count == point and not task.done():
            cuts.append(_cut(harness, task, course))
            task.cancel()

    with Harness(make()) as harness:
        harness.prepare()
        try:
            seen = harness.clock.run(_ended(harness, cut, cuts), limit=LIMIT_S)
        except Hang as hang:
            if not cuts:
                raise
            return Interruption(cuts[0].where, None, hang=f"never ends: {_waits(hang)}")
        try:
            after = _afterwards(harness, course)
        except Hang as hang:
            stuck = f"afterwards the engine hangs: {_waits(hang)}"
            return replace(seen, hang=stuck)
        return replace(seen, left=(*seen.left, *after))


def _cut(harness: Harness[I, R], task: asyncio.Task[R], course: Course) -> Cancellation:
    calls = harness.calls
    complete = len(calls) == course.calls and all(call.ended is not None for call in calls)
    return Cancellation(place_of(task), harness.clock.now, complete)


async def _ended(
    harness: Harness[I, R], cut: Callable[[int, asyncio.Task[R]], None], cuts: list[Cancellation]
) -> Interruption:
    """How the run ended that ``cut`` cancels, and what it left behind."""
    loop = asyncio.get_running_loop()
    unhandled: list[str] = []
    loop.set_exception_handler(lambda _, context: unhandled.append(_complaint(context)))
    task = await watched(harness, cut)
    if not cuts:
        raise OtherCourse("the run ended earlier than one that was equal to it")
    seconds = round(loop.time() - cuts[0].at, 9)
    await asyncio.sleep(SETTLE_S)
    left = (*_left(harness), *unhandled)
    return Interruption(cuts[0].where, seconds, _swallowed(task, cuts[0]), left)


def _swallowed(task: asyncio.Task[Any], cut: Cancellation) -> str:
    if task.cancelled():
        return ""
    error = task.exception()
    if error is not None:
        return f"ends with {_named(error)}"
    return "" if cut.complete else "goes on to its end"


def _left(harness: Harness[I, R]) -> list[str]:
    """What of the run is still there."""
    loop = harness.clock.loop
    tasks = asyncio.all_tasks(loop) - {asyncio.current_task()}
    left = [f"a task at {place_of(task)}" for task in tasks]
    left += [f"a call in flight ({c.role})" for c in harness.calls if c.ended is None]
    if loop.has_later_timers():
        left.append("an armed timer")
    # Tasks come in the order of their addresses.
    return [what if n == 1 else f"{what} ({n})" for what, n in sorted(Counter(left).items())]


def _afterwards(harness: Harness[I, R], course: Course) -> list[str]:
    """What goes wrong when the engine gets the same input again, and then another one. A wrong
    outcome counts only where there is a right one without a cancellation."""
    same = harness.inputs
    harness.prepare()
    other = harness.inputs
    wrong = []
    for what, inputs in (("the same input", same), ("the next input", other)):
        harness.forget()
        harness.inputs = inputs
        (end,) = harness.attempt()
        if isinstance(end, Exception):
            wrong.append(f"{what} then ends with {_named(end)}")
            continue
        try:
            harness.require([end])
        except WrongOutcome as error:
            if course.is_right:
                wrong.append(f"{what} then goes wrong: {error}"[:MOST_CHARACTERS])
    return wrong


def _complaint(context: dict[str, object]) -> str:
    error = context.get("exception")
    return f"unhandled: {_named(error) if isinstance(error, BaseException) else context['message']}"


def _named(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:MOST_CHARACTERS]


def _waits(hang: Hang) -> str:
    """Where the tasks wait that are not the harness's own."""
    waiting = (*hang.refusing, *hang.waiting)
    places = {each.origin: None for each in waiting if each.chain[:1] not in _OURS}
    return f"waits at {', '.join(places) or 'an unknown place'}"


_OURS = (("_ended",), ("Harness._attempt",))
"""The outermost coroutines of the harness's own tasks."""


class OfPoints(Protocol):
    """A benchmark of what came of a cancellation at each point."""

    points: list[Interruption]


@series(version="1", kind="exact", unit="points", group="outcome")
def points(self: OfPoints, *cell: object) -> int:
    """Points at which it was cancelled."""
    return len(self.points)


@series(version="1", kind="exact", unit="points", group="outcome")
def swallowed(self: OfPoints, *cell: object) -> int:
    """Points after which it ended with another error, or rightly though calls of the model were
    still to be made."""
    return _count([(point, point.swallowed) for point in self.points])


@series(version="1", kind="exact", unit="points", group="outcome")
def left_behind(self: OfPoints, *cell: object) -> int:
    """Points after which a task, a call in flight or a timer was left, or the engine did not do the
    same input or the next one rightly."""
    return _count([(point, ", ".join(point.left)) for point in self.points])


@series(version="1", kind="exact", unit="points", group="outcome")
def hangs(self: OfPoints, *cell: object) -> int:
    """Points after which it never ended, or the engine's next run never did."""
    return _count([(point, point.hang) for point in self.points])


@series(version="1", kind="exact", unit="seconds", group="virtual time")
def seconds_to_end(self: OfPoints, *cell: object) -> float:
    """Longest time from the cancellation to the end, in virtual seconds, where it ended."""
    ended = [point for point in self.points if point.seconds is not None]
    _count([(point, f"{point.seconds:g} s" if point.seconds else "") for point in ended])
    return max((point.seconds or 0.0 for point in ended), default=math.nan)


def _count(found: list[tuple[Interruption, str]]) -> int:
    """How many points have something to say; the places where they say it are noted."""
    wrong = [(point.where, what) for point, what in found if what]
    if wrong:
        note(worst(wrong))
    return len(wrong)
