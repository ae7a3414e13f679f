"""The data files of the values of some commits, by which any two of a history are compared.

A value is what was known at a commit: that of the last one at which it was measured. Of a sampled
series it is the level there (``unladen.changes``): readings differ from commit to commit, levels
where something changed. Why something fails is in the data file of its series.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unladen.changes.model import IS_NONE, SETTLED, Change, ChangeKind, State
from unladen.history.history import History
from unladen.history.series_history import CODES, SeriesHistory
from unladen.site.encode import SAMPLED_DIGITS, Encoded, exact_runs, rounded
from unladen.store.series import Status

_MEASURED = CODES[Status.MEASURED]
_MISSING = CODES[Status.MISSING]


def chunk_values(
    history: History, changes: Mapping[str, Sequence[Change]], chunk: int
) -> Iterator[dict[str, Any]]:
    """What ``data/values-N.js`` holds, of ``chunk`` positions each, the oldest first.

    ``changes``: by the name of their series, oldest first. ``runs``: by series and cell position,
    value, position, value... from the first position of the chunk on. ``open``: by series and cell,
    of those with changes that are no facts, position, facts, suspected, none, position...: how many
    changes up to there are facts, how many no more than suspected, and how many are none of the
    commits'. A slow drift is a difference all the same, and counts as suspected.
    """
    at = np.flatnonzero(np.array(history.measured, dtype=bool))
    positions = {history.commits[n].hash: position for position, n in enumerate(at.tolist())}
    runs: list[list[list[Encoded]]] = []
    counts: list[list[list[Encoded]]] = []
    for series in history.series:
        cells = _changes_of_cells(series, changes.get(series.series.name, ()))
        one = _Cells(series, at, positions)
        runs.append([one.runs(cell, found) for cell, found in enumerate(cells)])
        counts.append([one.counts(found) for found in cells] if any(cells) else [])
    for start in range(0, len(at), chunk):
        end = start + chunk
        told = [[_part(cell, start, end) for cell in cells] for cells in runs]
        unsettled = {
            number: [_part(cell, start, end, 4) for cell in cells]
            for number, cells in enumerate(counts)
            if any(cells)
        }
        yield {"runs": told, "open": unsettled}


class _Cells:
    """The values of one series' cells at positions, in short form."""

    def __init__(
        self,
        series: SeriesHistory,
        at: NDArray[np.intp],
        positions: Mapping[str, int],
    ) -> None:
        self._series = series
        self._at = at
        self._positions = positions

    def runs(self, cell: int, changes: Sequence[Change]) -> list[Encoded]:
        """Position, value, position, value... of one cell; ``changes``: its own."""
        known = _last_known(self._series.statuses[self._at, cell])
        last = self._at[np.maximum(known, 0)]
        statuses = np.where(known < 0, _MISSING, self._series.statuses[last, cell]).astype(np.uint8)
        values = self._series.values[last, cell]
        if not self._series.series.is_exact:
            levels = self._levels(cell, changes)
            values = np.where(statuses == _MEASURED, levels, values)
        return exact_runs(values, statuses, np.zeros(len(last), dtype=np.int64))

    def counts(self, changes: Sequence[Change]) -> list[Encoded]:
        """Position, facts, suspected, none... of one cell; ``changes``: its own. Empty if all are
        facts."""
        if all(change.state in SETTLED for change in changes):
            return []
        found: list[Encoded] = []
        counts = [0, 0, 0]
        for change in changes:
            is_none = change.state in IS_NONE and change.state is not State.DRIFT
            counts[0 if change.state in SETTLED else 2 if is_none else 1] += 1
            found += [self._positions[change.commit.hash], *counts]
        return found

    def _levels(self, cell: int, changes: Sequence[Change]) -> NDArray[np.float64]:
        """The level at each position: between its steps, and of all readings without any."""
        steps = [one for one in changes if one.kind is ChangeKind.VALUE]
        if not steps:
            return np.full(len(self._at), self._typical(cell))
        levels = np.full(len(self._at), _level(steps[0].before.value))
        for step in steps:
            levels[self._positions[step.commit.hash] :] = _level(step.after.value)
        return levels

    def _typical(self, cell: int) -> float:
        """The median of the readings in which steps are looked for: the quartile on the good
        side."""
        series = self._series
        good = series.stats.get("q_75" if series.series.higher_is_better else "q_25")
        values = series.values[self._at, cell]
        if good is not None:
            quartiles = good[self._at, cell]
            values = np.where(np.isfinite(quartiles), quartiles, values)
        measured = values[series.statuses[self._at, cell] == _MEASURED]
        return _level(float(np.median(measured))) if measured.size else np.nan


def _level(value: float | None) -> float:
    return np.nan if value is None else rounded(value, SAMPLED_DIGITS)


def _last_known(statuses: NDArray[np.uint8]) -> NDArray[np.intp]:
    """By position the last one up to it at which something is known, -1 before the first."""
    known = np.where(statuses != _MISSING, np.arange(len(statuses)), -1)
    return np.maximum.accumulate(known)


def _changes_of_cells(series: SeriesHistory, changes: Sequence[Change]) -> list[list[Change]]:
    cells = {cell: n for n, cell in enumerate(series.series.cells)}
    found: list[list[Change]] = [[] for _ in cells]
    for change in changes:
        found[cells[change.cell]].append(change)
    return found


def _part(runs: Sequence[Encoded], start: int, end: int, width: int = 2) -> list[Encoded]:
    """The part of runs, of ``width`` entries each, from a position up to another one; what holds at
    the first of them first."""
    positions = [position for position in runs[::width] if isinstance(position, int)]
    first = max(bisect.bisect_right(positions, start) - 1, 0)
    return [*runs[first * width : bisect.bisect_left(positions, end) * width]]
