"""The values of one commit, each with its unit, its kind and, where there is none, the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from asv import util

from unladen.reasons import Params
from unladen.records import Circumstances, Session
from unladen.results_file import Reasons, ResultsFile, not_a_number, number, status
from unladen.series import SeriesInfo, Status, load_series
from unladen.texts import printable

__all__ = ["Cell", "Series", "Status", "Values", "load_values", "newest", "of_commit"]


@dataclass(frozen=True)
class Cell:
    """One parameter combination of a series. ``value`` is there if, and only if, measured.

    ``note``: what the benchmark said of it, perhaps in several lines, "" if nothing.
    ``is_expected``: whether the value is one of those that the series expects; None where there is
    none, or it expects none."""

    params: Params
    status: Status
    value: float | int | None = None
    reason: str = ""
    note: str = ""
    is_expected: bool | None = None


@dataclass(frozen=True)
class Series:
    """One benchmark. ``kind``: ``exact``, ``sampled`` or "" if the benchmark does not say.

    ``axes``: its parameters in order, each with its values as asv writes them; ``cells``: one for
    each combination, the last parameter changing fastest. ``codes``: the words for its values.
    """

    name: str
    unit: str
    kind: str
    axes: Mapping[str, Sequence[str]]
    cells: Sequence[Cell]
    codes: Sequence[str] = ()


@dataclass(frozen=True)
class Values:
    """All series of one commit in one environment. ``date``: milliseconds since 1970. ``host``: on
    what it was measured, None if that is not recorded; ``session``: the latest measurement.
    ``problems``: one line for what could not be read."""

    target: str
    commit: str
    date: int
    machine: str
    python: str
    series: Sequence[Series]
    host: Circumstances | None = None
    session: Session | None = None
    problems: Sequence[str] = ()


def newest(files: Sequence[ResultsFile]) -> list[ResultsFile]:
    """The results files of the commit with the latest author date."""
    if not files:
        return []
    commit = max(files, key=lambda file: (file.date, file.commit)).commit
    return [file for file in files if file.commit == commit]


def of_commit(files: Sequence[ResultsFile], prefix: str) -> list[ResultsFile]:
    """The results files of the commit whose hash begins so. ``UserError`` if there are several."""
    found = [file for file in files if file.commit.startswith(prefix.lower())]
    commits = sorted({file.commit for file in found})
    if len(commits) > 1:
        raise util.UserError(f"{prefix} could be {', '.join(commit[:12] for commit in commits)}")
    return found


def load_values(conf: Any, file: ResultsFile) -> Values:
    """The values in one results file, of all series that ``benchmarks.json`` knows."""
    record, problems = file.usable_record()
    python = record.environment.python if record and record.environment else file.python
    reasons = Reasons(record)
    notes = {(one.series, one.params): one.text for one in record.notes} if record else {}
    return Values(
        target=conf.project,
        commit=file.commit,
        date=file.date,
        machine=printable(file.path.parent.name),
        python=python,
        series=[
            _series(series, file, reasons, notes)
            for series in load_series(Path(conf.results_dir).resolve()).values()
        ],
        host=record.environment if record else None,
        session=record.sessions[-1] if record and record.sessions else None,
        problems=problems,
    )


def _series(
    series: SeriesInfo,
    file: ResultsFile,
    reasons: Reasons,
    notes: Mapping[tuple[str, Params], str],
) -> Series:
    stored = file.of(series)
    results = stored.column("result", series) if stored else [None] * len(series.cells)
    return Series(
        name=series.name,
        unit=series.unit,
        kind=series.kind,
        axes=series.axes,
        cells=[
            _said(series, _cell(series.name, params, result, reasons), notes)
            for params, result in zip(series.cells, results, strict=True)
        ],
        codes=series.codes,
    )


def _said(series: SeriesInfo, cell: Cell, notes: Mapping[tuple[str, Params], str]) -> Cell:
    """The cell with its note, and whether it is as expected. A note on another version of the
    series, of which nothing is shown, is left out."""
    if cell.status is Status.MISSING:
        return cell
    note = notes.get((series.name, cell.params), "")
    return replace(cell, note=note, is_expected=series.is_expected(cell.params, cell.value))


def _cell(series: str, params: Params, result: Any, reasons: Reasons) -> Cell:
    failure = reasons.of_failure(series, params)
    match status(result, failure is not None):
        case Status.MEASURED:
            return Cell(params, Status.MEASURED, value=number(result))
        case Status.FAILED:
            reason = failure if result is None else not_a_number(result)
            return Cell(params, Status.FAILED, reason=reason or "")
        case Status.NOT_APPLICABLE:
            reason = reasons.of_not_applicable(series, params)
            return Cell(params, Status.NOT_APPLICABLE, reason=reason)
    return Cell(params, Status.MISSING)
