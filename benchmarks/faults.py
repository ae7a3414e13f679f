"""When the model, or another part, misbehaves: what the SDK makes of each fault of the catalogue.

5 agents, a model that takes 1 s a call. Every case has an engine and a world of its own, and is met
in both orders of what is due at the same instant; the worse outcome counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from benchmarks._cells import Attempt, attempt, value_of
from benchmarks._fault_outcome import Verdict, judge
from benchmarks._fault_run import meet
from benchmarks._notes import note
from benchmarks._series import series
from benchmarks._ties import Both, both, tie
from mocks.faults import Case
from mocks.faults import Outcome as Code
from mocks.worlds.negotiation.faults import CASES
from targets.protocol import Unavailable

F = TypeVar("F", bound=Callable[..., Any])
Cache = Mapping[str, Attempt[Both[Verdict]]]

WORDS = [code.word for code in Code]

_EXPECTED = {case.name: case.expects for case in CASES}


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
        for verdict in value_of(cache[fault]):
            if verdict.seconds is None:
                raise Unavailable(verdict.note.replace("\n", " "))

    vars(function)["setup"] = setup  # asv runs it after the class's
    return function


def _measure(case: Case) -> Both[Verdict]:
    return both(lambda: judge(meet(case)))


def _badness(fault: str, verdict: Verdict) -> int:
    """What is not expected is worse than whatever is."""
    return verdict.outcome + len(Code) * (verdict.outcome not in _EXPECTED[fault])


class Outcome:
    """A negotiation that meets a fault, then one more on the same engine without it."""

    params = tuple(case.name for case in CASES)
    param_names = ("fault",)

    def setup_cache(self) -> Cache:
        return {case.name: attempt(partial(_measure, case)) for case in CASES}

    def setup(self, cache: Cache, fault: str) -> None:
        self.verdicts = value_of(cache[fault])

    @catalogue
    @series(version="2", kind="exact", unit="outcome", group="outcome", codes=WORDS)
    def track_outcome(self, cache: Cache, fault: str) -> int:
        """How it ended, from 0 (recovered) to 6 (hang): see ``benchmarks._fault_outcome``."""
        first, last = self.verdicts
        worse = self.verdicts.chosen(partial(_badness, fault))
        tied = tie(first.outcome.word, last.outcome.word)
        if text := "\n".join(filter(None, [tied, worse.note])):
            note(text)
        return worse.outcome.value

    @only_where_it_ended
    @series(version="2", kind="exact", unit="seconds", group="virtual time")
    def track_seconds_to_outcome(self, cache: Cache, fault: str) -> float:
        """Until its result or its error, in virtual seconds; n/a for a hang."""
        return self.verdicts.worse(lambda verdict: verdict.seconds or 0.0)

    @series(version="2", kind="exact", unit="agents", group="outcome")
    def track_agents_lost(self, cache: Cache, fault: str) -> int:
        """Agents whose offer is not in the result; all of them where there is no result."""
        return self.verdicts.worse(lambda verdict: verdict.agents_lost)
