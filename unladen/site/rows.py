"""A history cut into rows, one for each commit, and put together again: what the cache keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from unladen.history.history import CODES, History, SeriesHistory
from unladen.store.damage import STATISTICS
from unladen.store.series import SeriesInfo, Status

T = TypeVar("T")


class Layout:
    """Where the cells of each series lie in a row; statistics only of those that are sampled."""

    def __init__(self, series: Sequence[SeriesInfo]) -> None:
        """``series``: in the order of the history."""
        self.series = series
        self.places = _places([len(one.cells) for one in series])
        self.width = self.places[-1].stop if series else 0
        self.sampled = _places([0 if one.is_exact else len(one.cells) for one in series])
        self.sampled_width = self.sampled[-1].stop if series else 0


def _places(sizes: Sequence[int]) -> list[slice]:
    ends = accumulate(sizes)
    return [slice(end - size, end) for size, end in zip(sizes, ends, strict=True)]


@dataclass(frozen=True)
class Row:
    """What is known of one commit. ``values``, ``statuses``: by cell; ``stats``: (statistics,
    sampled cells); ``started``: by series; ``reasons``, ``samples``: by cell, where there are any.
    """

    values: NDArray[np.float64]
    statuses: NDArray[np.uint8]
    stats: NDArray[np.float64]
    started: NDArray[np.float64]
    reasons: Mapping[int, str] = field(default_factory=dict)
    samples: Mapping[int, Sequence[float]] = field(default_factory=dict)


def rows_of(history: History, layout: Layout) -> dict[str, Row]:
    """The rows of all measured commits, by their hashes."""
    count = len(history.commits)
    values = np.full((count, layout.width), np.nan)
    statuses = np.full((count, layout.width), CODES[Status.MISSING], dtype=np.uint8)
    stats = np.full((count, len(STATISTICS), layout.sampled_width), np.nan)
    started = np.full((count, len(layout.series)), np.nan)
    reasons: list[dict[int, str]] = [{} for _ in range(count)]
    samples: list[dict[int, Sequence[float]]] = [{} for _ in range(count)]
    for n, (one, place) in enumerate(zip(history.series, layout.places, strict=True)):
        values[:, place], statuses[:, place] = one.values, one.statuses
        for statistic, name in enumerate(STATISTICS):
            if name in one.stats:
                stats[:, statistic, layout.sampled[n]] = one.stats[name]
        if one.started.size:
            started[:, n] = one.started
        for (commit, cell), reason in one.reasons.items():
            reasons[commit][place.start + cell] = reason
        for (commit, cell), kept in one.samples.items():
            samples[commit][place.start + cell] = kept
    return {
        commit.hash: Row(values[n], statuses[n], stats[n], started[n], reasons[n], samples[n])
        for n, commit in enumerate(history.commits)
        if history.measured[n]
    }


def series_histories(rows: Sequence[Row | None], layout: Layout) -> list[SeriesHistory]:
    """The history of each series. ``rows``: by commit, None for one without results."""
    count = len(rows)
    values = np.full((count, layout.width), np.nan)
    statuses = np.full((count, layout.width), CODES[Status.MISSING], dtype=np.uint8)
    stats = np.full((len(STATISTICS), count, layout.sampled_width), np.nan)
    started = np.full((count, len(layout.series)), np.nan)
    for commit, row in enumerate(rows):
        if row is not None:
            values[commit], statuses[commit], stats[:, commit] = row.values, row.statuses, row.stats
            started[commit] = row.started
    reasons = _by_series(layout, [row.reasons if row else {} for row in rows])
    samples = _by_series(layout, [row.samples if row else {} for row in rows])
    return [
        SeriesHistory(
            series=series,
            values=np.ascontiguousarray(values[:, layout.places[n]]),
            statuses=np.ascontiguousarray(statuses[:, layout.places[n]]),
            reasons=reasons[n],
            stats=_statistics(stats[:, :, layout.sampled[n]], series),
            samples=samples[n],
            started=_known(started[:, n]),
        )
        for n, series in enumerate(layout.series)
    ]


def _statistics(stats: NDArray[np.float64], series: SeriesInfo) -> dict[str, NDArray[np.float64]]:
    if series.is_exact:
        return {}
    return {name: np.ascontiguousarray(stats[n]) for n, name in enumerate(STATISTICS)}


def _known(started: NDArray[np.float64]) -> NDArray[np.float64]:
    """Empty if no time is known, as ``SeriesHistory`` has it."""
    return np.empty(0) if np.isnan(started).all() else np.ascontiguousarray(started)


def _by_series(layout: Layout, rows: Sequence[Mapping[int, T]]) -> list[dict[tuple[int, int], T]]:
    """What rows hold of some cells: for each series by commit and its own cell."""
    found: list[dict[tuple[int, int], T]] = [{} for _ in layout.series]
    starts = np.array([place.start for place in layout.places])
    for commit, row in enumerate(rows):
        for at, value in row.items():
            series = int(np.searchsorted(starts, at, side="right")) - 1
            found[series][commit, at - layout.places[series].start] = value
    return found
