"""What every benchmark says of its series, in function attributes that asv copies to its JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

Kind = Literal["exact", "sampled"]
Direction = Literal["lower", "higher"]
Group = Literal["virtual time", "calls", "outcome", "cpu", "work", "memory", "import", "growth"]


def series(
    *, version: str, kind: Kind, unit: str, group: Group, direction: Direction = "lower"
) -> Callable[[F], F]:
    """Declare a benchmark function's series.

    ``version``: bumped by hand when the meaning of the figures changes. ``kind``: ``exact``
    figures repeat to the digit, ``sampled`` ones are noisy. ``direction``: which way is better.
    """

    def declare(function: F) -> F:
        vars(function).update(
            version=version, kind=kind, unit=unit, group=group, direction=direction
        )
        return function

    return declare


def runs(*, repeat: int | tuple[int, int, float], rounds: int) -> Callable[[F], F]:
    """How often a sampled series is measured: ``repeat`` samples in each of ``rounds`` processes
    (a tuple: at least, at most, and seconds to spend)."""

    def declare(function: F) -> F:
        vars(function).update(repeat=repeat, rounds=rounds)
        return function

    return declare
