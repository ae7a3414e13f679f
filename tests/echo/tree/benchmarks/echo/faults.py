"""When the model, or a listener, misbehaves: what the SDK makes of each fault."""

from __future__ import annotations

from functools import partial

from benchmarks.core.cells import attempt, value_of
from benchmarks.core.presentation import presented
from benchmarks.echo.faulty import FaultyEchoes
from benchmarks.echo.workload import WORDS
from benchmarks.questions import faults
from mocks.worlds.echo.faults import CASES


@presented(holds={"words": WORDS, "latency_s": 1.0})
class Run:
    """An echo that meets a fault, then one more on the same engine without it."""

    params = tuple(case.name for case in CASES)
    param_names = ("fault",)

    def setup_cache(self) -> faults.Cache:
        return {case.name: attempt(partial(faults.measure, FaultyEchoes, case)) for case in CASES}

    def setup(self, cache: faults.Cache, fault: str) -> None:
        self.outcomes = value_of(cache[fault])

    track_outcome = faults.outcome(CASES)
    track_seconds_to_outcome = faults.seconds_to_outcome
    track_words_lost = faults.lost("words")
