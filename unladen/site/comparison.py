"""Figures of several targets in a table, told in floors where that can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from unladen.site.figures import TargetFigure
from unladen.site.links import series_page
from unladen.site.summary import Host, Summary
from unladen.store.presentation import PortalRow
from unladen.store.series import Status
from unladen.text.units import quantity

BUSY = 1.5
"""A load above this, per core: CPU times were then measured beside other work."""


@dataclass(frozen=True)
class TargetColumn:
    """A target. ``href``: its folder seen from the page, "" if it is not published."""

    summary: Summary
    href: str


@dataclass(frozen=True)
class Entry:
    """One figure of one target.

    ``main``: what is read first, in floors if that can be said, ``detail``: the figure itself
    then; ``why``: why there is none, or why it is not told in floors. ``share``: of the longest
    bar in its row, None without a bar. ``href``: its series' page, or "".
    """

    main: str
    detail: str = ""
    why: str = ""
    share: float | None = None
    href: str = ""


@dataclass(frozen=True)
class FigureRow:
    """One figure of all targets."""

    label: str
    work: str
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Comparison:
    """``columns``: the floor first, if there is one. ``remarks``: what a reader must know."""

    columns: Sequence[TargetColumn]
    rows: Sequence[FigureRow]
    remarks: Sequence[str]


def compare(targets: Sequence[TargetColumn], floor: TargetColumn | None) -> Comparison:
    """The table. ``floor``: the unit; without it figures are absolute."""
    columns = [floor, *targets] if floor else list(targets)
    rows = [_row(row, series, columns, floor) for row, series in _rows(columns)]
    return Comparison(columns, rows, [*map(_busy, filter(_is_busy, columns))])


def _rows(columns: Sequence[TargetColumn]) -> list[tuple[PortalRow, str]]:
    """The rows that any of the columns has a figure for, and the series each is of. What two
    targets measure otherwise is two rows."""
    found = {(f.row, f.series) for column in columns for f in column.summary.figures}
    return sorted(found, key=lambda pair: (pair[0].rank, pair[1], repr(pair[0])))


def _row(
    row: PortalRow, series: str, columns: Sequence[TargetColumn], floor: TargetColumn | None
) -> FigureRow:
    unit = _figure(row, series, floor) if floor and row.in_floors else None
    figures = [_figure(row, series, column) for column in columns]
    pairs = list(zip(columns, figures, strict=True))
    entries = [_entry(row, series, *pair, floor, unit) for pair in pairs]
    sizes = [_size(row, *pair, floor, unit) for pair in pairs]
    known = [size for size in sizes if size is not None]
    if max(known, default=0) > 0:
        longest = max(known)
        entries = [
            entry if size is None else replace(entry, share=size / longest)
            for entry, size in zip(entries, sizes, strict=True)
        ]
    return FigureRow(row.label, row.work, entries)


def _entry(
    row: PortalRow,
    series: str,
    column: TargetColumn,
    figure: TargetFigure | None,
    floor: TargetColumn | None,
    unit: TargetFigure | None,
) -> Entry:
    if figure is None:
        return Entry(_MISSING[Status.MISSING])
    href = column.href + series_page(series, figure.cell) if column.href else ""
    if figure.value is None:
        return Entry(_MISSING[figure.status], why=figure.reason, href=href)
    text = figure_text(row, figure.value)
    if floor is None or not row.in_floors:
        return Entry(text, href=href)
    ratio = _ratio(row, column, figure, floor, unit)
    if ratio is None:
        return Entry(text, why=_obstacle(row, column, floor), href=href)
    return Entry(f"{_digits(ratio)} ×", text, href=href)


_MISSING = {
    Status.FAILED: "FAILED",
    Status.NOT_APPLICABLE: "n/a",
    Status.MISSING: "not measured",
    Status.MEASURED: "",
    Status.WRONG: "WRONG",
}


def figure_text(row: PortalRow, value: float) -> str:
    """A figure for people, in as many digits as help to compare."""
    if row.unit in ("ratio", "exponent"):
        return f"{value:.2f}"
    return quantity(value, row.unit, "sampled").replace(" us", " µs")


def _size(
    row: PortalRow,
    column: TargetColumn,
    figure: TargetFigure | None,
    floor: TargetColumn | None,
    unit: TargetFigure | None,
) -> float | None:
    """How long the bar of a figure is, in any unit; None without a bar."""
    if figure is None or figure.value is None or figure.value < 0:
        return None
    return None if _ratio(row, column, figure, floor, unit) is None else figure.value


def _ratio(
    row: PortalRow,
    column: TargetColumn,
    figure: TargetFigure,
    floor: TargetColumn | None,
    unit: TargetFigure | None,
) -> float | None:
    """A figure in floors; None if it cannot be told so."""
    if floor is None or unit is None or not unit.value or _obstacle(row, column, floor):
        return None
    return None if figure.value is None else figure.value / unit.value


def _obstacle(row: PortalRow, column: TargetColumn, floor: TargetColumn) -> str:
    """Why a figure cannot be told in floors; "" if it can."""
    host, other = column.summary.host, floor.summary.host
    if not row.needs_same or column is floor:
        return ""
    if host is None or other is None:
        return "not known on what it was measured" if row.needs_same == "machine" else ""
    if host.python != other.python:
        return f"Python {host.python}, the floor has {other.python}"
    if row.needs_same == "machine" and (host.cpu, host.cores) != (other.cpu, other.cores):
        return "another machine than the floor's"
    return ""


def _figure(row: PortalRow, series: str, column: TargetColumn) -> TargetFigure | None:
    figures = column.summary.figures
    return next((one for one in figures if (one.row, one.series) == (row, series)), None)


def _digits(ratio: float) -> str:
    if ratio >= 99.95:
        return f"{ratio:,.0f}"
    return f"{ratio:.1f}" if ratio >= 9.995 else f"{ratio:.2f}"


def _is_busy(column: TargetColumn) -> bool:
    host = column.summary.host
    return host is not None and host.load is not None and host.load > BUSY * host.cores


def _busy(column: TargetColumn) -> str:
    host: Host | None = column.summary.host
    load = f"load {host.load:.1f} on {host.cores} cores" if host and host.load else "load"
    return f"{column.summary.target} was measured on a busy machine ({load}): CPU times are rough."
