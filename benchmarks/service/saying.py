"""What series of a service say of themselves besides: where they are n/a or fail, which asv takes
from a ``setup`` only, and which question of all capabilities they answer in words of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from benchmarks.core.workload import WrongOutcome
from targets.protocol import Unavailable

F = TypeVar("F", bound=Callable[..., Any])


def unless(reason: Callable[..., str]) -> Callable[[F], F]:
    """The series is n/a where ``reason``, called as the series is but without its object, gives
    one."""
    return _before(reason, Unavailable)


def needs(failure: Callable[..., str]) -> Callable[[F], F]:
    """The series has no value, and fails, where ``failure``, called likewise, says why: nothing
    came of what it is about."""
    return _before(failure, WrongOutcome)


def _before(reason: Callable[..., str], error: type[Exception]) -> Callable[[F], F]:
    def declare(function: F) -> F:
        further = vars(function).get("setup")

        # asv calls one that can be called without arguments before it fills the cache, too.
        def setup(first: object, *cell: object) -> None:
            if why := reason(first, *cell):
                raise error(why)
            if further is not None:
                further(first, *cell)

        vars(function)["setup"] = setup  # asv runs it after the class's own
        return function

    return declare


def answers(question: str) -> Callable[[F], F]:
    """The series answers this question of ``benchmarks.questions``, such as ``work.makespan``."""

    def declare(function: F) -> F:
        vars(function)["question"] = question
        return function

    return declare
