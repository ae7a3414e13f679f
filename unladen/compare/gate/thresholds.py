"""From which change on a gate fails, series by series."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from unladen.changes.worse import fraction_worse
from unladen.compare.ab.cells import Cell
from unladen.errors import UserError
from unladen.store.series import SeriesInfo

SAMPLED = 0.05
"""Of sampled series."""

EXACT = 0.01
"""Of exact series whose figure is an amount of work, memory or imports: a pull request that adds a
bytecode must not fail."""

GROWTH = 0.05
"""Of growth exponents and their fit errors, as a difference: a ratio of them says nothing."""


@dataclass(frozen=True)
class Rule:
    """``--threshold PATTERN=PERCENT``: ``limit`` is a fraction."""

    pattern: str
    limit: float

    @classmethod
    def parse(cls, text: str) -> Rule:
        """Raises ``UserError`` for what is no pattern and percentage."""
        pattern, _, percent = text.rpartition("=")
        try:
            limit = float(percent.rstrip("%")) / 100
        except ValueError:
            limit = math.nan
        if not pattern or not 0 <= limit < math.inf:
            raise UserError(f"--threshold must be PATTERN=PERCENT, not {text!r}")
        return cls(pattern, limit)

    def is_for(self, cell: Cell) -> bool:
        """Whether the pattern, a glob, matches one of the series' names or ``name(params)``."""
        return cell.series.is_called(self.pattern, cell.params)


def threshold(cell: Cell, rules: Sequence[Rule]) -> float:
    """The cell's, a fraction: that of the last rule that matches, else its kind's and group's.

    An exact series' is at least its tolerance.
    """
    matching = [rule.limit for rule in rules if rule.is_for(cell)]
    series = cell.series
    limit = matching[-1] if matching else _default(series)
    return max(limit, series.slack) if series.is_exact else limit


def worse_by(cell: Cell, before: float, after: float) -> float:
    """By how much ``after`` is worse, as ``fraction_worse`` has it."""
    return fraction_worse(cell.series, cell.params, before, after)


def _default(series: SeriesInfo) -> float:
    if not series.is_exact:
        return SAMPLED
    if series.is_behaviour:
        return 0.0
    return GROWTH if series.is_of_exponents else EXACT
