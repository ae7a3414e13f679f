"""A tool, or a call to the model, takes longer than the SDK was told to wait: does it end in time,
and what becomes of the run?

The tool does something each second, 100 times; the call to the model never ends; either may take
5.35 s.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import partial

from benchmarks.agent.running import CACHE_TIMEOUT_S, connected, fresh
from benchmarks.agent.workload import new_world
from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.forked import each_fresh
from benchmarks.core.notes import note, wrong
from benchmarks.core.on_machine import OnMachine
from benchmarks.core.parts import part
from benchmarks.core.presentation import portal_row, presented
from benchmarks.core.series import series
from benchmarks.core.subject import is_own_error
from mocks.clock import Hang
from mocks.model import Fault, Reply, Request
from mocks.worlds.agent.errands import Errand
from mocks.worlds.agent.script import LATENCY_S, Plan
from mocks.worlds.agent.tools import TICKS, running_errand
from mocks.worlds.agent.world import AgentWorld
from targets.protocols.agent import Timeouts, TimeoutsSdk

LIMIT_S = 5.35
"""Virtual seconds that either may take: it ends between two ticks of the tool."""
SETTLE_S = 1e-6
"""Virtual seconds after the end of the run at which nothing of it may be left."""
WATCHED_S = 3 * TICKS
"""Virtual seconds for which is watched what goes on."""

TOOL, MODEL = "a tool", "the model"


class AfterLimit(IntEnum):
    """What becomes of the run, from good to bad."""

    ANSWERED = 0
    """It goes on: the model was told of the tool, or was asked again."""
    TIMEOUT = 1
    """An error comes out that says that time was up."""
    TYPED = 2
    """An error of the SDK's that does not say so."""
    CRASH = 3
    """Somebody else's error."""
    HANG = 4
    """It never ends."""


_WORDS = ("answered", "time-out", "typed error", "untyped crash", "hang")


class _NeverEnds:
    """Each call to the model."""

    def strike(self, request: Request) -> Fault:
        """See ``mocks.model.Faults``."""
        return self

    async def apply(self, answer: Callable[[], Awaitable[Reply]]) -> Reply:
        """See ``mocks.model.Fault``."""
        await asyncio.get_running_loop().create_future()
        raise AssertionError("nobody sets it")


@dataclass(frozen=True, slots=True)
class Limited:
    """``late``: virtual seconds from the limit to the end of what was limited, NaN where that never
    ended; ``left``: what still goes on when the run has ended, tasks and tools; ``ticks``: what the
    tool did from then on; ``said``: how the run ended."""

    became: AfterLimit
    late: float
    left: int
    ticks: int
    said: str


def measure(what: str) -> Limited:
    """What becomes of a run of which this takes too long."""
    plan = Plan(turns=(("tick",),)) if what == TOOL else Plan()
    world = new_world(plan, faults=None if what == TOOL else _NeverEnds())
    with OnMachine(partial(connected, part(Timeouts), world)) as on:
        sdk = on.handle.used
        agent = sdk.make(world.spec(), *((LIMIT_S, None) if what == TOOL else (None, LIMIT_S)))
        try:
            return on.run(_limited(sdk, agent, world))
        except Hang as hang:
            return Limited(AfterLimit.HANG, float("nan"), 0, 0, str(hang)[:200])


async def _limited(sdk: TimeoutsSdk, agent: object, world: AgentWorld) -> Limited:
    loop = asyncio.get_running_loop()
    before = asyncio.all_tasks()
    errand = Errand(1)
    running_errand.set(errand.mark)
    task = loop.create_task(sdk.run(agent, errand.text))
    await asyncio.wait([task])
    ended = loop.time()
    error = None if task.cancelled() else task.exception()
    if error is None and (task.cancelled() or not task.result().text.startswith(errand.key(0))):
        wrong("it ends without the answer")
    await asyncio.sleep(SETTLE_S)
    uses = world.toolbox.log
    left = len(asyncio.all_tasks() - before) + sum(use.ended is None for use in uses)
    await asyncio.sleep(WATCHED_S)
    limited = [(use.began, use.ended) for use in uses]
    limited = limited or [(call.queued, call.ended) for call in world.model.calls]
    began, end = limited[0]
    return Limited(
        became=_became(error),
        late=float("nan") if end is None else round(end - began - LIMIT_S, 6),
        left=left,
        ticks=sum(tick > ended for use in uses for tick in use.ticks),
        said="" if error is None else f"{type(error).__name__}: {error}"[:200],
    )


def _became(error: BaseException | None) -> AfterLimit:
    if error is None:
        return AfterLimit.ANSWERED
    if isinstance(error, TimeoutError) or "timeout" in type(error).__name__.lower():
        return AfterLimit.TIMEOUT
    return AfterLimit.TYPED if is_own_error(error) else AfterLimit.CRASH


Cache = Mapping[str, Attempt[Limited]]


@presented(holds={"latency_s": LATENCY_S, "limit_s": LIMIT_S}, demo=("track_left",))
class Limit:
    """A run of which a tool, or a call to the model, takes too long."""

    params = (TOOL, MODEL)
    param_names = ("what",)

    def setup_cache(self) -> Cache:
        return each_fresh({what: partial(measure, what) for what in (TOOL, MODEL)}, fresh)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Cache, what: str) -> None:
        self.limited = value_of(cache[what])
        if self.limited.said:
            note(self.limited.said)

    @series(version="1", kind="exact", unit="outcome", group="outcome", codes=list(_WORDS))
    def track_outcome(self, cache: Cache, what: str) -> int:
        """What becomes of the run, from 0 (answered) to 4 (hang)."""
        return self.limited.became.value

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_seconds_late(self, cache: Cache, what: str) -> float:
        """By how much later than its limit it ends, in virtual seconds; NaN where it never does."""
        return self.limited.late

    track_seconds_late = portal_row(
        track_seconds_late,
        rank=838,
        label="How late a tool ends that takes too long",
        work="of 100 s, where it may take 5.35 s",
        unit="seconds",
        cell={"what": TOOL},
        in_floors=False,
    )

    @series(version="1", kind="exact", unit="tasks", group="outcome")
    def track_left(self, cache: Cache, what: str) -> int:
        """Tasks and tools that go on when the run has ended. Must be 0."""
        return self.limited.left

    @series(version="1", kind="exact", unit="ticks", group="outcome")
    def track_ticks_after_end(self, cache: Cache, what: str) -> int:
        """What the tool still does afterwards. Must be 0."""
        return self.limited.ticks
