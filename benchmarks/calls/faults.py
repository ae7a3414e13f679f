"""When the model, or the way to it, misbehaves: what a call makes of each fault of a stream.

10 messages, of which the 8th is the target, the first after 1.1 s, each further one 0.23 s later.
Every case has an engine and a world of its own, and is met in both orders of what is due at one
instant; the worse outcome counts. What the codes mean is in ``benchmarks.questions.faults``; a call
that says that it failed and has kept what came until then is degraded and reported.
"""

from __future__ import annotations

from functools import partial

from benchmarks.calls.faulty import FaultyStreams
from benchmarks.calls.workload import LATENCY_S, PAUSE_S
from benchmarks.core.cells import attempt, value_of
from benchmarks.core.presentation import presented
from benchmarks.questions import faults
from mocks.worlds.calls.faults import CASES


@presented(holds={"messages": 10, "latency_s": LATENCY_S, "pause_s": PAUSE_S})
class Run:
    """A call whose stream meets a fault, then one more on the same engine without it."""

    params = tuple(case.name for case in CASES)
    param_names = ("fault",)

    def setup_cache(self) -> faults.Cache:
        return {case.name: attempt(partial(faults.measure, FaultyStreams, case)) for case in CASES}

    def setup(self, cache: faults.Cache, fault: str) -> None:
        self.outcomes = value_of(cache[fault])

    track_outcome = faults.outcome(CASES)
    track_seconds_to_outcome = faults.seconds_to_outcome
    track_messages_lost = faults.lost("messages")
