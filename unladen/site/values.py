"""The data file of one series: its values at every measured commit, and its changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unladen.changes.model import Change
from unladen.history.history import History
from unladen.history.series_history import BAD, SeriesHistory, is_one_of
from unladen.site.contents import Contents
from unladen.site.encode import StringTable, exact_runs, sampled_cell
from unladen.text.terminal import printable


def series_data(contents: Contents, number: int, changes: Sequence[Change]) -> dict[str, Any]:
    """What ``data/series-NUMBER.js`` holds. ``changes``: those of the series, oldest first."""
    history = contents.history
    series = history.series[number]
    at = np.flatnonzero(np.array(history.measured, dtype=bool))
    reasons = StringTable()
    encoded_changes = [contents.encoded(change, reasons) for change in changes]
    indices = _reasons(history, series, at, reasons)
    cells = range(len(series.series.cells))
    encode = _exact if series.series.is_exact else _sampled
    return {
        "cells": [encode(series, at, indices, cell) for cell in cells],
        "changes": encoded_changes,
        "reasons": reasons.strings,
    }


def _exact(
    series: SeriesHistory, at: NDArray[np.intp], indices: NDArray[np.int64], cell: int
) -> dict[str, Any]:
    return {
        "runs": exact_runs(series.values[at, cell], series.statuses[at, cell], indices[:, cell])
    }


def _sampled(
    series: SeriesHistory, at: NDArray[np.intp], indices: NDArray[np.int64], cell: int
) -> dict[str, Any]:
    low, high = (series.stats.get(name) for name in ("q_25", "q_75"))
    return sampled_cell(
        series.values[at, cell],
        series.statuses[at, cell],
        indices[:, cell],
        None if low is None else low[at, cell],
        None if high is None else high[at, cell],
    )


def _reasons(
    history: History, series: SeriesHistory, at: NDArray[np.intp], reasons: StringTable
) -> NDArray[np.int64]:
    """The index of each failure's reason, and of what is wrong with each wrong outcome, 0
    elsewhere: shape (positions, cells)."""
    found = np.zeros((len(at), len(series.series.cells)), dtype=np.int64)
    explained = is_one_of(series.statuses[at], BAD)
    for position, cell in np.argwhere(explained).tolist():
        reason = series.reasons.get((int(at[position]), cell), "")
        found[position, cell] = reasons.index(printable(reason))
    return found
