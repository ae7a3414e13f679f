"""What figures are held against: bounds, and what becomes of them."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from enum import StrEnum

import msgspec


class Bound(StrEnum):
    """How a figure is held against a number."""

    BELOW = "below"
    ABOVE = "above"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"

    def holds(self, value: float, limit: float) -> bool:
        """Whether it does."""
        return _HOLDS[self](value, limit)

    @property
    def sign(self) -> str:
        """In print."""
        return _SIGNS[self]


_HOLDS: Mapping[Bound, Callable[[float, float], bool]] = {
    Bound.BELOW: operator.lt,
    Bound.ABOVE: operator.gt,
    Bound.AT_MOST: operator.le,
    Bound.AT_LEAST: operator.ge,
}
_SIGNS = {Bound.BELOW: "<", Bound.ABOVE: ">", Bound.AT_MOST: "≤", Bound.AT_LEAST: "≥"}


class Met(StrEnum):
    """What became of a criterion."""

    YES = "met"
    NO = "not met"
    UNMEASURED = "not measured"


class Bounded(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is written of a figure that is held against numbers, each in the figure's unit."""

    below: float | None = None
    above: float | None = None
    at_most: float | None = None
    at_least: float | None = None

    @property
    def bounds(self) -> Mapping[Bound, float]:
        """Those that are given."""
        given = {bound: getattr(self, bound.value) for bound in Bound}
        return {bound: limit for bound, limit in given.items() if limit is not None}

    def why_unbounded(self) -> str:
        """Why it is not held against one number; empty if it is."""
        bounds = self.bounds
        if len(bounds) != 1:
            return f"it needs one of {', '.join(Bound)}"
        ((bound, limit),) = bounds.items()
        return "" if math.isfinite(limit) else f"{bound} must be a finite number"
