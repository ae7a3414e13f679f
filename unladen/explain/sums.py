"""A difference that is a sum: each share of it belongs to a cause, and there to a part.

A cause is the nearest function above a place that the commit changed. The parts add up to the whole
difference; what is left over is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from unladen.explain.code import Key
from unladen.explain.matching import Matching

DIGITS = 9
"""Sums of seconds are rounded to so many, as the clock's instants are; whole numbers stay."""


class _Place(Protocol):
    @property
    def cause(self) -> Key | None: ...


class _Part(Protocol):
    @property
    def place(self) -> _Place: ...
    @property
    def line(self) -> int: ...
    @property
    def change(self) -> float: ...


P = TypeVar("P", bound=_Part)


@dataclass(frozen=True)
class SumCause(Generic[P]):
    """A function that the commit changed (None: what has none above it), its share of the
    difference, and its parts, the biggest first."""

    key: Key | None
    why: str
    change: float
    parts: Sequence[P]


@dataclass(frozen=True)
class SumOfCauses(Generic[P]):
    """``before``, ``after``: the figure; ``causes``: the biggest in the direction of the difference
    first."""

    before: float
    after: float
    causes: Sequence[SumCause[P]]

    @property
    def change(self) -> float:
        """The figure after less that before."""
        return round(self.after - self.before, DIGITS)

    @property
    def left_over(self) -> float:
        """What the parts do not account for."""
        return round(self.change - sum(one.change for one in self.causes), DIGITS)

    @property
    def keys(self) -> list[Key]:
        """The functions that are causes, foremost first."""
        return [one.key for one in self.causes if one.key is not None]


def direction(before: float, after: float) -> int:
    """-1 of a difference downwards, else 1: what is biggest in it comes first."""
    return -1 if after < before else 1


def by_cause(
    parts: Iterable[P], matching: Matching, sign: int, name: Callable[[P], str]
) -> list[SumCause[P]]:
    """The causes of these parts, those without a change left out. ``sign``: the direction of the
    whole difference; ``name``: orders parts of the same change and line."""
    found: defaultdict[Key | None, list[P]] = defaultdict(list)
    for part in parts:
        if part.change:
            found[part.place.cause].append(part)
    causes = [
        SumCause(
            key=key,
            why=matching.why.get(key, "") if key else "",
            change=round(sum(one.change for one in same), DIGITS),
            parts=sorted(same, key=lambda one: (-one.change * sign, one.line, name(one))),
        )
        for key, same in found.items()
    ]
    return sorted(causes, key=lambda one: (-one.change * sign, str(one.key)))


N = TypeVar("N", int, float)


class HasChange(Protocol[N]):
    """Something that contributes to a difference."""

    change: N


def net(entries: Sequence[HasChange[N]]) -> N:
    """Let what some contribute more than before and others less count for neither; how much that
    is. ``change`` of each is what is left."""
    gains = [one for one in entries if one.change > 0]
    losses = [one for one in entries if one.change < 0]
    moved = min(sum(one.change for one in gains), -sum(one.change for one in losses))
    for group, sign in ((gains, 1), (losses, -1)):
        left = moved
        for entry in sorted(group, key=lambda one: -abs(one.change)):
            taken = min(left, abs(entry.change))
            entry.change -= sign * taken
            left -= taken
    return moved
