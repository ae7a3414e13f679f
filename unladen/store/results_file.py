"""One results file of asv's, ``<commit8>-<environment>.json``, whoever wrote it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any

from msgspec import Struct

from unladen.errors import UserError
from unladen.store.bounds import LAST_DATE
from unladen.store.damage import (
    NEEDED,
    STATISTICS,
    damage,
    has_nulls,
)
from unladen.store.json_files import as_declared, read_json, unreadable
from unladen.store.readings import ABSENT
from unladen.store.records import Record, record_of
from unladen.store.results_folder import results_files
from unladen.store.series import SeriesInfo
from unladen.text.former_names import former_names_remark
from unladen.text.hashes import is_hash
from unladen.text.terminal import printable

VERSION = 2
"""Of the format of asv's results files."""

_LISTS = {"result", "samples", *(f"stats_{name}" for name in STATISTICS)}


@dataclass(frozen=True, slots=True)
class StoredSeries:
    """What a file holds of one series: asv's ``row``, whose entries ``positions`` finds by asv's
    names (``result``, ``samples``, ``stats_q_25``...)."""

    row: Sequence[Any]
    positions: Mapping[str, int]

    def entry(self, name: str) -> Any:
        """The entry of that name; None if there is none."""
        position = self.positions.get(name, len(self.row))
        return self.row[position] if position < len(self.row) else None

    @property
    def version(self) -> str | None:
        """asv's version of the benchmark when it was measured; None if it had none."""
        found = self.entry("version")
        return None if found is None else _text(found)

    @property
    def axes(self) -> Sequence[Sequence[str]]:
        """The values of each parameter when it was measured."""
        return [[*map(_text, points)] for points in self.entry("params") or []]

    @property
    def combinations(self) -> int:
        """How many parameter combinations it had when it was measured."""
        return math.prod(map(len, self.entry("params") or ()))

    @property
    def started(self) -> int | None:
        """When its last measurement began, milliseconds since 1970; None if that is not known."""
        found = self.entry("started_at")
        return found if type(found) is int and 0 <= found <= LAST_DATE else None

    def column(self, name: str, series: SeriesInfo) -> Sequence[Any]:
        """The entries for the combinations that the series has now; None where there is none, for
        results ``ABSENT`` where the combination was not there."""
        return self.columns([name], series)[0] or [None] * len(series.cells)

    def columns(self, names: Sequence[str], series: SeriesInfo) -> list[list[Any] | None]:
        """As ``column``, several at once, None for what is nowhere."""
        row, positions, cells = self.row, self.positions, len(series.cells)
        size = len(row)
        is_aligned = (self.entry("params") or []) == series.points
        found: list[list[Any] | None] = []
        for name in names:
            position = positions.get(name, size)
            stored = row[position] if position < size else None
            if stored is not None and not (is_aligned and len(stored) == cells):
                by_params = dict(zip(itertools.product(*self.axes), stored, strict=False))
                lacking = ABSENT if name == "result" else None
                stored = [by_params.get(params, lacking) for params in series.cells]
            found.append(stored)
        return found


@dataclass(frozen=True)
class ResultsFile:
    """A results file. ``date``: the commit's author date, milliseconds since 1970. ``python``:
    such as ``3.11``; ``variables``: those that the conf sets."""

    path: Path
    commit: str
    date: int
    environment: str
    python: str
    series: Mapping[str, StoredSeries]
    variables: Mapping[str, str]

    def of(self, series: SeriesInfo) -> StoredSeries | None:
        """What it holds of the series, if that means the same as now (asv's version)."""
        stored = self.series.get(series.name)
        if stored is None or stored.version not in (None, series.version):
            return None
        return stored

    def record(self) -> Record | None:
        """The record beside it; None if there is none. Raises ``UserError`` for a bad one."""
        return record_of(self.path)

    def usable_record(
        self, load: Callable[[], Record | None] | None = None
    ) -> tuple[Record | None, list[str]]:
        """As ``record``, of a bad one an empty one; and a line for all that is wrong with the
        record and with the file. ``load``: gives the record, by default ``record``."""
        name = printable(str(self.path))
        columns = next((stored.positions for stored in self.series.values()), {})
        lines = damage(name, columns, self.series)
        try:
            record = (load or self.record)()
        except UserError as error:
            return Record(), [f"{error}; skipped", *lines]
        if record is None and has_nulls(self.series):
            what = "has no record of why values are missing; unladen run measures it again"
            lines.append(f"{name} {what}")
        return record, lines


