"""What one results file says of all series, as a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import NoneType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unladen.history.layout import Layout
from unladen.history.series_history import CODES
from unladen.store.damage import LARGEST, SMALLEST, STATISTICS, number
from unladen.store.readings import Reasons, reading_of
from unladen.store.records import Record
from unladen.store.results_file import ResultsFile
from unladen.store.series import Status

_EXPLAINED = (Status.FAILED, Status.WRONG)
_NO_REASONS = Reasons(None)
_NUMBERS = {float, int}
_NUMBERS_OR_NONE = {*_NUMBERS, NoneType}
_EXACT_COLUMNS = ["result"]
_SAMPLED_COLUMNS = ["result", *(f"stats_{name}" for name in STATISTICS), "samples"]
_NAN = float("nan")


@dataclass(frozen=True)
class FileRow:
    """``values``, ``statuses`` (``CODES``): by cell; ``statistics``: as ``Layout`` has them;
    ``started``: by series, milliseconds since 1970, NaN where that is not known. ``reasons`` of
    failures and of wrong outcomes, ``samples``: by cell, where there are any."""

    values: NDArray[np.float64]
    statuses: NDArray[np.uint8]
    statistics: NDArray[np.float64]
    started: NDArray[np.float64]
    reasons: Mapping[int, str]
    samples: Mapping[int, Sequence[float]]


def file_row(layout: Layout, file: ResultsFile, record: Record | None) -> FileRow:
    """The row of a results file. ``record``: the one beside it, None without any."""
    row = _Row(layout, Reasons(record))
    for number_of_series in range(len(layout.series)):
        row.add(number_of_series, file)
    return row.finished()


@dataclass
class _Row:
    """Takes over series by series. Numbers, which most results are, are put into the array at the
    end, all at once: numpy is slow on few."""

    layout: Layout
    reasons: Reasons
    values: list[Any] = field(init=False)
    statuses: NDArray[np.uint8] = field(init=False)
    statistics: list[Any] = field(init=False)
    started: list[float] = field(init=False)
    said: dict[int, str] = field(default_factory=dict)
    samples: dict[int, Sequence[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        width = self.layout.width
        self.values = [_NAN] * width
        self.statuses = np.full(width, CODES[Status.MISSING], dtype=np.uint8)
        self.statistics = [_NAN] * self.layout.statistics_width
        self.started = [_NAN] * len(self.layout.series)

    def add(self, number_of_series: int, file: ResultsFile) -> None:
        """Take over what the file holds of the series."""
        series = self.layout.series[number_of_series]
        stored = file.of(series)
        if stored is None:
            return
        if (started := stored.started) is not None:
            self.started[number_of_series] = started
        place = self.layout.places[number_of_series]
        columns = _EXACT_COLUMNS if series.is_exact else _SAMPLED_COLUMNS
        results, *others = stored.columns(columns, series)
        is_plain = results is not None and {*map(type, results)} <= _NUMBERS
        if is_plain and not self.reasons.wrong_of(series.name):
            self.values[place] = results or []
            self.statuses[place] = CODES[Status.MEASURED]
        else:
            for cell, result in enumerate(results or [None] * len(series.cells)):
                self._add_value(number_of_series, place.start + cell, result, self.reasons)
        if others:
            *statistics, samples = others
            self._add_statistics(number_of_series, statistics)
            for cell, found in enumerate(samples or ()):
                if isinstance(found, list) and all(number(one) is not None for one in found):
                    self.samples[place.start + cell] = found

    def finished(self) -> FileRow:
        """All that was taken over."""
        values = _array(self.values)
        measured = self.statuses == CODES[Status.MEASURED]
        odd = np.flatnonzero(measured & _is_no_number(values)).tolist()
        if odd:
            self.values = values.tolist()
            for at in odd:
                # Among numbers: n/a, and what cannot be reckoned with.
                self._add_value(self._series_at(at), at, self.values[at], _NO_REASONS)
            values = _array(self.values)
        statistics = _array(self.statistics)
        statistics[_is_no_number(statistics)] = np.nan
        started = np.array(self.started, dtype=np.float64)
        return FileRow(values, self.statuses, statistics, started, self.said, self.samples)

    def _add_value(self, number_of_series: int, at: int, result: Any, reasons: Reasons) -> None:
        series = self.layout.series[number_of_series]
        params = series.cells[at - self.layout.places[number_of_series].start]
        found = reading_of(series.name, params, result, reasons)
        self.statuses[at] = CODES[found.status]
        self.values[at] = _float(found.value)
        if found.status in _EXPLAINED:
            self.said[at] = found.reason

    def _add_statistics(
        self, number_of_series: int, columns: Sequence[Sequence[Any] | None]
    ) -> None:
        for number_of_statistic, column in enumerate(columns):
            if column is not None and {*map(type, column)} <= _NUMBERS_OR_NONE:
                place = self.layout.statistic(number_of_series, number_of_statistic)
                self.statistics[place] = column

    def _series_at(self, at: int) -> int:
        stops = [place.stop for place in self.layout.places]
        return int(np.searchsorted(stops, at, side="right"))


def _array(numbers: Sequence[float | None]) -> NDArray[np.float64]:
    """Numbers and None, which becomes NaN; what is too large becomes infinite."""
    try:
        return np.array(numbers, dtype=np.float64)
    except OverflowError:
        return np.array([*map(_float, numbers)])


def _is_no_number(array: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where ``damage.number`` gives None."""
    size = np.abs(array)
    inside: NDArray[np.bool_] = (array == 0) | ((size >= SMALLEST) & (size <= LARGEST))
    return ~inside


def _float(value: float | int | None) -> float:
    try:
        return _NAN if value is None else float(value)
    except OverflowError:
        return float("inf")
