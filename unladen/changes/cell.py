"""One cell of a series over the commits where it was measured, and its changes of status.

n/a and failed are states of their own, whatever the kind of the series; commits where it was not
measured widen the range of the change after them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from unladen.changes.model import Change, ChangeKind, Direction, State
from unladen.history.series_history import BAD, CODES, SeriesHistory, is_one_of
from unladen.repo.commits import Commit
from unladen.store.readings import Reading, is_untold
from unladen.store.reasons import Params
from unladen.store.series import SeriesInfo, Status

UNDONE_SHARE = 0.9
"""A change is undone once this share of its difference is gone."""

_REPAIRS = frozenset({ChangeKind.WORKS, ChangeKind.RIGHT})


class CellHistory:
    """The readings of one cell, of the commits where it was measured.

    ``at``: their indices in ``commits``.
    """

    def __init__(self, commits: Sequence[Commit], history: SeriesHistory, cell: int) -> None:
        """``cell``: its index in the series' ``cells``."""
        self.series: SeriesInfo = history.series
        self.params = history.series.cells[cell]
        self.commits = commits
        self._history = history
        self._cell = cell
        statuses = history.statuses[:, cell]
        self.at: NDArray[np.intp] = history.known(cell)
        self.statuses = statuses[self.at]
        self.values = history.values[self.at, cell]

    def change_points(self) -> list[int]:
        """The positions k where reading k differs from reading k - 1."""
        points = self._history.starts(self._cell, self.at)[1:]
        return [k for k in points.tolist() if not self._is_told_anew(k)]

    def status_points(self) -> list[int]:
        """The positions k where reading k is of another status than reading k - 1."""
        points = (np.flatnonzero(self._is_other_status()) + 1).tolist()
        return [k for k in points if not self._is_told_anew(k)]

    def reading(self, k: int) -> Reading:
        """Reading ``k``."""
        return self._history.reading(int(self.at[k]), self._cell)

    def change(self, k: int) -> Change:
        """What happened between reading ``k - 1`` and reading ``k``."""
        before, after = self.reading(k - 1), self.reading(k)
        kind = _kind(before.status, after.status)
        return Change(
            series=self.series,
            cell=self.params,
            kind=kind,
            direction=direction_of(self.series, self.params, kind, before, after),
            state=State.CERTAIN,
            before=before,
            after=after,
            commit=self.commits[int(self.at[k])],
            first_suspect=self.commits[int(self.at[k - 1]) + 1],
            undone_by=self._undone(k, before, after),
            value_before_failure=self._last_value(k) if kind in _REPAIRS else None,
        )

    def value_undone(self, k: int, before: float, after: float) -> Commit | None:
        """The first commit after reading ``k`` at which the way from before to after is gone. After
        a right outcome only right ones count."""
        way = after - before
        slack = max((1 - UNDONE_SHARE) * abs(way), self.series.slack * abs(before))
        later = self.statuses[k + 1 :]
        counts = (later == CODES[Status.MEASURED]) | (later == self.statuses[k])
        remains = (np.where(counts, self.values[k + 1 :], np.nan) - before) * np.sign(way)
        return self._first(k, remains <= slack)  # NaN, no value, compares False

    def _is_other_status(self) -> NDArray[np.bool_]:
        is_other: NDArray[np.bool_] = self.statuses[1:] != self.statuses[:-1]
        return is_other

    def _is_told_anew(self, k: int) -> bool:
        """Whether reading ``k`` differs from the one before only in who told it: of one of them the
        wrong outcome was stored as a failure, of the other beside its value."""
        one, other = self.reading(k - 1), self.reading(k)
        if {one.status, other.status} != BAD:
            return False
        return any(is_untold(reading.status, reading.reason) for reading in (one, other))

    def _undone(self, k: int, before: Reading, after: Reading) -> Commit | None:
        later = self.statuses[k + 1 :]
        if before.status is after.status:
            assert before.value is not None
            assert after.value is not None
            if self.series.codes:
                return self._code_undone(k, before.value, after.value)
            return self.value_undone(k, before.value, after.value)
        is_bad = is_one_of(later, BAD)
        if after.status in BAD:
            return self._first(k, ~is_bad)
        return self._first(k, is_bad if before.status in BAD else later == CODES[before.status])

    def _code_undone(self, k: int, before: float, after: float) -> Commit | None:
        """The first commit after reading ``k`` whose code takes back what happened there: it is as
        expected as before, if that was the change, else as good as before, or as bad."""
        series, params = self.series, self.params
        was = series.badness(params, before)
        crosses = series.is_expected(params, before) != series.is_expected(params, after)
        is_worse = series.is_worse(params, before, after)

        def takes_back(code: float) -> bool:
            if crosses:
                return series.is_expected(params, code) == series.is_expected(params, before)
            now = series.badness(params, code)
            return now <= was if is_worse else now >= was

        later = self.values[k + 1 :]
        codes = [code for code in np.unique(later[~np.isnan(later)]).tolist() if takes_back(code)]
        return self._first(k, np.isin(later, codes))

    def _first(self, k: int, is_undone: NDArray[np.bool_]) -> Commit | None:
        if not is_undone.any():
            return None
        return self.commits[int(self.at[k + 1 + int(is_undone.argmax())])]

    def _last_value(self, k: int) -> float | None:
        earlier = np.flatnonzero(self.statuses[:k] == CODES[Status.MEASURED])
        return float(self.values[earlier[-1]]) if earlier.size else None


def _kind(before: Status, after: Status) -> ChangeKind:
    if before is after:
        return ChangeKind.VALUE
    match before, after:
        case _, Status.FAILED:
            return ChangeKind.BROKE
        case _, Status.WRONG:
            return ChangeKind.WRONG
        case _, Status.NOT_APPLICABLE:
            return ChangeKind.DISAPPEARS
        case Status.WRONG, _:
            return ChangeKind.RIGHT
        case Status.FAILED, _:
            return ChangeKind.WORKS
        case Status.NOT_APPLICABLE, _:
            return ChangeKind.APPEARS
    return ChangeKind.VALUE


def direction_of(
    series: SeriesInfo, params: Params, kind: ChangeKind, before: Reading, after: Reading
) -> Direction:
    """For whom a change is good. What is expected decides first (``SeriesInfo.is_worse``)."""
    if kind is ChangeKind.VALUE:
        assert before.value is not None
        assert after.value is not None
        is_worse = series.is_worse(params, before.value, after.value)
        return Direction.REGRESSION if is_worse else Direction.IMPROVEMENT
    if after.status in BAD:
        return Direction.NEITHER if before.status in BAD else Direction.REGRESSION
    return Direction.IMPROVEMENT if kind in _REPAIRS else Direction.NEITHER
