"""Many calls at once on one engine: do they overlap, do they disturb each other?

10 messages each, the first after 1.1 s and each further one 0.23 s later; the 8th is the target.
"""

from __future__ import annotations

from benchmarks.calls.baseline import HELD
from benchmarks.calls.workload import CallsHarness, Streams
from benchmarks.core.cells import Attempt, attempt, value_of
from benchmarks.core.harness import warm_harness
from benchmarks.core.presentation import portal_row, presented
from benchmarks.questions import concurrency, races


@presented(holds=HELD, roles={"calls": "runs"})
class Parallel:
    """So many calls started at the same moment."""

    params = (1, 3, 5, 10, 20, 50, 100)
    param_names = ("calls",)
    harness: CallsHarness

    def setup(self, calls: int) -> None:
        self.harness = warm_harness(Streams)

    track_makespan = portal_row(
        concurrency.makespan,
        rank=560,
        label="50 calls at once",
        work="as above, on one engine",
        unit="seconds",
        cell={"calls": "50"},
    )
    track_peak_in_flight = concurrency.peak_in_flight
    track_crosstalk = concurrency.crosstalk
    sample_cpu_per_run = concurrency.cpu_per_run
    sample_loop_lag = concurrency.loop_lag


RACING = 5


@presented(holds={**HELD, "runs": RACING})
class Races:
    """5 calls started at the same moment, in other orders of what is due at the same instant."""

    def setup_cache(self) -> Attempt[races.Races]:
        return attempt(lambda: races.races(Streams, RACING))

    def setup(self, cache: Attempt[races.Races]) -> None:
        self.races = value_of(cache)

    track_outcomes = races.outcomes
    track_messages_lost = races.lost("messages")
    track_crosstalk = races.crosstalk
