"""When the model, or the way to it, misbehaves: what a run makes of each fault.

One turn with a tool, by the SDK's own provider adapter over HTTP; the model takes 1.137 s a call.
Every case has an SDK opened anew and a world of its own. What the codes mean is in
``benchmarks.questions.faults``. Timers of one instant fire in the order in which they were armed:
in the other order clocks round to the nanosecond, and anyio, which clients of providers are made
of, arms a deadline that fires a fraction of that too early again and again.
"""

from __future__ import annotations

from functools import partial

from benchmarks.agent.faulty import FaultyErrands
from benchmarks.agent.running import CACHE_TIMEOUT_S, fresh
from benchmarks.core.cells import value_of
from benchmarks.core.forked import each_fresh
from benchmarks.core.presentation import presented
from benchmarks.core.ties import Both
from benchmarks.questions import faults
from benchmarks.questions.fault_run import run_with_fault
from mocks.faults import Case
from mocks.worlds.agent.faults import CASES
from mocks.worlds.agent.script import LATENCY_S
from mocks.worlds.agent.tools import TOOL_S


def measure(case: Case) -> Both[faults.CaseOutcome]:
    """What becomes of a run that meets the case. Raises what ``run_with_fault`` raises."""
    outcome = faults.judge(run_with_fault(FaultyErrands(case)))
    return Both(outcome, outcome)


@presented(holds={"latency_s": LATENCY_S, "tool_s": TOOL_S, "turns": 1})
class Run:
    """A run that meets a fault, then one more on the same agent without it."""

    params = tuple(case.name for case in CASES)
    param_names = ("fault",)

    def setup_cache(self) -> faults.Cache:
        return each_fresh({case.name: partial(measure, case) for case in CASES}, fresh)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: faults.Cache, fault: str) -> None:
        self.outcomes = value_of(cache[fault])

    track_outcome = faults.outcome(CASES)
    track_seconds_to_outcome = faults.seconds_to_outcome
    track_words_lost = faults.lost("words")
