"""Runs over HTTP whose model meets a fault of the catalogue, and what is said of their results."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.agent.over_http import HttpErrands
from benchmarks.agent.workload import what_is_wrong
from benchmarks.core.harness import Harness
from benchmarks.questions.fault_run import Account
from mocks.faults import Case, PlannedFault
from mocks.worlds.agent.errands import Errand
from mocks.worlds.agent.script import Plan
from targets.protocols.agent import Ended, Failed

ONE_TURN = Plan(turns=(("look",),))

MOST_CALLS = 100
"""Calls to the model after which a run that wants two is taken to go on for ever."""

_ANSWER = "the answer"


class FaultyErrands(HttpErrands):
    """Errands that meet a case: a ``FaultyWorkload``."""

    def __init__(self, case: Case) -> None:
        self.planned = PlannedFault(case, most_calls=MOST_CALLS)
        self._asked = 0
        super().__init__(ONE_TURN, faults=self.planned, trouble=self.planned)

    @property
    def user_errors(self) -> Sequence[BaseException]:
        """The tools are the user's only part, and do not fail here; a run that asks the model for
        ever does, though a client's time-out may end it once the model no longer answers."""
        runaway = self.server.model.runaway
        return () if runaway is None else (runaway,)

    def rehearse(self) -> None:
        """See ``FaultyWorkload``."""
        with Harness(HttpErrands(ONE_TURN)) as harness:
            harness.required()

    def look(self, one: Errand, end: Ended | BaseException) -> None:
        """See ``FaultyWorkload``."""
        self._asked = len(self.world.model.calls)

    def account(self, one: Errand, result: Ended) -> Account:
        """See ``FaultyWorkload``: no answer is one that is missing, another one is wrong; a tool
        must not be called more than once for one call."""
        lost = self.lost(result)
        if isinstance(result, Failed):
            return Account(failed=True, lost=self.plan.words)
        if not result.text:
            return Account(missing=frozenset({_ANSWER}), lost=lost)
        uses = [use.key for use in self.world.toolbox.log]
        repeated = [f"the tool call {key} was made twice" for key in {*uses} if uses.count(key) > 1]
        wrong = [*filter(None, [what_is_wrong(self.plan, one, result)]), *sorted(repeated)]
        return Account(wrong=wrong, lost=lost)

    def remarks(self) -> Sequence[str]:
        """How often the model was asked."""
        return [f"the model was asked {self._asked} times"]
