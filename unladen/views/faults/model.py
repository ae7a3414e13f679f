"""The outcomes of faults at one commit, and since when they are so.

A series of outcomes is one with codes that says for each of its cells, the faults, which of them
are expected.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unladen.history.history import History
from unladen.history.series_history import CODES, SeriesHistory
from unladen.repo.commits import Commit
from unladen.store.readings import Reading
from unladen.store.reasons import Params
from unladen.store.records import Record
from unladen.store.series import SeriesInfo, Status, cell_text
from unladen.text.units import quantity

NO_PLACE = "other"


@dataclass(frozen=True)
class Fault:
    """One fault at one commit. ``since``: the first commit from which on the outcome was the same;
    ``note``: why the outcome is what it is, or why there is none, perhaps in several lines, "" if
    that is not known."""

    series: SeriesInfo
    params: Params
    reading: Reading
    since: Commit
    note: str

    @property
    def name(self) -> str:
        """For people: ``offer: hangs``."""
        return cell_text(self.params)

    @property
    def place(self) -> str:
        """The part of its name before the colon."""
        return place_of(self.name)

    @property
    def expected(self) -> Sequence[str]:
        """The words of the outcomes that are right; none if the series does not say."""
        return self.series.expected.get(self.name, ())

    @property
    def actual(self) -> str:
        """The outcome in a word; ``FAILED`` or ``n/a`` if there is none."""
        if self.reading.value is not None:
            return quantity(self.reading.value, "", "exact", self.series.codes)
        return "FAILED" if self.reading.status is Status.FAILED else self.reading.status.value

    @property
    def is_expected(self) -> bool | None:
        """None where there is no outcome, or none is expected."""
        return self.series.is_expected(self.params, self.reading.value)


@dataclass(frozen=True)
class Faults:
    """The faults of one series at one commit, those that were measured there."""

    history: History
    series: SeriesInfo
    commit: Commit
    faults: Sequence[Fault]

    def told(self) -> str:
        """Their numbers in words: ``5 faults: 3 as expected, 1 not as expected, 1 n/a``."""
        kinds = Counter(map(_kind, self.faults))
        counts = [f"{kinds[kind]} {kind}" for kind in _KINDS if kinds[kind]]
        return f"{len(self.faults)} faults: {', '.join(counts)}"


_KINDS = ("as expected", "not as expected", "of which nothing is expected", "FAILED", "n/a")


def outcome_series(history: History) -> list[SeriesHistory]:
    """The series of outcomes of a history, in its order: of the capabilities that the target has,
    if it has any."""
    found = [one for one in history.series if one.series.codes and one.series.expected]
    return [one for one in found if one.is_applicable] or found


def place_of(name: str) -> str:
    """Where a fault strikes: the part of its name before the colon."""
    place, colon, _ = name.partition(":")
    return place.strip() if colon else NO_PLACE


def known_at(series: SeriesHistory) -> NDArray[np.intp]:
    """The indices of the commits at which any of its faults was measured."""
    return np.flatnonzero((series.statuses != CODES[Status.MISSING]).any(axis=1))


def faults_at(history: History, series: SeriesHistory, commit: int) -> Faults:
    """The faults of a series of outcomes at a commit, by its index."""
    said = notes_of(history.record(commit))
    info = series.series
    measured = np.flatnonzero(series.statuses[commit] != CODES[Status.MISSING])
    faults = []
    for cell in measured.tolist():
        params = info.cells[cell]
        reading = series.reading(commit, cell)
        since, _ = series.since(commit, cell)
        note = reading.reason or said.get((info.name, params), "")
        faults.append(Fault(info, params, reading, history.commits[since], note))
    return Faults(history, info, history.commits[commit], faults)


def notes_of(record: Record | None) -> dict[tuple[str, Params], str]:
    """What a record says of values, and why there are none, by series and parameters."""
    if record is None:
        return {}
    return {
        **{(one.series, one.params): one.text for one in record.notes},
        **{(one.series, one.params): one.reason for one in record.not_applicable if one.reason},
        **{(one.series, one.params): one.reason for one in record.failed if one.reason},
    }


def _kind(fault: Fault) -> str:
    if fault.reading.value is None:
        return fault.actual
    return {True: _KINDS[0], False: _KINDS[1], None: _KINDS[2]}[fault.is_expected]
