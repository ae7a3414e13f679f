"""The stored results of one target, machine and environment, commit by commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from asv import util
from numpy.typing import NDArray

from unladen.commits import Commit, is_shallow, line_of_commits
from unladen.records import Record
from unladen.repository import Repository
from unladen.results_file import (
    STATISTICS,
    Reasons,
    ResultsFile,
    not_a_number,
    number,
    read_folder,
    status,
)
from unladen.series import SeriesInfo, Status, load_series
from unladen.source import Source

CODES: Mapping[Status, int] = {status: code for code, status in enumerate(Status)}
"""How ``SeriesHistory.statuses`` writes a status."""

_STATUSES = tuple(Status)


@dataclass(frozen=True)
class SeriesHistory:
    """One series over the commits of a history. Arrays have the shape (commits, cells).

    ``values``: float64, NaN where ``statuses`` (uint8, see ``CODES``) is not measured.
    ``reasons``: of failures, by commit and cell index. ``stats``, for sampled series: asv's
    statistics by name (``results_file.STATISTICS``), NaN where there are none. ``samples``: those
    that asv was asked to keep, by commit and cell index.
    """

    series: SeriesInfo
    values: NDArray[np.float64]
    statuses: NDArray[np.uint8]
    reasons: Mapping[tuple[int, int], str]
    stats: Mapping[str, NDArray[np.float64]]
    samples: Mapping[tuple[int, int], Sequence[float]]

    def status(self, commit: int, cell: int) -> Status:
        """What is known of a cell at a commit."""
        return _STATUSES[int(self.statuses[commit, cell])]


@dataclass(frozen=True)
class History:
    """What was measured of a target on one machine in one environment.

    ``commits``: oldest first, those in scope and those measured. ``measured``: for each whether
    it has results. ``remarks``: one line for each results file that could not be used, and for
    what else the user should know.
    """

    target: str
    machine: str
    environment: str
    commits: Sequence[Commit]
    measured: Sequence[bool]
    series: Sequence[SeriesHistory]
    remarks: Sequence[str]


def load_history(conf: Any, repository: Repository, source: Source) -> History:
    """Load what ``source`` measured of the first branch of the conf.

    Raises ``UserError`` if ``benchmarks.json`` is not there or none of the results can be used.
    """
    series = load_series(Path(conf.results_dir).resolve())
    files, remarks = read_folder(source.folder, source.environment)
    by_commit = {file.commit: file for file in files}
    paths: list[str] = getattr(conf, "paths", None) or []
    commits = line_of_commits(repository, conf.branches[0], paths, by_commit.keys())
    on_line = [by_commit.get(commit.hash) for commit in commits]
    remarks += _left_out(repository, len(by_commit) - sum(map(bool, on_line)))
    if not any(on_line):
        where = f"{source.folder} ({source.environment})"
        raise util.UserError("; ".join([f"no results of {conf.project} in {where}", *remarks]))
    builders = [_Builder(described, len(commits)) for described in series.values()]
    for index, file in enumerate(on_line):
        if file is not None:
            reasons, complaint = _reasons(file)
            remarks += complaint
            for builder in builders:
                builder.add(index, file, reasons)
    return History(
        target=str(conf.project),
        machine=source.folder.name,
        environment=source.environment,
        commits=commits,
        measured=[file is not None for file in on_line],
        series=[builder.history() for builder in builders],
        remarks=remarks,
    )


def _reasons(file: ResultsFile) -> tuple[Reasons, list[str]]:
    """The reasons in a file's record, and a line if that is not readable."""
    try:
        return Reasons(file.record()), []
    except util.UserError as error:
        return Reasons(Record()), [str(error)]


def _left_out(repository: Repository, number: int) -> list[str]:
    if not number:
        return []
    line = f"left out: results of {number} commits off the branch's line of first parents"
    if is_shallow(repository):
        line = (
            f"left out: results of {number} commits beyond a shallow clone; git fetch --unshallow"
        )
    return [line]


class _Builder:
    """Gathers the history of one series, file by file."""

    def __init__(self, series: SeriesInfo, commits: int) -> None:
        shape = (commits, len(series.cells))
        self._series = series
        self._values = np.full(shape, np.nan)
        self._statuses = np.full(shape, CODES[Status.MISSING], dtype=np.uint8)
        self._reasons: dict[tuple[int, int], str] = {}
        self._samples: dict[tuple[int, int], Sequence[float]] = {}
        names = STATISTICS if series.kind != "exact" else ()
        self._stats = {name: np.full(shape, np.nan) for name in names}

    def add(self, commit: int, file: ResultsFile, reasons: Reasons) -> None:
        """Take over what the file holds of the series."""
        stored = file.of(self._series)
        if stored is None:
            return
        for cell, result in enumerate(stored.column("result", self._series)):
            self._add_value(commit, cell, result, reasons)
        for name, array in self._stats.items():
            column = stored.column(f"stats_{name}", self._series)
            array[commit] = [_float(number(value)) for value in column]
        if self._stats:
            for cell, samples in enumerate(stored.column("samples", self._series)):
                if isinstance(samples, list) and all(number(s) is not None for s in samples):
                    self._samples[commit, cell] = samples

    def _add_value(self, commit: int, cell: int, result: Any, reasons: Reasons) -> None:
        if type(result) is float and result - result == 0:  # finite: the most frequent, and fast
            self._values[commit, cell] = result
            self._statuses[commit, cell] = CODES[Status.MEASURED]
            return
        reason = None
        if result is None:
            reason = reasons.of_failure(self._series.name, self._series.cells[cell])
        found = status(result, reason is not None)
        self._statuses[commit, cell] = CODES[found]
        if found is Status.MEASURED:
            self._values[commit, cell] = _float(number(result))
        elif found is Status.FAILED:
            self._reasons[commit, cell] = not_a_number(result) if reason is None else reason

    def history(self) -> SeriesHistory:
        """What was gathered."""
        return SeriesHistory(
            self._series, self._values, self._statuses, self._reasons, self._stats, self._samples
        )


def _float(value: float | int | None) -> float:
    return float("nan") if value is None else float(value)
