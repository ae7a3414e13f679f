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
    unit = _figure(row, series, floor) if floor else None
    compared = [_Compared(row, one, _figure(row, series, one), floor, unit) for one in columns]
    entries = [one.entry() for one in compared]
    sizes = [one.size for one in compared]
    known = [size for size in sizes if size is not None]
    if max(known, default=0) > 0:
        longest = max(known)
        entries = [
            entry if size is None else replace(entry, share=size / longest)
            for entry, size in zip(entries, sizes, strict=True)
        ]
    return FigureRow(row.label, row.work, entries)


@dataclass(frozen=True)
class _Compared:
    """The figure of a row that one target, a column, has; held against that of the floor, the
    ``unit``. Each is None where there is none."""

    row: PortalRow
    column: TargetColumn
    figure: TargetFigure | None
    floor: TargetColumn | None
    unit: TargetFigure | None

    def entry(self) -> Entry:
        """What the portal shows of it, without its bar."""
        figure = self.figure
        if figure is None:
            return Entry(_MISSING[Status.MISSING])
        page = series_page(figure.series, figure.cell)
        href = self.column.href + page if self.column.href else ""
        if figure.value is None:
            return Entry(_MISSING[figure.status], why=figure.reason, href=href)
        text = figure_text(self.row, figure.value)
        if self.ratio is None:
            return Entry(text, why=self.obstacle, href=href)
        return Entry(f"{_digits(self.ratio)} ×", text, href=href)

    @property
    def size(self) -> float | None:
        """How long its bar is, in any unit; None without a bar."""
        if self.figure is None or self.figure.value is None or self.figure.value < 0:
            return None
        return None if self.ratio is None else self.figure.value

    @property
    def ratio(self) -> float | None:
        """The figure in floors; None if it cannot be told so."""
        if self.figure is None or self.figure.value is None or self.unit is None:
            return None
        if not self.unit.value or not self.row.in_floors or self.obstacle:
            return None
        return self.figure.value / self.unit.value

    @property
    def obstacle(self) -> str:
        """Why it cannot be told in floors that it otherwise would be; "" if it can, or nobody
        would."""
        if self.floor is None or not self.row.in_floors:
            return ""
        if not self.row.needs_same or self.column is self.floor:
            return ""
        host, other = self.column.summary.host, self.floor.summary.host
        needs_machine = self.row.needs_same == "machine"
        if host is None or other is None:
            return "not known on what it was measured" if needs_machine else ""
        if host.python != other.python:
            return f"Python {host.python}, the floor has {other.python}"
        if needs_machine and (host.cpu, host.cores) != (other.cpu, other.cores):
            return "another machine than the floor's"
        return ""


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
