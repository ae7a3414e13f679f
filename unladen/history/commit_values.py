"""The values of one commit, each with its unit, its kind and, where there is none, the reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from unladen.history.conditions import conditions_of, disagreement
from unladen.history.source import Source
from unladen.repo.commits import SHORT
from unladen.store.benchmarks_file import load_series
from unladen.store.presentation import PortalRow
from unladen.store.readings import ABSENT, Reading, Reasons, is_untold, reading_of
from unladen.store.reasons import Params
from unladen.store.records import Circumstances, Record, Session
from unladen.store.results_file import ResultsFile, environment_suffix
from unladen.store.series import EXACT, SeriesInfo, Status, cell_text
from unladen.text.terminal import printable

__all__ = ["CellValue", "SeriesValues", "Status", "Values", "load_values"]


@dataclass(frozen=True)
class CellValue:
    """One parameter combination of a series. ``value`` is there if, and only if, the status has
    one; ``reason``: why there is none, or what is wrong with the outcome that was measured.

    ``note``: what the benchmark said of it, perhaps in several lines, "" if nothing.
    ``is_expected``: whether the value is one of those that the series expects; None where there is
    none, or it expects none. ``lender``: the name of the other source that an exact value is from,
    "" for the commit's own results. ``carried``: the hash of the commit that was measured, where it
    is another one that runs the same code (``unladen.history.carrying``), "" for this one."""

    params: Params
    status: Status
    value: float | int | None = None
    reason: str = ""
    note: str = ""
    is_expected: bool | None = None
    lender: str = ""
    carried: str = ""


@dataclass(frozen=True)
class SeriesValues:
    """One benchmark. ``kind``: ``exact``, ``sampled`` or "" if the benchmark does not say.

    ``axes``: its parameters in order, each with its values as asv writes them; ``cells``: one for
    each combination, the last parameter changing fastest. ``codes``: the words for its values;
    ``portal``: its row of the portal, if it has one; ``rank``: as which it comes among the figures
    by which the history is told, if it is one; ``started``: when its last measurement began,
    milliseconds since 1970, None if that is not known.
    """

    name: str
    unit: str
    kind: str
    axes: Mapping[str, Sequence[str]]
    cells: Sequence[CellValue]
    codes: Sequence[str] = ()
    portal: PortalRow | None = None
    rank: int | None = None
    started: int | None = None

    @property
    def is_exact(self) -> bool:
        """As ``SeriesInfo.is_exact``."""
        return self.kind == EXACT


@dataclass(frozen=True)
class Values:
    """All series of one commit in one ``environment``. ``date``: milliseconds since 1970. ``name``:
    of the commit, "" if it has none. ``host``: on what it was measured, None if that is not
    recorded; ``sessions``: the measurements that it is from, the latest last. ``problems``: one
    line for what could not be read."""

    target: str
    commit: str
    date: int
    machine: str
    python: str
    series: Sequence[SeriesValues]
    environment: str = ""
    host: Circumstances | None = None
    sessions: Sequence[Session] = ()
    problems: Sequence[str] = ()
    name: str = ""

    @property
    def short(self) -> str:
        """What the commit is called where it is shown."""
        return self.name or self.commit[:SHORT]

    @property
    def session(self) -> Session | None:
        """The latest measurement; None if it is not recorded."""
        return self.sessions[-1] if self.sessions else None


def load_values(target: str, file: ResultsFile, lenders: Sequence[ResultsFile] = ()) -> Values:
    """The values in one results file of a target, of all series that ``benchmarks.json`` knows.

    ``lenders``: results of the same commit by others, whose exact values stand in for those that
    the file lacks, as in ``unladen.history.lending``.
    """
    record, problems = file.usable_record()
    python = record.environment.python if record and record.environment else file.python
    described = load_series(file.path.parents[1]).values()
    series = _all_series(described, file, record)
    here = conditions_of(record, file.variables)
    for lender in lenders:
        other, _ = lender.usable_record()
        if here is not None and here.agree(conditions_of(other, lender.variables)):
            name = _name(lender)
            lent = _all_series(described, lender, other)
            problems += _disagreements(described, series, lent, name)
            series = [_with(one, more, name) for one, more in zip(series, lent, strict=True)]
    return Values(
        target=target,
        commit=file.commit,
        date=file.date,
        machine=printable(file.path.parent.name),
        python=python,
        series=series,
        environment=file.environment,
        host=record.environment if record else None,
        sessions=record.sessions if record else (),
        problems=problems,
    )


def _name(file: ResultsFile) -> str:
    return str(Source(file.path.parent, environment_suffix(file.path)))


def _with(series: SeriesValues, other: SeriesValues, name: str) -> SeriesValues:
    """A series with the cells of an exact one that it lacks and ``other`` has."""
    if not series.is_exact:
        return series
    cells = [
        replace(theirs, lender=name) if _says_more(theirs, cell) else cell
        for cell, theirs in zip(series.cells, other.cells, strict=True)
    ]
    return replace(series, cells=cells)


def _says_more(theirs: CellValue, cell: CellValue) -> bool:
    """Whether their cell has what the own one lacks: anything, or the value of a wrong outcome."""
    if cell.status is Status.MISSING:
        return theirs.status is not Status.MISSING
    return theirs.status is Status.WRONG and is_untold(cell.status, cell.reason)


def _disagreements(
    described: Iterable[SeriesInfo],
    series: Sequence[SeriesValues],
    others: Sequence[SeriesValues],
    name: str,
) -> list[str]:
    """A line if exact values that both have are not the same."""
    cells_named = [
        f"{one.name}({cell_text(cell.params)})" if cell.params else one.name
        for info, one, other in zip(described, series, others, strict=True)
        if info.is_exact
        for cell, theirs in zip(one.cells, other.cells, strict=True)
        if Status.MISSING not in (cell.status, theirs.status) and not _agree(info, cell, theirs)
    ]
    return [disagreement(name, cells_named)] if cells_named else []


def _agree(info: SeriesInfo, one: CellValue, other: CellValue) -> bool:
    if one.status is not other.status:
        is_told_anew = any(is_untold(told.status, told.reason) for told in (one, other))
        return is_told_anew and Status.WRONG in (one.status, other.status)
    if one.value is None or other.value is None:
        return True
    return not info.differ(one.value, other.value)


def _all_series(
    described: Iterable[SeriesInfo], file: ResultsFile, record: Record | None
) -> list[SeriesValues]:
    reasons = Reasons(record)
    said = _Said.of(record)
    return [_series(series, file, reasons, said) for series in described]


@dataclass(frozen=True)
class _Said:
    """What is recorded of cells, by series and parameters: notes, and whose they are that are
    carried."""

    notes: Mapping[tuple[str, Params], str]
    carried: Mapping[tuple[str, Params], str]

    @classmethod
    def of(cls, record: Record | None) -> _Said:
        record = record or Record()
        return cls(
            {(one.series, one.params): one.text for one in record.notes},
            {(one.series, one.params): one.commit for one in record.carried},
        )


def _series(series: SeriesInfo, file: ResultsFile, reasons: Reasons, said: _Said) -> SeriesValues:
    stored = file.of(series)
    results = stored.column("result", series) if stored else [ABSENT] * len(series.cells)
    return SeriesValues(
        name=series.name,
        unit=series.unit,
        kind=series.kind,
        axes=series.axes,
        cells=[
            _cell(series, params, reading_of(series.name, params, result, reasons), said)
            for params, result in zip(series.cells, results, strict=True)
        ],
        codes=series.codes,
        portal=series.portal,
        rank=series.headline.rank if series.headline else None,
        started=stored.started if stored else None,
    )


def _cell(series: SeriesInfo, params: Params, reading: Reading, said: _Said) -> CellValue:
    """The cell with its note, and whether it is as expected. A note on another version of the
    series, of which nothing is shown, is left out."""
    cell = CellValue(params, reading.status, reading.value, reading.reason)
    if cell.status is Status.MISSING:
        return cell
    return replace(
        cell,
        note=said.notes.get((series.name, params), ""),
        is_expected=series.is_expected(params, cell.value),
        carried=said.carried.get((series.name, params), ""),
    )
