"""Reading the stored results of a target, machine and environment, as a history."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import NoneType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unladen.errors import UserError
from unladen.history.conditions import Conditions, conditions_of
from unladen.history.history import History
from unladen.history.lines import Line, line_of, off_the_line
from unladen.history.series_history import CODES, SeriesHistory
from unladen.history.source import Source
from unladen.project.project import Project
from unladen.repo.commits import SHORT, Commit
from unladen.repo.repository import Repository
from unladen.store.benchmarks_file import load_series
from unladen.store.damage import LARGEST, SMALLEST, STATISTICS, number
from unladen.store.readings import Reasons, reading_of
from unladen.store.records import Record
from unladen.store.results_file import (
    ResultsFile,
    environment_files,
    read_folder,
    read_results,
)
from unladen.store.results_folder import misnamed_files
from unladen.store.series import SeriesInfo, Status
from unladen.text.former_names import former_names_remark
from unladen.text.terminal import printable

AT_ONCE = 64
"""Results files whose rows are kept until they are put into arrays."""

_EXPLAINED = (Status.FAILED, Status.WRONG)
_NO_REASONS = Reasons(None)
_NUMBERS = {float, int}
_NUMBERS_OR_NONE = {*_NUMBERS, NoneType}


def load_history(
    project: Project,
    repository: Repository,
    source: Source,
    line: Line | None = None,
    measured: Collection[str] = (),
) -> History:
    """Load what ``source`` measured of a line, by default that of the conf's first branch.

    ``measured``: beginnings (``SHORT``) of the hashes of further commits to have there. Raises
    ``UserError`` if ``benchmarks.json`` is not there or none of the results can be used.
    """
    series = load_series(project.results)
    line = line or line_of(project, repository)
    # asv names results by the beginning of the hash: the files need not be read to have the line.
    paths = environment_files(source.folder, source.environment)
    beginnings = {*measured, *(path.name[:SHORT] for path in paths)}
    commits = line.scope(beginnings)

    def remarks_on(off_line: Sequence[str]) -> list[str]:
        remarks = off_the_line(project, repository, line, off_line)
        return [*remarks, *misnamed_files(source.folder)]

    return replace(_load(project, source, series, commits, remarks_on), branch=line.branch)


def load_measured(project: Project, source: Source, commits: Sequence[Commit]) -> History:
    """The same of these commits, in this order, without a look at the repository. For what must
    be the same where there is no clone."""
    series = load_series(project.results)
    return _load(project, source, series, commits, lambda off_line: [])


def measured_dates(sources: Sequence[Source]) -> dict[str, int]:
    """The commits that these measured, by hash, with their authors' dates."""
    read = (read_folder(source.folder, source.environment) for source in sources)
    return {file.commit: file.date for files, _ in read for file in files}


def _load(
    project: Project,
    source: Source,
    series: Mapping[str, SeriesInfo],
    commits: Sequence[Commit],
    left_out: Callable[[Sequence[str]], list[str]],
) -> History:
    """``left_out``: the remarks on results of other commits, whose hashes it is given."""
    loading = _Loading(commits, list(series.values()))
    with _no_collection():
        for path in environment_files(source.folder, source.environment):
            loading.add(path)
    former = former_names_remark(source.folder, loading.names)
    remarks = [*loading.remarks, *former, *_carried(loading), *left_out(loading.off_line)]
    if not any(loading.measured):
        where = f"{printable(str(source.folder))} ({source.environment})"
        raise UserError("; ".join([f"no results of {project.name} in {where}", *remarks]))
    return History(
        target=project.name,
        machine=printable(source.folder.name),
        environment=source.environment,
        commits=commits,
        measured=loading.measured,
        series=[builder.history() for builder in loading.builders],
        remarks=remarks,
        sessions=[record.sessions if record else () for record in loading.records],
        records=loading.records,
        conditions=loading.conditions,
    )


def _carried(loading: _Loading) -> list[str]:
    """The remark on commits whose exact values were measured at others; none without any."""
    count = sum(bool(record and record.carried) for record in loading.records)
    if not count:
        return []
    commits = f"{count} commit{'s' * (count > 1)}"
    return [f"exact values of {commits} are carried from neighbours that run the same code"]


class _Loading:
    """Takes over one results file after the other, so that no two are in memory at once."""

    def __init__(self, commits: Sequence[Commit], series: Sequence[SeriesInfo]) -> None:
        self._row = {commit.hash: n for n, commit in enumerate(commits)}
        self.builders = [_Builder(described, len(commits)) for described in series]
        self.measured = [False] * len(commits)
        self.records: list[Record | None] = [None] * len(commits)
        self.conditions: list[Conditions | None] = [None] * len(commits)
        self.remarks: list[str] = []
        self.names: set[str] = set()
        self.off_line: list[str] = []
        self._taken = 0

    def add(self, path: Path) -> None:
        """Read the file; a bad one leaves a remark."""
        try:
            file = read_results(path)
        except UserError as error:
            self.remarks.append(f"{error}; skipped")
            return
        row = self._row.get(file.commit)
        if row is None:
            self.off_line.append(file.commit)
            return
        record, problems = file.usable_record()
        self.remarks += problems
        self.measured[row] = True
        self.names.update(file.series)
        self.records[row] = record
        self.conditions[row] = conditions_of(record, file.variables)
        reasons = Reasons(record)
        self._taken += 1
        for builder in self.builders:
            builder.add(row, file, reasons)
            if self._taken % AT_ONCE == 0:
                builder.flush()


