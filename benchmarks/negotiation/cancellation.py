"""A negotiation is cancelled: does it end, and leave nothing behind, wherever it stood?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.presentation import presented
from benchmarks.negotiation.workload import LATENCY_S, Negotiations
from benchmarks.questions import cancellation
from mocks.worlds.negotiation.script import Scenario

SCENARIOS = ("plan", "ask_one", "ask_all", "sub_demand", "discovery")
AGENTS = 3
"""Enough for children that are done and children that are not; more would add points alike."""

Cache = Mapping[str, Attempt[list[cancellation.Interruption]]]


def interruptions(scenario: str) -> list[cancellation.Interruption]:
    """What comes of a cancellation at each point."""
    return cancellation.interruptions(partial(Negotiations, AGENTS, Scenario(scenario)))


@presented(
    holds={"agents": AGENTS, "latency_s": LATENCY_S},
    demo=("track_points", "track_left_behind", "track_swallowed"),
)
class Run:
    """One of 3 agents is cancelled once after each callback of its loop, in an engine of its own
    each time: those are all the points at which it can be cancelled.

    After each the engine has to negotiate the same demand again, and another one.
    """

    params = SCENARIOS
    param_names = ("scenario",)

    def setup_cache(self) -> Cache:
        return {name: attempt(partial(interruptions, name)) for name in SCENARIOS}

    def setup(self, cache: Cache, scenario: str) -> None:
        self.points = value_of(cache[scenario])

    track_points = cancellation.points
    track_swallowed = cancellation.swallowed
    track_left_behind = cancellation.left_behind
    track_hangs = cancellation.hangs
    track_seconds_to_end = cancellation.seconds_to_end
