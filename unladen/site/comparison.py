"""Figures of several targets, a table for each capability, told in floors where that can be
compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from unladen.site.figures import EarlierCommit, TargetFigure
from unladen.site.host import Host
from unladen.site.links import series_page
from unladen.site.summary import Summary
from unladen.store.presentation import PortalRow
from unladen.store.series import Status, capability_of
from unladen.text.units import quantity, with_micro_sign

BUSY = 1.5
"""A load above this, per core: CPU times were then measured beside other work."""


@dataclass(frozen=True)
class TargetColumn:
    """A target. ``href``: its folder seen from the page, "" if it is not published."""

    summary: Summary
    href: str

    @property
    def earlier(self) -> list[EarlierCommit]:
        """The commits before the newest that figures of it are from, each once."""
        found = [one.earlier for one in self.summary.figures if one.earlier is not None]
        return list(dict.fromkeys(found))

    def host_of(self, figure: TargetFigure) -> Host | None:
        """On what a figure of it was measured; None if that is not known."""
        return self.summary.host if figure.earlier is None else figure.earlier.host


@dataclass(frozen=True)
class Entry:
    """One figure of one target.

    ``main``: what is read first, in floors if that can be said, ``detail``: the figure itself
    then; ``why``: why there is none, or why it is not told in floors; ``at``: what the commit is
    called that it is from, "" for the newest. ``share``: of the longest
    bar among those of its figure, None without a bar. ``href``: its series' page, or "".
    ``status``: None where the target has no such figure; ``value``: what it is sorted by, in the
    figure's own unit; ``ratio``: in floors, None if it cannot be said so.
    """

    main: str
    detail: str = ""
    why: str = ""
    at: str = ""
    share: float | None = None
    href: str = ""
    status: Status | None = None
    value: float | None = None
    ratio: float | None = None

    @property
    def is_something(self) -> bool:
        """Whether the target has the capability, as far as this figure tells."""
        return self.status in (Status.MEASURED, Status.FAILED, Status.WRONG)


@dataclass(frozen=True)
class FigureHead:
    """One figure that all targets of a table are held against each other by: a row of the portal's
    declarations (``PortalRow``), and the series that it is of."""

    row: PortalRow
    series: str


@dataclass(frozen=True)
class TargetRow:
    """What one target has of the figures of a table, in their order."""

    column: TargetColumn
    entries: Sequence[Entry]


@dataclass(frozen=True)
class CapabilityTable:
    """All figures of one capability, "" for what is asked of every target.

    ``rows``: of the targets that have any, the floor first, if there is one; ``without``: the names
    of the others.
    """

    capability: str
    heads: Sequence[FigureHead]
    rows: Sequence[TargetRow]
    without: Sequence[str]


@dataclass(frozen=True)
class Comparison:
    """``columns``: the floor first, if there is one. ``tables``: those of what most targets do
    first. ``remarks``: what a reader must know."""

    columns: Sequence[TargetColumn]
    tables: Sequence[CapabilityTable]
    remarks: Sequence[str]

    def capabilities(self, href: str) -> list[str]:
        """Those that the target in a folder has figures of."""
        tables = [table for table in self.tables if table.capability]
        return [one.capability for one in tables if any(r.column.href == href for r in one.rows)]


def compare(targets: Sequence[TargetColumn], floor: TargetColumn | None) -> Comparison:
    """The tables. ``floor``: the unit; without it figures are absolute."""
    columns = [floor, *targets] if floor else list(targets)
    heads: dict[str, list[FigureHead]] = {}
    for head in _heads(columns):
        heads.setdefault(capability_of(head.series), []).append(head)
    tables = [_table(name, found, columns, floor) for name, found in heads.items()]
    # What most targets can be held against each other by comes first.
    tables.sort(key=lambda table: len(table.without))
    return Comparison(columns, tables, [line for one in columns for line in _busy(one)])


def _heads(columns: Sequence[TargetColumn]) -> list[FigureHead]:
    """The figures that any of the columns has, in order. What two targets measure otherwise is two
    figures."""
    found = {(f.row, f.series) for column in columns for f in column.summary.figures}
    ordered = sorted(found, key=lambda pair: (pair[0].rank, pair[1], repr(pair[0])))
    return [FigureHead(row, series) for row, series in ordered]


def _table(
    capability: str,
    heads: Sequence[FigureHead],
    columns: Sequence[TargetColumn],
    floor: TargetColumn | None,
) -> CapabilityTable:
    by_head = [_entries(head, columns, floor) for head in heads]
    by_column = list(zip(*by_head, strict=True))
    rows = [
        TargetRow(column, entries)
        for column, entries in zip(columns, by_column, strict=True)
        if any(entry.is_something for entry in entries)
    ]
    shown = [row.column for row in rows]
    without = [one.summary.target for one in columns if one not in shown]
    return CapabilityTable(capability, heads, rows, without)


def _entries(
    head: FigureHead, columns: Sequence[TargetColumn], floor: TargetColumn | None
) -> list[Entry]:
    compared = [held_against(head, one, floor) for one in columns]
    entries = [one.entry() for one in compared]
    sizes = [one.size for one in compared]
    longest = max((size for size in sizes if size is not None), default=0)
    if longest <= 0:
        return entries
    return [
        entry if size is None else replace(entry, share=size / longest)
        for entry, size in zip(entries, sizes, strict=True)
    ]


def held_against(
    head: FigureHead, column: TargetColumn, floor: TargetColumn | None
) -> ComparedFigure:
    """A figure of a target, to be held against the floor's."""
    unit = _figure(head, floor) if floor else None
    return ComparedFigure(head.row, column, _figure(head, column), floor, unit)


@dataclass(frozen=True)
class ComparedFigure:
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
        at = figure.earlier.short if figure.earlier else ""
        told = Entry("", at=at, href=href, status=figure.status)
        if figure.value is None:
            return replace(told, main=_MISSING[figure.status], why=figure.reason)
        text = figure_text(self.row, figure.value)
        told = replace(told, main=text, value=figure.value)
        if self.ratio is None:
            return replace(told, why=self.obstacle)
        return replace(told, main=f"{_digits(self.ratio)} ×", detail=text, ratio=self.ratio)

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
        if self.floor is None or self.figure is None or self.unit is None:
            return ""
        if not (self.row.in_floors and self.row.needs_same) or self.column is self.floor:
            return ""
        host, other = self.column.host_of(self.figure), self.floor.host_of(self.unit)
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
    return with_micro_sign(quantity(value, row.unit, "sampled"))


def _figure(head: FigureHead, column: TargetColumn) -> TargetFigure | None:
    figures = column.summary.figures
    return next((one for one in figures if (one.row, one.series) == (head.row, head.series)), None)


def _digits(ratio: float) -> str:
    if ratio >= 99.95:
        return f"{ratio:,.0f}"
    return f"{ratio:.1f}" if ratio >= 9.995 else f"{ratio:.2f}"


def _busy(column: TargetColumn) -> list[str]:
    """A line if what depends on the machine was measured beside other work."""
    bound = [one for one in column.summary.figures if one.row.needs_same == "machine"]
    measured = [column.host_of(one) for one in bound if one.value is not None]
    hosts = measured if bound else [column.summary.host]
    busy = [one for one in hosts if one is not None and _is_busy(one)]
    return [_rough(column.summary.target, one) for one in busy[:1]]


def _is_busy(host: Host) -> bool:
    return host.load is not None and host.load > BUSY * host.cores


def _rough(target: str, host: Host) -> str:
    load = f"load {host.load:.1f} on {host.cores} cores"
    return f"{target} was measured on a busy machine ({load}): CPU times are rough."
