"""The figures by which targets are held against each other, on the same work."""

from __future__ import annotations

from dataclasses import dataclass

from unladen.history.commit_values import CellValue, SeriesValues, Values
from unladen.store.bounds import Finite
from unladen.store.presentation import PortalRow
from unladen.store.reasons import Params
from unladen.store.series import SeriesInfo, Status, plain


@dataclass(frozen=True)
class TargetFigure:
    """A figure of one target. ``row``: of the portal, as its ``series`` describes it. ``value``:
    there if, and only if, ``status`` is measured, so that none of a wrong outcome is held against
    others; ``reason``: why it is not, "" if nobody said. ``cell``: as asv writes it."""

    row: PortalRow
    series: str
    status: Status
    value: Finite | None = None
    reason: str = ""
    cell: Params = ()

    def __post_init__(self) -> None:
        """Raise ``ValueError`` if it has a value and is not measured, or the other way round."""
        if (self.value is not None) != (self.status is Status.MEASURED):
            raise ValueError("a figure has a value if, and only if, it is measured")


def figures_of(values: Values) -> list[TargetFigure]:
    """All figures of one commit, in the order of the rows."""
    found = [_figure(series.portal, series) for series in values.series if series.portal]
    return sorted(found, key=lambda figure: (figure.row.rank, figure.series))


def _figure(row: PortalRow, series: SeriesValues) -> TargetFigure:
    cell = _find(series, dict(row.cell))
    if cell is None:
        return TargetFigure(row, series.name, Status.MISSING)
    if cell.value is None or cell.status is not Status.MEASURED:
        return TargetFigure(row, series.name, cell.status, None, cell.reason, cell.params)
    if (value := told_value(row, cell.value)) is None:
        return TargetFigure(row, series.name, Status.FAILED, None, "it is 0", cell.params)
    return TargetFigure(row, series.name, Status.MEASURED, value, "", cell.params)


def told_value(row: PortalRow, value: float) -> float | None:
    """The figure that a row makes of a value of its series; None of 0 where it is inverted."""
    figure = value / row.per
    if not row.inverted:
        return figure
    return 1 / figure if figure else None


def cell_of(series: SeriesInfo, figure: TargetFigure) -> int | None:
    """The index of a figure's cell among those of its series; None if there is none such."""
    wanted = dict(figure.row.cell)
    if set(wanted) != set(series.axes):
        return None
    order = tuple(wanted[axis] for axis in series.axes)
    return next((n for n, one in enumerate(series.cells) if tuple(map(plain, one)) == order), None)


def _find(series: SeriesValues, wanted: dict[str, str]) -> CellValue | None:
    if set(wanted) != set(series.axes):
        return None
    order = tuple(wanted[axis] for axis in series.axes)
    return next((c for c in series.cells if tuple(map(plain, c.params)) == order), None)
