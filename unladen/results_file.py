"""One results file of asv's, ``<commit8>-<environment>.json``, whoever wrote it."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asv import util
from asv.results import Results

from unladen.json_files import read_json, unreadable
from unladen.reasons import Params
from unladen.records import Record, record_path
from unladen.results_folder import results_files
from unladen.series import SeriesInfo, Status

STATISTICS = ("ci_99_a", "ci_99_b", "q_25", "q_75", "number", "repeat")
"""asv's statistics of a sampled value: 99 % confidence interval, quartiles, loops, samples."""

_LISTS = {"result", "samples", *(f"stats_{name}" for name in STATISTICS)}

_HASH = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


@dataclass(frozen=True)
class StoredSeries:
    """What a file holds of one series.

    ``axes``: the values of each parameter when it was measured. ``columns``: by asv's names
    (``result``, ``samples``, ``stats_q_25``...), one entry for each combination of ``axes``, or
    None for all.
    """

    version: str | None
    axes: Sequence[Sequence[str]]
    columns: Mapping[str, Sequence[Any] | None]

    def column(self, name: str, series: SeriesInfo) -> Sequence[Any]:
        """The entries for the combinations that the series has now; None where there is none."""
        stored = self.columns.get(name)
        if stored is None:
            return [None] * len(series.cells)
        if len(stored) == len(series.cells) and self.axes == [*map(list, series.axes.values())]:
            return stored
        by_params = dict(zip(itertools.product(*self.axes), stored, strict=False))
        return [by_params.get(params) for params in series.cells]


@dataclass(frozen=True)
class ResultsFile:
    """A results file. ``date``: the commit's author date, milliseconds since 1970. ``python``:
    such as ``3.11``."""

    path: Path
    commit: str
    date: int
    environment: str
    python: str
    series: Mapping[str, StoredSeries]

    def of(self, series: SeriesInfo) -> StoredSeries | None:
        """What it holds of the series, if that means the same as now (asv's version)."""
        stored = self.series.get(series.name)
        if stored is None or stored.version not in (None, series.version):
            return None
        return stored

    def record(self) -> Record | None:
        """The record beside it; None if there is none. Raises ``UserError`` for a bad one."""
        path = record_path(self.path)
        return Record.load(path) if path.is_file() else None


def read_results(path: Path) -> ResultsFile:
    """Read a results file. Raises ``UserError``, one line, if it is not one of this asv's."""
    data = read_json(path, Results.api_version)
    try:
        commit = data["commit_hash"]
        if not isinstance(commit, str) or not _HASH.fullmatch(commit):
            raise unreadable(path, "its commit_hash is no commit's hash")
        columns = data["result_columns"]
        series = {str(name): _stored(columns, row) for name, row in data["results"].items()}
        return ResultsFile(
            path, commit, int(data["date"]), str(data["env_name"]), str(data["python"]), series
        )
    except KeyError as error:
        raise unreadable(path, f"{error} is missing") from error
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise unreadable(path, "it is not in asv's format") from error


def read_folder(
    machine: Path, environment: str | None = None
) -> tuple[list[ResultsFile], list[str]]:
    """The results files in a machine's folder, and a line for each that is not readable.

    ``environment``: only those whose name ends so (see ``environment_suffix``).
    """
    read, problems = [], []
    for path in results_files(machine):
        if environment not in (None, environment_suffix(path)):
            continue
        try:
            read.append(read_results(path))
        except util.UserError as error:
            problems.append(f"{error}; skipped")
    return read, problems


def environment_suffix(path: Path) -> str:
    """The environment's part of a results file's name: its name, or a hash of a very long one."""
    return path.stem.partition("-")[2]


def number(stored: object) -> float | int | None:
    """A stored result as a number: None for what is no finite one (NaN, n/a, text, too large)."""
    if not isinstance(stored, int | float):
        return None
    try:
        return stored if math.isfinite(stored) else None
    except OverflowError:
        return None


def status(stored: object, failed: bool) -> Status:
    """What a stored result means. ``failed``: whether it is known to have failed; null alone also
    stands for what has never been measured."""
    if stored is None:
        return Status.FAILED if failed else Status.MISSING
    if isinstance(stored, float) and math.isnan(stored):
        return Status.NOT_APPLICABLE
    return Status.FAILED if number(stored) is None else Status.MEASURED


def not_a_number(stored: object) -> str:
    """The reason why a stored result that is neither null nor a number is a failure."""
    return f"not a number: {str(stored)[:60]}" if not isinstance(stored, int) else "too large"


class Reasons:
    """Why a results file has no value where it has none."""

    def __init__(self, record: Record | None) -> None:
        """``record``: the one beside the file; None if there is none, as after plain asv."""
        self._is_recorded = record is not None
        entries = (record.failed, record.not_applicable) if record else ((), ())
        self._failed = {(entry.series, entry.params): entry.reason for entry in entries[0]}
        self._not_applicable = {(entry.series, entry.params): entry.reason for entry in entries[1]}

    def of_failure(self, series: str, params: Params) -> str | None:
        """The reason of a failure, perhaps ""; None if it is not known to have failed.

        Without a record every null is a failure, which is what asv means by it.
        """
        return self._failed.get((series, params), None if self._is_recorded else "")

    def of_not_applicable(self, series: str, params: Params) -> str:
        """The reason why a combination is n/a; "" if none was given."""
        return self._not_applicable.get((series, params), "")


def _stored(columns: Sequence[str], row: Sequence[Any]) -> StoredSeries:
    if not isinstance(row, list):
        raise TypeError("a series must be a list of columns")
    entries = dict(zip(columns, row, strict=False))
    axes = [[*map(str, points)] for points in entries.pop("params", None) or []]
    version = entries.pop("version", None)
    lists = {name: _as_list(value) for name, value in entries.items() if name in _LISTS}
    return StoredSeries(None if version is None else str(version), axes, lists)


def _as_list(value: object) -> list[Any] | None:
    if value is not None and not isinstance(value, list):
        raise TypeError("a column must be a list")
    return value
