"""Echoes in whose world a fault is planned, and what is said of their results."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.core.harness import Harness
from benchmarks.echo.workload import WORDS, Echoes
from benchmarks.questions.fault_run import Account
from mocks.faults import Case
from mocks.worlds.echo.faults import planned
from mocks.worlds.echo.phrases import Phrase
from targets.protocols.echo import Echoed


class FaultyEchoes(Echoes):
    """Echoes that meet a case: a ``FaultyWorkload``."""

    user_errors: Sequence[Exception] = ()

    def __init__(self, case: Case) -> None:
        self.planned = planned(case)
        super().__init__(WORDS, faults=self.planned, trouble=self.planned)

    def rehearse(self) -> None:
        """See ``FaultyWorkload``."""
        with Harness(Echoes(WORDS)) as harness:
            harness.required()

    def look(self, one: Phrase, end: Echoed | BaseException) -> None:
        """There is nothing to be noted."""

    def account(self, one: Phrase, result: Echoed) -> Account:
        """An echo has one part, and its result says nothing of what it lacks."""
        wrong = [f"it is {result.text[:60]!r}"] if one.mark not in result.text else []
        missing = frozenset() if one.text in result.text else frozenset({"phrase"})
        return Account(wrong=wrong, missing=missing, lost=self.lost(result))

    def remarks(self) -> Sequence[str]:
        """Nothing else can become of an echo."""
        return ()