@contextmanager
def _no_collection() -> Iterator[None]:
    """JSON holds no cycles, and looking for some among its many lists takes a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Builder:
    """Gathers the history of one series, file by file.

    Rows of nothing but numbers, which most are, are put into the arrays many at once (``flush``):
    numpy is slow on one.
    """

    def __init__(self, series: SeriesInfo, commits: int) -> None:
        shape = (commits, len(series.cells))
        self._series = series
        self._values = np.full(shape, np.nan)
        self._statuses = np.full(shape, CODES[Status.MISSING], dtype=np.uint8)
        self._reasons: dict[tuple[int, int], str] = {}
        self._samples: dict[tuple[int, int], Sequence[float]] = {}
        self._started = [float("nan")] * commits
        self._statistics = STATISTICS if not series.is_exact else ()
        self._columns = ["result", *(f"stats_{name}" for name in self._statistics)]
        self._columns += ["samples"] if self._statistics else []
        self._number_rows: dict[int, list[float]] = {}
        self._stats = {name: np.full(shape, np.nan) for name in self._statistics}
        self._stat_rows: list[dict[int, list[float]]] = [{} for _ in self._statistics]

    def add(self, commit: int, file: ResultsFile, reasons: Reasons) -> None:
        """Take over what the file holds of the series."""
        stored = file.of(self._series)
        if stored is None:
            return
        if (started := stored.started) is not None:
            self._started[commit] = started
        results, *others = stored.columns(self._columns, self._series)
        is_plain = results is not None and {*map(type, results)} <= _NUMBERS
        if is_plain and not reasons.wrong_of(self._series.name):
            self._number_rows[commit] = results or []
        else:
            for cell, result in enumerate(results or [None] * len(self._series.cells)):
                self._add_value(commit, cell, result, reasons)
        for rows, column in zip(self._stat_rows, others, strict=False):
            if column is not None and {*map(type, column)} <= _NUMBERS_OR_NONE:
                rows[commit] = column
        if others and others[-1] is not None:
            for cell, samples in enumerate(others[-1]):
                if isinstance(samples, list) and all(number(s) is not None for s in samples):
                    self._samples[commit, cell] = samples

    def _add_value(self, commit: int, cell: int, result: Any, reasons: Reasons) -> None:
        found = reading_of(self._series.name, self._series.cells[cell], result, reasons)
        self._statuses[commit, cell] = CODES[found.status]
        self._values[commit, cell] = _float(found.value)
        if found.status in _EXPLAINED:
            self._reasons[commit, cell] = found.reason

    def flush(self) -> None:
        """Put the rows that wait into the arrays."""
        if self._number_rows:
            self._statuses[[*self._number_rows]] = CODES[Status.MEASURED]
        for array, rows in zip(
            [self._values, *self._stats.values()],
            [self._number_rows, *self._stat_rows],
            strict=True,
        ):
            _fill(array, rows)
            rows.clear()

    def history(self) -> SeriesHistory:
        """What was gathered."""
        self.flush()
        self._sort_out()
        for array in self._stats.values():
            array[_is_no_number(array)] = np.nan
        return SeriesHistory(
            self._series,
            self._values,
            self._statuses,
            self._reasons,
            self._stats,
            self._samples,
            np.array(self._started),
        )

    def _sort_out(self) -> None:
        """Tell n/a and failures from values, among the rows of numbers."""
        is_odd = (self._statuses == CODES[Status.MEASURED]) & _is_no_number(self._values)
        for commit, cell in np.argwhere(is_odd).tolist():
            self._add_value(commit, cell, float(self._values[commit, cell]), _NO_REASONS)


def _fill(array: NDArray[np.float64], rows: Mapping[int, list[float]]) -> None:
    """Copy rows of numbers and None, which becomes NaN; what is too large becomes infinite."""
    if not rows:
        return
    try:
        array[[*rows]] = np.array([*rows.values()], dtype=np.float64)
    except OverflowError:
        for commit, row in rows.items():
            array[commit] = [_float(value) for value in row]


def _is_no_number(array: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where ``damage.number`` gives None."""
    size = np.abs(array)
    inside: NDArray[np.bool_] = (array == 0) | ((size >= SMALLEST) & (size <= LARGEST))
    return ~inside


def _float(value: float | int | None) -> float:
    try:
        return float("nan") if value is None else float(value)
    except OverflowError:
        return float("inf")
