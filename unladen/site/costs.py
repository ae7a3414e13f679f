"""What a target's work costs, and how that went over its history: the small plots of the portal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from unladen.history.history import History
from unladen.history.series_history import CODES, SeriesHistory
from unladen.site.figures import TargetFigure, cell_of, told_value
from unladen.store.bounds import Count, Finite
from unladen.store.reasons import Params
from unladen.store.series import Status

COUNTED = ("bytecodes", "calls")
"""Units of counted work: the same on every machine, by which targets can be compared at once."""

POINTS = 200
"""Values of a history that are kept at most; of a longer one the last of each stretch."""


@dataclass(frozen=True)
class CostHistory:
    """A figure of counted work at the measured commits, oldest first.

    ``points``: positions among the ``commits`` measured ones, each with the value from there on,
    None where there is none or its outcome is wrong; ``series``, ``cell``: as of the figure.
    """

    capability: str
    series: str
    cell: Params
    label: str
    commits: Count
    points: tuple[tuple[Count, Finite | None], ...] = ()

    @property
    def known(self) -> list[float]:
        """The values that there are."""
        return [value for _, value in self.points if value is not None]


def costs_of(history: History, figures: Sequence[TargetFigure]) -> tuple[CostHistory, ...]:
    """Of each capability with figures that are told in floors the first one of counted work that
    has ever been measured."""
    series = {one.series.name: one for one in history.series}
    found: dict[str, CostHistory] = {}
    for figure in figures:
        info = series.get(figure.series)
        if info is None or not _is_counted(figure) or info.series.capability in found:
            continue
        cell = cell_of(info.series, figure)
        cost = None if cell is None else _cost(history, info, cell, figure)
        if cost is not None and cost.known:
            found[cost.capability] = cost
    return tuple(found.values())


def _is_counted(figure: TargetFigure) -> bool:
    row = figure.row
    return row.in_floors and row.unit in COUNTED and not row.inverted


def _cost(history: History, series: SeriesHistory, cell: int, figure: TargetFigure) -> CostHistory:
    at = np.flatnonzero(np.array(history.measured, dtype=bool))
    right = series.statuses[at, cell] == CODES[Status.MEASURED]
    values = [
        told_value(figure.row, float(value)) if is_right else None
        for value, is_right in zip(series.values[at, cell], right, strict=True)
    ]
    return CostHistory(
        series.series.capability,
        figure.series,
        series.series.cells[cell],
        figure.row.label,
        len(values),
        _points(values),
    )


def _points(values: Sequence[float | None]) -> tuple[tuple[int, float | None], ...]:
    """The positions at which a value is another one than before."""
    changed = [(n, value) for n, value in enumerate(values) if n == 0 or value != values[n - 1]]
    stretch = -(-len(values) // POINTS)
    if len(changed) <= POINTS:
        return tuple(changed)
    kept = {n // stretch: (n, value) for n, value in changed}
    return tuple(kept.values())
