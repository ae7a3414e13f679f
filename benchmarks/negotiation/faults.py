"""When the model, or another part, misbehaves: what the SDK makes of each fault of the catalogue.

5 agents, a model that takes 1 s a call. Every case has an engine and a world of its own, and is met
in both orders of what is due at the same instant; the worse outcome counts.
"""

from __future__ import annotations

from functools import partial

from benchmarks.core.cells import attempt, value_of
from benchmarks.core.presentation import presented
from benchmarks.negotiation.faulty import AGENTS, FaultyNegotiations
from benchmarks.negotiation.workload import LATENCY_S
from benchmarks.questions import faults
from mocks.worlds.negotiation.faults import CASES


@presented(holds={"agents": AGENTS, "latency_s": LATENCY_S})
class Run:
    """A negotiation that meets a fault, then one more on the same engine without it."""

    params = tuple(case.name for case in CASES)
    param_names = ("fault",)

    def setup_cache(self) -> faults.Cache:
        return {
            case.name: attempt(partial(faults.measure, FaultyNegotiations, case)) for case in CASES
        }

    def setup(self, cache: faults.Cache, fault: str) -> None:
        self.outcomes = value_of(cache[fault])

    track_outcome = faults.outcome(CASES)
    track_seconds_to_outcome = faults.seconds_to_outcome
    track_agents_lost = faults.lost("agents")
