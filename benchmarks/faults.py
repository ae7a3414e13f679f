"""When the model, or another part, misbehaves: what the SDK makes of each fault of the catalogue.

5 agents, a model that takes 1 s a call. Every case has an engine and a world of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from benchmarks._cells import Broken, attempt, value_of
from benchmarks._fault_outcome import Verdict, judge
from benchmarks._fault_run import meet
from benchmarks._notes import note
from benchmarks._series import series
from mocks.faults import CASES, Case
from mocks.faults import Outcome as Code
from targets.protocol import Unavailable

F = TypeVar("F", bound=Callable[..., Any])
Cache = Mapping[str, Verdict | Broken]

WORDS = [code.word for code in Code]


def catalogue(function: F) -> F:
    """Declare what each fault is about and which outcomes a robust SDK may have, by its name."""
    vars(function)["expected"] = {
        case.name: [c.word for c in sorted(case.expects)] for case in CASES
    }
    vars(function)["about"] = {case.name: case.about for case in CASES}
    return function


def only_where_it_ended(function: F) -> F:
    """Make a series n/a where the negotiation never ended, with the proof as the reason."""

    def setup(cache: Cache, fault: str) -> None:
        verdict = value_of(cache[fault])
        if verdict.seconds is None:
            raise Unavailable(verdict.note.replace("\n", " "))

    vars(function)["setup"] = setup  # asv runs it after the class's
    return function


def _measure(case: Case) -> Verdict:
    return judge(meet(case))


class Outcome:
    """A negotiation that meets a fault, then one more on the same engine without it."""

    params = tuple(case.name for case in CASES)
    param_names = ("fault",)

    def setup_cache(self) -> Cache:
        return {case.name: attempt(partial(_measure, case)) for case in CASES}

    def setup(self, cache: Cache, fault: str) -> None:
        self.verdict = value_of(cache[fault])

    @catalogue
    @series(version="1", kind="exact", unit="outcome", group="outcome", codes=WORDS)
    def track_outcome(self, cache: Cache, fault: str) -> int:
        """How it ended, from 0 (recovered) to 6 (hang): see ``benchmarks._fault_outcome``."""
        if self.verdict.note:
            note(self.verdict.note)
        return self.verdict.outcome.value

    @only_where_it_ended
    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_seconds_to_outcome(self, cache: Cache, fault: str) -> float | None:
        """Until its result or its error, in virtual seconds; n/a for a hang."""
        return self.verdict.seconds

    @series(version="1", kind="exact", unit="agents", group="outcome")
    def track_agents_lost(self, cache: Cache, fault: str) -> int:
        """Agents whose offer is not in the result; all of them where there is no result."""
        return self.verdict.agents_lost
