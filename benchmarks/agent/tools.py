"""The tool loop: turns one after the other, tool calls at the same time, tools of all kinds.

The model takes 1.137 s a call, a tool 0.23 s.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from benchmarks.agent.running import CACHE_TIMEOUT_S, fresh
from benchmarks.agent.workload import Errands
from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.forked import each_fresh
from benchmarks.core.presentation import headline, portal_row, presented
from benchmarks.core.series import series
from benchmarks.questions import scaling
from benchmarks.questions.scaling import SizeFigures
from mocks.worlds.agent.script import LATENCY_S, Plan
from mocks.worlds.agent.tools import TOOL_S

TURNS = (1, 5, 20, 80)
AT_ONCE = (1, 5, 20)

QUANTITIES = ("sdk_bytecodes", "function_calls", "retained_bytes", "makespan")
"""What growth with the turns is fitted to."""

HELD = {"latency_s": LATENCY_S, "tool_s": TOOL_S}

Cache = Mapping[int, Attempt[SizeFigures]]


def of_turns(turns: int) -> SizeFigures:
    """A run of so many turns with a tool call each."""
    return scaling.measure(Errands(Plan(turns=(("look",),) * turns)), everywhere=False)


def at_once(calls: int) -> SizeFigures:
    """A run of one turn with so many tool calls, and another one for the answer."""
    return scaling.measure(Errands(Plan(turns=(("look",) * calls,))), everywhere=False)


@series(version="1", kind="exact", unit="calls", group="work")
def function_calls(self: scaling.OfSize, *cell: object) -> int:
    """Python and C functions called (a resumed coroutine counts as a call)."""
    return self.figures.function_calls


def setup_cache() -> Cache:
    """The figures of every number of turns, measured once for all series that need them."""
    return each_fresh({turns: partial(of_turns, turns) for turns in TURNS}, fresh)


vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S


@presented(holds=HELD, roles={"turns": "steps"})
class Turns:
    """So many turns of the model with a call of a tool each, then its answer."""

    params = TURNS
    param_names = ("turns",)

    def setup(self, cache: Cache, turns: int) -> None:
        self.figures = value_of(cache[turns])

    track_makespan = scaling.makespan
    track_sdk_bytecodes = scaling.sdk_bytecodes
    track_function_calls = headline(
        portal_row(
            function_calls,
            rank=750,
            label="Function calls of a turn with a tool",
            work="20 turns with a call of a tool each",
            unit="calls",
            cell={"turns": "20"},
            per=20,
            needs_same="python",
        ),
        of="a run of many turns",
        label="function calls",
        rank=72,
        cell={"turns": "20"},
    )
    track_retained_bytes = scaling.retained_bytes


class Growth:
    """How a run grows with its turns: 1 is the same for each turn."""

    params = QUANTITIES
    param_names = ("quantity",)

    def setup(self, cache: Cache, quantity: str) -> None:
        self.growth = scaling.fit(cache, quantity)

    track_exponent = scaling.exponent
    track_largest_local_exponent = scaling.largest_local_exponent


@presented(holds=HELD, roles={"calls": "size"})
class AtOnce:
    """So many tool calls in one answer of the model: their time says whether they overlap."""

    params = AT_ONCE
    param_names = ("calls",)

    def setup_cache(self) -> Cache:
        return each_fresh({calls: partial(at_once, calls) for calls in AT_ONCE}, fresh)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Cache, calls: int) -> None:
        self.figures = value_of(cache[calls])

    track_makespan = portal_row(
        scaling.makespan,
        rank=760,
        label="20 tools called in one answer",
        work="of 0.23 s each, and two calls to the model of 1.137 s",
        unit="seconds",
        cell={"calls": "20"},
    )
    track_sdk_bytecodes = scaling.sdk_bytecodes
    track_function_calls = function_calls
