"""The changes of exact series: any difference beyond the tolerance, at exactly its commit.

Each value is compared with the last one measured before it. Where that was measured through
another driver, the difference is not the commit's.
"""

from __future__ import annotations

from dataclasses import replace

from unladen.changes.cell import CellHistory
from unladen.changes.drift import find_drifts
from unladen.changes.model import Change, State
from unladen.history.history import History
from unladen.history.series_history import SeriesHistory


def find_exact_changes(history: History) -> list[Change]:
    """All changes of all exact series, by series and cell, each oldest first."""
    return [
        change
        for series in history.series
        if series.series.is_exact
        for cell in range(len(series.series.cells))
        for change in _changes(history, series, CellHistory(history.commits, series, cell))
    ]


def _changes(history: History, series: SeriesHistory, cell: CellHistory) -> list[Change]:
    found: list[Change] = []
    points: list[int] = []
    for k in cell.change_points():
        if _has_other_driver(history, series, int(cell.at[k - 1]), int(cell.at[k])):
            # Nothing drifts over it: how much of the way is the driver's is not known.
            found += [*_with_drifts(cell, points), replace(cell.change(k), state=State.DRIVER)]
            points = []
        else:
            points.append(k)
    return [*found, *_with_drifts(cell, points)]


def _has_other_driver(history: History, series: SeriesHistory, before: int, after: int) -> bool:
    """Whether the values at two commits are known to be of two drivers."""
    sessions = (history.session_of(series, commit) for commit in (before, after))
    drivers = {one.driver_of(series.series.parts) for one in sessions if one is not None}
    return len(drivers - {""}) == 2


def _with_drifts(cell: CellHistory, points: list[int]) -> list[Change]:
    """The changes at these points, oldest first."""
    changes = [cell.change(k) for k in points]
    for drift, steps in find_drifts(changes, points):
        undone = cell.value_undone(points[steps.stop - 1], drift.before, drift.after)
        for step in steps:
            changes[step] = replace(changes[step], drift=replace(drift, undone_by=undone))
    return changes
