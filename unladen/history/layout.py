"""Where the values of each series lie in a row that holds all that one results file says."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from unladen.store.damage import STATISTICS
from unladen.store.series import SeriesInfo


class Layout:
    """Of a row of values, in which cell lies beside cell; and of one of asv's statistics, which
    only sampled series have: all cells' first one, then all cells' second one, and so on."""

    def __init__(self, series: Sequence[SeriesInfo]) -> None:
        """``series``: in the order of the history."""
        self.series = series
        self.places = _places([len(one.cells) for one in series])
        self.width = self.places[-1].stop if series else 0
        self._sampled = _places([0 if one.is_exact else len(one.cells) for one in series])
        self._sampled_width = self._sampled[-1].stop if series else 0

    @property
    def statistics_width(self) -> int:
        """How long a row of statistics is."""
        return self._sampled_width * len(STATISTICS)

    def statistic(self, series: int, number: int) -> slice:
        """Where one of the ``STATISTICS``, by its number, of a sampled series lies."""
        place, start = self._sampled[series], self._sampled_width * number
        return slice(start + place.start, start + place.stop)

    def __str__(self) -> str:
        """All of the series that decides what a row holds."""
        return repr([(one.name, one.version, one.is_exact, one.points) for one in self.series])


def _places(sizes: Sequence[int]) -> list[slice]:
    ends = accumulate(sizes)
    return [slice(end - size, end) for size, end in zip(sizes, ends, strict=True)]
