"""Calls whose stream meets a fault of the catalogue, and what is said of their results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from benchmarks.calls.workload import PLAIN, Streams, what_is_wrong
from benchmarks.core.harness import Harness
from benchmarks.core.workload import Engine
from benchmarks.questions.fault_run import Account
from mocks.faults import Case
from mocks.worlds.calls.ends import PATIENCE_S
from mocks.worlds.calls.faults import TOLD, CallsFault
from mocks.worlds.calls.world import Ask, Plan
from targets.protocols.calls import Called, Caller, Status

_TARGET = "the target"
_SAYS_FAILED = (Status.FAILED, Status.TIMED_OUT, Status.CANCELLED)


class FaultyStreams(Streams):
    """Calls that meet a case: a ``FaultyWorkload``."""

    def __init__(self, case: Case) -> None:
        self.planned = CallsFault(case)
        super().__init__(plan_of(case), faults=self.planned)

    @property
    def user_errors(self) -> Sequence[Exception]:
        """The predicate is the user's only part, and does not fail here."""
        return ()

    def rehearse(self) -> None:
        """See ``FaultyWorkload``."""
        with Harness(Streams(self.plan)) as harness:
            harness.required()

    def look(self, one: Ask, end: Called | BaseException) -> None:
        """What its result says is all that there is."""

    def account(self, one: Ask, result: Called) -> Account:
        """See ``FaultyWorkload``: of a call that says that it failed, the target is missing, if it
        kept what came before."""
        says_failed = result.status in _SAYS_FAILED
        lost = self.lost(result)
        if wrong := what_is_wrong(one, result, complete=not says_failed):
            return Account(wrong=[wrong], lost=lost)
        if not says_failed:
            return Account(lost=lost)
        kept = [] if result.messages is None else list(result.messages)
        if not kept or kept != one.messages[: len(kept)]:
            return Account(failed=True, lost=lost)
        return Account(missing=frozenset({_TARGET}), said=frozenset({_TARGET}), lost=lost)

    def remarks(self) -> Sequence[str]:
        """Nothing else becomes of a call."""
        return ()

    def _engine(self, caller: Caller) -> Engine[Ask, Called]:
        """What raises ``TimeoutError`` when it was told how long to wait says that it timed out."""
        engine = super()._engine(caller)

        async def call(ask: Ask) -> Called:
            try:
                return await engine.run(ask)
            except TimeoutError:
                if ask.timeout is None:
                    raise
                return Called(Status.TIMED_OUT, None, None, None)

        return replace(engine, run=call)


def plan_of(case: Case) -> Plan:
    """What the call of a case is like."""
    return replace(PLAIN, timeout=PATIENCE_S) if case.what in TOLD else PLAIN
