"""What a run leaves that ends before its time: tasks, tools, and what these still do.

The model's one answer calls tools that are under way when the run ends: because one of them fails,
because whoever awaits the run cancels it, or because its time is up. ``fail`` raises after 1.1 s,
``tick`` does something each second, 100 times, ``read`` blocks its thread for 0.23 s.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from benchmarks.agent.kinds import says_what_broke
from benchmarks.agent.running import CACHE_TIMEOUT_S, Running, fresh
from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.forked import each_fresh
from benchmarks.core.notes import note
from benchmarks.core.presentation import headline, portal_row, presented
from benchmarks.core.series import series
from mocks.clock import Hang
from mocks.worlds.agent.script import LATENCY_S, Plan
from mocks.worlds.agent.tools import TICKS
from targets.protocol import Unavailable
from targets.protocols.agent import Ended

AFTER_S = 5.35
"""Virtual seconds after which a run is cancelled: its tools are between two ticks."""
IN_THREAD_S = 1.25
"""The same for a run with a tool in a thread, which is under way for 0.23 s."""
SETTLE_S = 1e-6
"""Virtual seconds after the end at which nothing of a run may be left."""
WATCHED_S = 3 * TICKS
"""Virtual seconds for which is watched what its tools still do."""


class Way(StrEnum):
    """Why the run ends."""

    TOOL_FAILS = "a tool fails"
    CANCELLED = "cancelled"
    TIMEOUT = "time-out"
    CANCELLED_THREAD = "cancelled, tool in a thread"


_PLANS = {
    Way.TOOL_FAILS: Plan(turns=(("fail", "tick", "tick"),)),
    Way.CANCELLED: Plan(turns=(("tick", "tick"),)),
    Way.TIMEOUT: Plan(turns=(("tick", "tick"),)),
    Way.CANCELLED_THREAD: Plan(turns=(("read", "tick"),)),
}


@dataclass(frozen=True, slots=True)
class Left:
    """Right after the end: ``tasks`` that are still there, ``tools`` that still run; ``ticks``:
    what the tools did from then on; ``seconds``: from what ended it to its end; ``said``: how it
    ended."""

    tasks: int
    tools: int
    ticks: int
    seconds: float
    said: str


def measure(way: Way) -> Left:
    """What is left of a run that ends in this way. ``Unavailable`` where it does not end, or ends
    as if nothing had happened: then there is no such end."""
    with Running(_PLANS[way]) as running:
        try:
            return running.on.run(_left(running, way))
        except Hang as hang:
            raise Unavailable(f"it never ends: {hang}"[:200]) from hang


async def _left(running: Running, way: Way) -> Left:
    loop = asyncio.get_running_loop()
    before = asyncio.all_tasks()
    task = running.start(running.next())
    struck = loop.time() + (IN_THREAD_S if way is Way.CANCELLED_THREAD else AFTER_S)
    if way is Way.TIMEOUT:
        waiting = asyncio.ensure_future(asyncio.wait_for(task, AFTER_S))
        await asyncio.wait([waiting])
        task = waiting
    elif way is not Way.TOOL_FAILS:
        await asyncio.sleep(struck - loop.time())
        task.cancel()
    await asyncio.wait([task])
    ended = loop.time()
    log = running.world.toolbox.log
    if way is Way.TOOL_FAILS:
        struck = next((use.ended for use in log if use.tool == "fail" and use.ended), ended)
    said = _said(task, way)
    await asyncio.sleep(SETTLE_S)
    tasks = len(asyncio.all_tasks() - before)
    tools = sum(use.ended is None for use in log)
    await asyncio.sleep(WATCHED_S)
    ticks = sum(tick > ended for use in log for tick in use.ticks)
    return Left(tasks, tools, ticks, round(ended - struck, 6), said)


def _said(task: asyncio.Task[Ended], way: Way) -> str:
    """How it ended. ``Unavailable`` where it ended as if nothing had happened."""
    if task.cancelled():
        return "cancelled"
    error = task.exception()
    if error is None:
        raise Unavailable(f"it ends with an answer: {task.result().text[:80]!r}")
    if way is Way.TOOL_FAILS and not says_what_broke(error):
        return f"{type(error).__name__}, without the tool's error: {error}"[:200]
    return f"{type(error).__name__}: {error}"[:200]


Cache = Mapping[str, Attempt[Left]]


@presented(holds={"latency_s": LATENCY_S})
class Early:
    """A run that ends while its tools are under way."""

    params = tuple(way.value for way in Way)
    param_names = ("way",)

    def setup_cache(self) -> Cache:
        return each_fresh({way.value: partial(measure, way) for way in Way}, fresh)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Cache, way: str) -> None:
        self.left = value_of(cache[way])
        note(self.left.said)

    @series(version="1", kind="exact", unit="tasks", group="outcome")
    def track_tasks_left(self, cache: Cache, way: str) -> int:
        """Tasks that are still there when the run has ended. Must be 0."""
        return self.left.tasks

    track_tasks_left = headline(
        portal_row(
            track_tasks_left,
            rank=780,
            label="Tasks left when a tool fails",
            work="two other tools are under way",
            unit="tasks",
            cell={"way": Way.TOOL_FAILS.value},
            in_floors=False,
        ),
        of="a run of which a tool fails",
        label="tasks left",
        rank=74,
        cell={"way": Way.TOOL_FAILS.value},
    )

    @series(version="1", kind="exact", unit="tools", group="outcome")
    def track_tools_running(self, cache: Cache, way: str) -> int:
        """Tools that still run when the run has ended. Must be 0, but where one is in a thread,
        which nothing can end."""
        return self.left.tools

    @series(version="1", kind="exact", unit="ticks", group="outcome")
    def track_ticks_after_end(self, cache: Cache, way: str) -> int:
        """What the tools still do afterwards: so many side effects of a run that its user takes for
        ended. Must be 0."""
        return self.left.ticks

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_seconds_to_end(self, cache: Cache, way: str) -> float:
        """From the failure, the cancellation or the time-out to the end, in virtual seconds."""
        return self.left.seconds
