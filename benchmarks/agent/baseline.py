"""One run of an agent without tools, what making agents costs, and an output of a structure.

The model takes 1.137 s a call.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from benchmarks.agent.running import CACHE_TIMEOUT_S, fresh
from benchmarks.agent.workload import PLAIN, AgentHarness, Errands, new_world
from benchmarks.core import subject
from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.forked import each_fresh
from benchmarks.core.harness import warm_harness
from benchmarks.core.presentation import headline, portal_row, presented
from benchmarks.core.series import series
from benchmarks.core.subject import own_files
from benchmarks.questions import memory, work
from meters import bytecodes, calls
from meters.memory import traced
from mocks.worlds.agent.script import LATENCY_S, Plan
from targets.opening import clock_for, finish
from targets.protocols.agent import Agent, Ended

HELD = {"latency_s": LATENCY_S, "words": PLAIN.words}
A_RUN = "a run of an agent: one call to the model, no tools"


@presented(holds=HELD, demo=("track_makespan", "track_sdk_bytecodes"))
class Run:
    """A whole run."""

    timer = staticmethod(time.process_time)
    warmup_time = 0.02
    harness: AgentHarness
    timed: list[Ended] | None = None

    def setup(self) -> None:
        self.harness = warm_harness(Errands)
        self.harness.prepare()

    def teardown(self) -> None:
        if self.timed is not None:
            self.harness.check(self.timed)

    track_makespan = portal_row(
        work.makespan, rank=710, label="Time of an agent's run", work=A_RUN, unit="seconds"
    )
    track_model_calls = work.model_calls
    track_bytecodes = work.bytecodes
    track_sdk_bytecodes = portal_row(
        work.sdk_bytecodes,
        rank=720,
        label="Bytecodes of an agent's run, its own code",
        work="the same: only the target's own files",
        unit="bytecodes",
        needs_same="python",
    )
    track_function_calls = headline(
        portal_row(
            work.function_calls,
            rank=730,
            label="Function calls of an agent's run",
            work="the same, with all libraries",
            unit="calls",
            needs_same="python",
        ),
        of="an agent's run",
        label="function calls",
        rank=71,
    )
    time_cpu = work.cpu
    track_retained_bytes = memory.retained_bytes
    track_traced_peak = memory.traced_peak


MADE = (1, 100)
HELD_AGENTS = (1, 100, 1000)


@dataclass(frozen=True, slots=True)
class Making:
    """What making so many agents takes: bytecodes in the SDK's own files, and function calls."""

    own_bytecodes: int
    function_calls: int


def making(count: int) -> Making:
    """What making so many agents with a tool takes, after others were made."""
    with _maker(count) as make:
        make()
        counted = bytecodes.count_inside(make, own_files())
        called = calls.count(make)
    return Making(counted.inside, called.total)


def held_bytes(count: int) -> int:
    """Bytes that so many agents hold, after others were made."""
    with _maker(count) as make:
        return traced(make, warm_up=make).retained


@contextmanager
def _maker(count: int) -> Iterator[Callable[[], list[object]]]:
    """Makes so many agents, each of a name of its own."""
    world = new_world(Plan(turns=(("look",),)))
    opened = subject.capability(Agent).open(world)
    with clock_for(opened)() as clock:
        sdk = finish(opened, clock)
        specs = [world.spec(f"walker-{number}") for number in range(count)]
        yield lambda: [sdk.make(spec) for spec in specs]
        clock.run(sdk.close())


Makings = Mapping[int, Attempt[Making]]


@presented(holds={"tools": 1}, roles={"agents": "size"})
class Made:
    """So many agents are made, with a tool each."""

    params = MADE
    param_names = ("agents",)

    def setup_cache(self) -> Makings:
        return each_fresh({count: partial(making, count) for count in MADE}, fresh)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Makings, agents: int) -> None:
        self.making = value_of(cache[agents])

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_sdk_bytecodes(self, cache: Makings, agents: int) -> int:
        """Bytecodes executed in the SDK's own files."""
        return self.making.own_bytecodes

    @series(version="1", kind="exact", unit="calls", group="work")
    def track_function_calls(self, cache: Makings, agents: int) -> int:
        """Python and C functions called."""
        return self.making.function_calls

    track_function_calls = portal_row(
        track_function_calls,
        rank=740,
        label="Function calls of making an agent",
        work="100 agents with instructions and a tool each",
        unit="calls",
        cell={"agents": "100"},
        per=100,
        needs_same="python",
    )


Held = Mapping[int, Attempt[int]]


@presented(holds={"tools": 1}, roles={"agents": "size"})
class Kept:
    """So many agents are kept, with a tool each."""

    params = HELD_AGENTS
    param_names = ("agents",)

    def setup_cache(self) -> Held:
        return each_fresh({count: partial(held_bytes, count) for count in HELD_AGENTS}, fresh)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Held, agents: int) -> None:
        self.held = value_of(cache[agents])

    @series(version="1", kind="exact", unit="bytes", group="memory")
    def track_retained_bytes(self, cache: Held, agents: int) -> int:
        """Bytes that they hold."""
        return self.held

    track_retained_bytes = portal_row(
        track_retained_bytes,
        rank=745,
        label="Bytes that an agent holds",
        work="1,000 agents with a tool each",
        unit="bytes",
        cell={"agents": "1000"},
        per=1000,
        needs_same="python",
    )


ITEMS = (1, 50)


def structured(items: int) -> Errands:
    """Runs that are answered with so many items."""
    return Errands(Plan(items=items))


@presented(holds={"latency_s": LATENCY_S}, roles={"items": "size"})
class Structured:
    """A run whose output is of a structure: a list of items with two fields each."""

    params = ITEMS
    param_names = ("items",)
    harness: AgentHarness

    def setup(self, items: int) -> None:
        make: Callable[[int], Errands] = structured
        self.harness = warm_harness(make, items)
        self.harness.prepare()

    track_makespan = work.makespan
    track_sdk_bytecodes = work.sdk_bytecodes
    track_function_calls = work.function_calls
