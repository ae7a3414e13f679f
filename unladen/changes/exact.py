"""The changes of exact series: any difference beyond the tolerance, at exactly its commit.

Each value is compared with the last one measured before it.
"""

from __future__ import annotations

from dataclasses import replace

from unladen.changes.cell import Cell
from unladen.changes.drift import find_drifts
from unladen.changes.model import Change
from unladen.history.history import History


def find_exact_changes(history: History) -> list[Change]:
    """All changes of all exact series, by series and cell, each oldest first."""
    return [
        change
        for series in history.series
        if series.series.is_exact
        for cell in range(len(series.series.cells))
        for change in _with_drifts(Cell(history.commits, series, cell))
    ]


def _with_drifts(cell: Cell) -> list[Change]:
    points = cell.change_points()
    changes = [cell.change(k) for k in points]
    for drift, steps in find_drifts(changes, points):
        undone = cell.value_undone(points[steps.stop - 1], drift.before, drift.after)
        for step in steps:
            changes[step] = replace(changes[step], drift=replace(drift, undone_by=undone))
    return changes
