"""Faults (down) of all published SDKs (across): what became of each at the newest commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from unladen.site.faults import letters
from unladen.site.faults_file import PublishedFault, PublishedFaults, PublishedOutcomes
from unladen.text.names import shown_name
from unladen.text.terminal import printable


@dataclass(frozen=True)
class FaultsColumn:
    """An SDK. ``href``: its folder, seen from the page, ending in "/"."""

    faults: PublishedFaults
    href: str


@dataclass(frozen=True)
class FaultCell:
    """What became of a fault of one SDK: ``sign`` and ``short`` for the eye, ``words`` for all;
    ``style``: of the matrix; ``href``: its page. All "" where nothing was measured."""

    sign: str = ""
    short: str = ""
    words: str = "not measured"
    style: str = ""
    href: str = ""


@dataclass(frozen=True)
class FaultRow:
    """A fault of all SDKs. ``unexpected``: of how many it is not as expected."""

    name: str
    place: str
    about: str
    cells: Sequence[FaultCell]
    unexpected: int


@dataclass(frozen=True)
class FaultTable:
    """The faults of one series, of the SDKs that have it. ``counts``: for each how many are not as
    expected, of how many that can happen; ``legend``: each outcome with its short form."""

    series: str
    shown: str
    columns: Sequence[FaultsColumn]
    counts: Sequence[tuple[int, int]]
    rows: Sequence[FaultRow]
    legend: Sequence[tuple[str, str]]

    def count_of(self, column: FaultsColumn) -> tuple[int, int]:
        """The counts of one of its SDKs."""
        return self.counts[self.columns.index(column)]


def fault_tables(columns: Sequence[FaultsColumn]) -> list[FaultTable]:
    """A table for each series of outcomes that any SDK has, by name."""
    names = sorted({one.series for column in columns for one in column.faults.outcomes})
    return [_table(name, columns) for name in names]


def _table(series: str, columns: Sequence[FaultsColumn]) -> FaultTable:
    found = [(column, outcomes) for column in columns if (outcomes := _of(column, series))]
    codes = list(dict.fromkeys(code for _, one in found for code in one.codes))
    short = dict(zip(codes, letters(codes), strict=True))
    known = [{fault.fault: fault for fault in outcomes.faults} for _, outcomes in found]
    names = list(dict.fromkeys(name for faults in known for name in faults))
    hrefs = [f"{column.href}faults.html#show={_quoted(series)}" for column, _ in found]
    rows = [_row(name, known, hrefs, short) for name in names]
    places = {row.place: 0 for row in rows}
    for row in rows:
        places[row.place] += row.unexpected
    order = list(places)
    rows.sort(key=lambda row: (-places[row.place], order.index(row.place), -row.unexpected))
    return FaultTable(
        series,
        shown_name(series),
        [column for column, _ in found],
        [
            (
                sum(one.is_unexpected for one in outcomes.faults),
                sum(one.can_happen for one in outcomes.faults),
            )
            for _, outcomes in found
        ],
        rows,
        [(short[code], printable(code)) for code in codes],
    )


def _of(column: FaultsColumn, series: str) -> PublishedOutcomes | None:
    return next((one for one in column.faults.outcomes if one.series == series), None)


def _row(
    name: str,
    known: Sequence[Mapping[str, PublishedFault]],
    hrefs: Sequence[str],
    short: Mapping[str, str],
) -> FaultRow:
    faults = [faults_of.get(name) for faults_of in known]
    told = next(one for one in faults if one is not None)
    return FaultRow(
        printable(name.removeprefix(f"{told.place}:").strip()),
        printable(told.place),
        printable(told.about),
        [
            _cell(fault, f"{href}&text={_quoted(name)}", short)
            for fault, href in zip(faults, hrefs, strict=True)
        ],
        sum(fault is not None and fault.is_unexpected for fault in faults),
    )


def _cell(fault: PublishedFault | None, href: str, short: Mapping[str, str]) -> FaultCell:
    if fault is None:
        return FaultCell()
    if fault.word is None:
        if fault.status == "failed":
            return FaultCell("\N{BALLOT X}", "fail", "failed", "wrong", href)
        return FaultCell("\N{EN DASH}", "n/a", printable(fault.status), "open", href)
    letters_of = short.get(fault.word, fault.word)
    if fault.as_expected is None:
        return FaultCell("?", letters_of, printable(fault.word), "open", href)
    if fault.as_expected:
        words = f"{printable(fault.word)}, as expected"
        return FaultCell("\N{CHECK MARK}", letters_of, words, "right", href)
    words = f"{printable(fault.word)}, not as expected"
    return FaultCell("\N{BALLOT X}", letters_of, words, "wrong", href)


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="replace")
