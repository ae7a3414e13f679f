"""Cancelling a negotiation at every moment at which it can be cancelled, and what comes of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from benchmarks._cancel_places import place_of
from benchmarks._cancel_steps import Callbacks
from benchmarks._outcome import WrongOutcome
from benchmarks._rig import LIMIT_S, Rig
from meters.collector import CollectorPaused
from mocks.clock import Hang
from mocks.worlds.negotiation.people import Demand
from mocks.worlds.negotiation.script import Scenario
from targets.protocols.negotiation import Negotiated

AGENTS = 3
"""Enough for children that are done and children that are not; more would add points alike."""

SETTLE_S = 1e-6
"""Virtual seconds after a negotiation's end at which nothing of it may be left: whatever was
runnable at its end has run by then, and no call of the model has gone on."""

MOST_CHARACTERS = 120
"""Of a text that says what went wrong."""

Task = asyncio.Task[Negotiated]


class OtherCourse(RuntimeError):
    """A negotiation was over before it came to a point that an equal one had."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One cancellation: ``where`` in the SDK the negotiation stood (file, line, function), at
    which virtual second, and whether the model had answered all that it would be asked."""

    where: str
    at: float
    complete: bool


@dataclass(frozen=True, slots=True)
class Interruption:
    """What came of a cancellation at one point.

    ``seconds``: virtual seconds from it to the end of the negotiation, ``None`` if that hung.
    ``swallowed``: how the negotiation ended instead of cancelled, empty if it did end so.
    ``left``: what it left behind. ``hang``: what waits for ever, empty if nothing does.
    """

    where: str
    seconds: float | None
    swallowed: str = ""
    left: tuple[str, ...] = ()
    hang: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """A negotiation that nobody disturbs: the callbacks after which it is not yet over, the model
    calls it makes, and whether its outcome is right."""

    points: int
    calls: int
    is_right: bool


def interruptions(scenario: Scenario) -> list[Interruption]:
    """Cancel a negotiation at each of its points, every time in an engine of its own.

    Raises ``Unavailable`` where the scenario's tool is not offered, and what an undisturbed
    negotiation raises.
    """
    with Rig(agents=AGENTS, scenario=scenario) as rig:
        rig.checked()
    # When garbage is collected depends on what the process did before; tasks complain then.
    with CollectorPaused():
        course = course_of(scenario)
        return [_interruption(scenario, n, course) for n in range(1, course.points + 1)]


def course_of(scenario: Scenario, agents: int = AGENTS) -> Course:
    """The course of an engine's first negotiation."""
    points = 0

    def look(count: int, task: Task) -> None:
        nonlocal points
        if not task.done():
            points = count

    with Rig(agents=agents, scenario=scenario) as rig:
        rig.prepare()
        task = rig.clock.run(watched(rig, look), limit=LIMIT_S)
        is_right = rig.check([task.result()])
        return Course(points, len(rig.world.model.calls), is_right)


async def watched(rig: Rig, look: Callable[[int, Task], None]) -> Task:
    """Run the prepared negotiation to whatever end; ``look`` sees it after each callback."""
    loop = asyncio.get_running_loop()
    (demand,) = rig.demands
    task = loop.create_task(_negotiate(rig, demand))
    with Callbacks(loop, lambda count: look(count, task)):
        await asyncio.wait([task])
    return task


async def _negotiate(rig: Rig, demand: Demand) -> Negotiated:
    return await rig.negotiator.negotiate(demand)


def _interruption(scenario: Scenario, point: int, course: Course) -> Interruption:
    cuts: list[Cut] = []

    def cut(count: int, task: Task) -> None:
        if count == point and not task.done():
            cuts.append(_cut(rig, task, course))
            task.cancel()

    with Rig(agents=AGENTS, scenario=scenario) as rig:
        rig.prepare()
        try:
            seen = rig.clock.run(_ended(rig, cut, cuts), limit=LIMIT_S)
        except Hang as hang:
            if not cuts:
                raise
            return Interruption(cuts[0].where, None, hang=f"never ends: {_waits(hang)}")
        try:
            after = _afterwards(rig, course)
        except Hang as hang:
            stuck = f"afterwards the engine hangs: {_waits(hang)}"
            return replace(seen, hang=stuck)
        return replace(seen, left=(*seen.left, *after))


def _cut(rig: Rig, task: Task, course: Course) -> Cut:
    calls = rig.world.model.calls
    complete = len(calls) == course.calls and all(call.ended is not None for call in calls)
    return Cut(place_of(task), rig.clock.now, complete)


async def _ended(rig: Rig, cut: Callable[[int, Task], None], cuts: list[Cut]) -> Interruption:
    """How the negotiation ended that ``cut`` cancels, and what it left behind."""
    loop = asyncio.get_running_loop()
    unhandled: list[str] = []
    loop.set_exception_handler(lambda _, context: unhandled.append(_complaint(context)))
    task = await watched(rig, cut)
    if not cuts:
        raise OtherCourse("the negotiation ended earlier than one that was equal to it")
    seconds = round(loop.time() - cuts[0].at, 9)
    await asyncio.sleep(SETTLE_S)
    left = (*_left(rig), *unhandled)
    return Interruption(cuts[0].where, seconds, _swallowed(task, cuts[0]), left)


def _swallowed(task: Task, cut: Cut) -> str:
    if task.cancelled():
        return ""
    error = task.exception()
    if error is not None:
        return f"ends with {_named(error)}"
    return "" if cut.complete else "goes on to its plan"


def _left(rig: Rig) -> list[str]:
    """What of the negotiation is still there."""
    loop = rig.clock.loop
    tasks = asyncio.all_tasks(loop) - {asyncio.current_task()}
    left = [f"a task at {place_of(task)}" for task in tasks]
    left += [f"a call in flight ({c.role})" for c in rig.world.model.calls if c.ended is None]
    if loop.has_later_timers():
        left.append("an armed timer")
    # Tasks come in the order of their addresses.
    return [what if n == 1 else f"{what} ({n})" for what, n in sorted(Counter(left).items())]


def _afterwards(rig: Rig, course: Course) -> list[str]:
    """What goes wrong when the engine negotiates the same demand again, and then another one. A
    wrong outcome counts only where there is a right one without a cancellation."""
    same = rig.demands
    rig.prepare()
    other = rig.demands
    wrong = []
    for what, demands in (("the same demand", same), ("the next demand", other)):
        rig.forget()
        rig.demands = demands
        (end,) = rig.attempt()
        if isinstance(end, Exception):
            wrong.append(f"{what} then ends with {_named(end)}")
            continue
        try:
            rig.require([end])
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


_OURS = (("_ended",), ("Rig._attempt",))
"""The outermost coroutines of the harness's own tasks."""
