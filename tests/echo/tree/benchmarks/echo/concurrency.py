"""Many echoes at once on one engine: do they overlap, do they disturb each other?"""

from __future__ import annotations

from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.harness import warm_harness
from benchmarks.core.presentation import presented
from benchmarks.echo.workload import WORDS, Echoes, EchoHarness
from benchmarks.questions import concurrency, races


@presented(holds={"words": WORDS, "latency_s": 1.0}, roles={"echoes": "runs"})
class Parallel:
    """So many echoes started at the same moment, 1 s a model call."""

    params = (1, 5, 20)
    param_names = ("echoes",)
    harness: EchoHarness

    def setup(self, echoes: int) -> None:
        self.harness = warm_harness(Echoes)

    track_makespan = concurrency.makespan
    track_peak_in_flight = concurrency.peak_in_flight
    track_crosstalk = concurrency.crosstalk
    sample_cpu_per_run = concurrency.cpu_per_run
    sample_loop_lag = concurrency.loop_lag


RACING = 5


@presented(holds={"words": WORDS, "latency_s": 1.0, "runs": RACING})
class Races:
    """5 echoes started at the same moment, in other orders of what is due at the same instant."""

    def setup_cache(self) -> Attempt[races.Races]:
        return attempt(lambda: races.races(Echoes, RACING))

    def setup(self, cache: Attempt[races.Races]) -> None:
        self.races = value_of(cache)

    track_outcomes = races.outcomes
    track_words_lost = races.lost("words")
    track_crosstalk = races.crosstalk
