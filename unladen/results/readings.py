"""What is stored of chosen series, which may be described otherwise now than where they lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from unladen.asv_bridge.machine import is_this_machine
from unladen.errors import UserError
from unladen.history.conditions import Conditions, conditions_of, disagreement
from unladen.history.series_history import WITH_VALUE, is_one_of
from unladen.history.source import choose_source
from unladen.history.source_readings import read_source
from unladen.project.project import Project
from unladen.repo.commits import SHORT
from unladen.store.benchmarks_file import load_series
from unladen.store.readings import Reading, Reasons, is_untold, reading_of
from unladen.store.reasons import Params
from unladen.store.records import Record
from unladen.store.results_file import ResultsFile, read_results
from unladen.store.results_folder import machine_folders, results_files
from unladen.store.series import SeriesInfo, Status, cell_text

Readings = Mapping[tuple[str, Params], Reading]
"""By series and parameters; cells that were never measured are left out."""


@dataclass(frozen=True)
class StoredReadings:
    """``remarks``: a line for each file that could not be read, and for each that disagrees with
    what is taken."""

    readings: Readings
    remarks: Sequence[str]


@dataclass(frozen=True)
class StoredNumbers:
    """Of one cell, by the hash of the commit. ``remarks``: a line for each file that could not be
    read."""

    numbers: Mapping[str, float]
    remarks: Sequence[str] = ()


def stored_readings(
    project: Project, commit: str, series: Sequence[SeriesInfo], here: Conditions
) -> StoredReadings:
    """What the results folder holds of ``series`` at a commit, whoever measured it under the
    conditions ``here``; this machine's first."""
    found: dict[tuple[str, Params], Reading] = {}
    remarks: list[str] = []
    folders = list(machine_folders(project.results))
    for folder in sorted(folders, key=lambda folder: not is_this_machine(folder)):
        for path in results_files(folder):
            if not path.name.startswith(f"{commit[:SHORT]}-"):
                continue
            try:
                file = read_results(path)
                record = file.record()
            except UserError as error:
                remarks.append(f"{error}; skipped")
                continue
            if file.commit == commit and here.agree(conditions_of(record, file.variables)):
                readings = readings_of(file, record, series)
                told = {
                    key: one
                    for key, one in readings.items()
                    if not is_untold(one.status, one.reason)
                }
                remarks += _disagreements(found, told, series, path)
                found = {**told, **found}
    return StoredReadings(found, remarks)


def readings_in(path: Path, series: Sequence[SeriesInfo]) -> Readings:
    """What one results file holds of ``series``. Raises ``UserError`` if it is unreadable."""
    file = read_results(path)
    return readings_of(file, file.record(), series)


def readings_of(file: ResultsFile, record: Record | None, series: Sequence[SeriesInfo]) -> Readings:
    """The same of a file, and the record beside it, that are read already."""
    reasons = Reasons(record)
    found = {}
    for one in series:
        stored = file.of(one)
        results = stored.column("result", one) if stored else ()
        for params, result in zip(one.cells if stored else (), results, strict=True):
            reading = reading_of(one.name, params, result, reasons)
            if reading.status is not Status.MISSING:
                found[one.name, params] = reading
    return found


def stored_numbers(project: Project, series: SeriesInfo, cell: int) -> StoredNumbers:
    """The values of a cell, by its index, right or wrong, that the source has measured which
    ``choose_source`` gives; none where nothing is stored."""
    try:
        source = choose_source(project.name, project.results).source
    except UserError:
        return StoredNumbers({})
    try:
        described = load_series(project.results)
    except UserError:
        described = {}
    if described.get(series.name) == series:
        readings = read_source(source, described)
    else:
        readings = read_source(source, {series.name: series}, is_kept=False)
    columns = readings.columns
    number = [one.name for one in columns.layout.series].index(series.name)
    column = columns.layout.places[number].start + cell
    has_value = is_one_of(columns.statuses[:, column], WITH_VALUE)
    values = columns.values[:, column].tolist()
    found = {columns.entries[row].commit: values[row] for row in np.flatnonzero(has_value).tolist()}
    return StoredNumbers(found, readings.problems)


def _disagreements(
    found: Readings, others: Readings, series: Sequence[SeriesInfo], path: Path
) -> list[str]:
    """A line if a file has other values than those that were found before."""
    cells_named = []
    for one in series:
        for params in one.cells:
            mine, theirs = found.get((one.name, params)), others.get((one.name, params))
            if mine is not None and theirs is not None and not _agree(one, mine, theirs):
                cells_named.append(f"{one.name}({cell_text(params)})" if params else one.name)
    if not cells_named:
        return []
    return [disagreement(f"{path.parent.name}/{path.name}", cells_named)]


def _agree(series: SeriesInfo, one: Reading, other: Reading) -> bool:
    if one.status is not other.status:
        return False
    if one.value is None or other.value is None:
        return True
    return not series.differ(one.value, other.value)
