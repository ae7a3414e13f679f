"""What is measured side by side: one parameter combination of one series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from unladen.store.reasons import Params
from unladen.store.series import SeriesInfo, Status, cell_text
from unladen.text.names import shown_name

CellKey = tuple[str, Params]
"""Series and parameters: what tells a cell from all others of a target."""


@dataclass(frozen=True)
class Cell:
    """A parameter combination, by its ``index`` in the series' ``cells``."""

    series: SeriesInfo
    index: int

    @property
    def params(self) -> Params:
        """The combination, as asv writes it."""
        return self.series.cells[self.index]

    @property
    def name(self) -> str:
        """For people: ``module.Class.x(plan, 5)``."""
        params = cell_text(self.params)
        name = shown_name(self.series.name)
        return f"{name}({params})" if params else name

    @property
    def key(self) -> CellKey:
        """What tells it from all others of a target."""
        return self.series.name, self.params


@dataclass(frozen=True)
class Sample:
    """What one process gave of a cell. ``values``: at least one if ``status.has_value``, else none;
    ``reason``: why there is none, or what is wrong with the outcome, perhaps ""."""

    status: Status
    values: Sequence[float] = ()
    reason: str = ""

    @property
    def level(self) -> float:
        """The median of its values. Raises ``ValueError`` if there is none."""
        ordered = sorted(self.values)
        if not ordered:
            raise ValueError("no value was measured")
        middle = len(ordered) // 2
        return ordered[middle] if len(ordered) % 2 else sum(ordered[middle - 1 : middle + 1]) / 2


def best(series: SeriesInfo, sample: Sample) -> float:
    """The figure that stands for a process: its best value.

    What disturbs a process makes it slower, never faster. Over 40 rounds of parley on itself,
    ratios of minima scattered by 2.5 %, of lower quartiles by 2.7 %, of medians by 3.3 % (mean over
    31 cells). It does not see a cost that only some of a process's runs have.
    """
    return max(sample.values) if series.higher_is_better else min(sample.values)


def cells_of(series: Sequence[SeriesInfo]) -> list[Cell]:
    """All cells of these series."""
    return [Cell(one, index) for one in series for index in range(len(one.cells))]
