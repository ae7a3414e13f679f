"""The figures by which targets are held against each other, on the same work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from unladen.history.commit_values import CellValue, SeriesValues, Values
from unladen.repo.commits import SHORT
from unladen.site.host import Host, host_of
from unladen.store.bounds import Finite
from unladen.store.presentation import PortalRow
from unladen.store.reasons import Params
from unladen.store.series import SeriesInfo, Status, plain


@dataclass(frozen=True)
class EarlierCommit:
    """The last commit at which a figure was measured, where it was not at the newest one. ``name``:
    "" if it has none; ``host``: on what it was measured there, None if that is not known."""

    commit: str
    name: str
    host: Host | None

    @property
    def short(self) -> str:
        """What it is called where it is shown."""
        return self.name or self.commit[:SHORT]


@dataclass(frozen=True)
class TargetFigure:
    """A figure of one target. ``row``: of the portal, as its ``series`` describes it. ``value``:
    there if, and only if, ``status`` is measured, so that none of a wrong outcome is held against
    others; ``reason``: why it is not, "" if nobody said. ``cell``: as asv writes it. ``earlier``:
    where all this is from, None if it is from the newest commit."""

    row: PortalRow
    series: str
    status: Status
    value: Finite | None = None
    reason: str = ""
    cell: Params = ()
    earlier: EarlierCommit | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` if it has a value and is not measured, or the other way round."""
        if (self.value is not None) != (self.status is Status.MEASURED):
            raise ValueError("a figure has a value if, and only if, it is measured")


def figures_of(values: Values) -> list[TargetFigure]:
    """All figures of one commit, in the order of the rows."""
    found = [_figure(series.portal, series) for series in values.series if series.portal]
    return sorted(found, key=lambda figure: (figure.row.rank, figure.series))


def with_earlier(
    figures: Sequence[TargetFigure], commits: Iterable[Values]
) -> tuple[TargetFigure, ...]:
    """The figures; of those that were not measured, what the last commit says at which they were.
    ``commits``: the earlier ones, the last first; no more of them are asked for than are needed."""
    lacking = {(one.row, one.series) for one in figures if one.status is Status.MISSING}
    found: dict[tuple[PortalRow, str], TargetFigure] = {}
    earlier = iter(commits)
    while lacking and (values := next(earlier, None)) is not None:
        known = [
            one
            for one in figures_of(values)
            if one.status is not Status.MISSING and (one.row, one.series) in lacking
        ]
        commit = EarlierCommit(values.commit, values.name, host_of(values, machine_bound(known)))
        found |= {(one.row, one.series): replace(one, earlier=commit) for one in known}
        lacking -= found.keys()
    return tuple(found.get((one.row, one.series), one) for one in figures)


def machine_bound(figures: Iterable[TargetFigure]) -> set[str]:
    """The series of the figures that depend on the machine."""
    return {one.series for one in figures if one.row.needs_same == "machine"}


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
