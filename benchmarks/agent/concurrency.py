"""Many runs at once on one agent: do they overlap, do they disturb each other?

Two turns with two tool calls each, then the answer; the model takes 1.137 s a call, a tool 0.23 s.
"""

from __future__ import annotations

from benchmarks.agent.workload import AgentHarness, Errands
from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.harness import warm_harness
from benchmarks.core.presentation import portal_row, presented
from benchmarks.questions import concurrency, races
from mocks.worlds.agent.script import LATENCY_S, Plan
from mocks.worlds.agent.tools import TOOL_S

WITH_TOOLS = Plan(turns=(("look", "look"), ("look", "look")))
HELD = {"latency_s": LATENCY_S, "tool_s": TOOL_S, "turns": 2, "calls": 2}
RACING = 5


def errands() -> Errands:
    """Errands with tools."""
    return Errands(WITH_TOOLS)


@presented(holds=HELD, roles={"runs": "runs"})
class Parallel:
    """So many runs of one agent started at the same moment."""

    params = (1, 10, 50)
    param_names = ("runs",)
    harness: AgentHarness

    def setup(self, runs: int) -> None:
        self.harness = warm_harness(errands)

    track_makespan = portal_row(
        concurrency.makespan,
        rank=800,
        label="50 runs of one agent at once",
        work="two turns with two tools each",
        unit="seconds",
        cell={"runs": "50"},
    )
    track_peak_in_flight = concurrency.peak_in_flight
    track_crosstalk = concurrency.crosstalk
    sample_cpu_per_run = concurrency.cpu_per_run


@presented(holds={**HELD, "runs": RACING})
class Races:
    """5 runs started at the same moment, in other orders of what is due at the same instant."""

    def setup_cache(self) -> Attempt[races.Races]:
        return attempt(lambda: races.races(errands, RACING))

    def setup(self, cache: Attempt[races.Races]) -> None:
        self.races = value_of(cache)

    track_outcomes = races.outcomes
    track_words_lost = races.lost("words")
    track_crosstalk = races.crosstalk