class _Stored(Struct):
    """What is used of a results file. Columns differ from file to file, so that no declaration can
    say of what type they are: ``_are_rows`` does."""

    commit_hash: str
    date: Any
    result_columns: list[str]
    results: dict[str, list[Any]]
    env_name: str
    python: str
    env_vars: dict[str, str] | None = None


def read_results(path: Path, content: bytes | None = None) -> ResultsFile:
    """Read a results file. ``content``: what is in it, if that is read already. Raises
    ``UserError``, one line, if it is not one of this asv's."""
    data = read_json(path, VERSION, content=content)
    if complaint := head_complaint(data.get("commit_hash"), data.get("date")):
        raise unreadable(path, complaint)
    stored = as_declared(path, data, _Stored, "in asv's format")
    if not path.name.startswith(stored.commit_hash[:8]):
        raise unreadable(path, "its name is not that of its commit")
    positions = {name: n for n, name in enumerate(stored.result_columns)}
    if lacking := [name for name in NEEDED if name not in positions]:
        raise unreadable(path, f"its column {lacking[0]} is missing")
    if not _are_rows(stored.results.values(), positions):
        raise unreadable(path, "it is not in asv's format: a column has no list")
    return ResultsFile(
        path=path,
        commit=stored.commit_hash,
        date=int(stored.date),
        environment=printable(stored.env_name),
        python=printable(stored.python),
        series={name: StoredSeries(row, positions) for name, row in stored.results.items()},
        variables=stored.env_vars or {},
    )


def head_complaint(commit: object, date: object) -> str:
    """What is wrong with the hash or the date of a file's commit, "" if nothing is."""
    if not isinstance(commit, str) or not is_hash(commit):
        return "its commit_hash is no commit's hash"
    if isinstance(date, int | float) and 0 <= date <= LAST_DATE:
        return ""
    return "its date is none"


def read_folder(
    machine: Path, environment: str | None = None
) -> tuple[list[ResultsFile], list[str]]:
    """The results files in a machine's folder; a line for each that is not readable, and one if
    they have series under former names.

    ``environment``: only those whose name ends so (see ``environment_suffix``).
    """
    read, problems = [], []
    for path in environment_files(machine, environment):
        try:
            read.append(read_results(path))
        except UserError as error:
            problems.append(f"{error}; skipped")
    stored = {name for file in read for name in file.series}
    return read, [*problems, *former_names_remark(machine, stored)]


def environment_files(machine: Path, environment: str | None) -> list[Path]:
    """The results files in a machine's folder, of one environment if it is named."""
    files = results_files(machine)
    return [file for file in files if environment in (None, environment_suffix(file))]


def environment_suffix(path: Path) -> str:
    """The environment's part of a results file's name, printable: its name, or a hash of a very
    long one."""
    return printable(path.stem.partition("-")[2])


def _are_rows(rows: Iterable[list[Any]], positions: Mapping[str, int]) -> bool:
    """Whether each row has lists or null where asv has them."""
    lists = sorted(n for name, n in positions.items() if name in _LISTS)
    points = positions.get("params", -1)
    for row in rows:
        for position in lists:
            if position >= len(row):
                break
            if type(row[position]) not in (list, NoneType):
                return False
        axes = row[points] if 0 <= points < len(row) else None
        if axes is not None and (type(axes) is not list or {*map(type, axes)} - {list}):
            return False
    return True


def _text(stored: object) -> str:
    """Text as it is, a number as text; "" for what asv never writes there."""
    return str(stored) if isinstance(stored, str | int | float) else ""
