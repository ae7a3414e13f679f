"""Reading the stored results of a target, machine and environment, as a history."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from unladen.errors import UserError
from unladen.history.columns import Columns
from unladen.history.history import History
from unladen.history.lines import Line, line_of, off_the_line
from unladen.history.series_history import CODES, SeriesHistory
from unladen.history.source import Source
from unladen.history.source_readings import SourceReadings, read_source
from unladen.project.project import Project
from unladen.repo.commits import SHORT, Commit
from unladen.repo.repository import Repository
from unladen.store.benchmarks_file import load_series
from unladen.store.damage import STATISTICS
from unladen.store.packed import unpacked
from unladen.store.records import Record
from unladen.store.results_folder import misnamed_files
from unladen.store.series import Status
from unladen.text.former_names import former_names_remark
from unladen.text.terminal import printable

_MISSING = CODES[Status.MISSING]


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
    readings = read_source(source, load_series(project.results))
    line = line or line_of(project, repository)
    beginnings = {*measured, *(entry.name[:SHORT] for entry in readings.columns.entries)}
    commits = line.scope(beginnings)

    def remarks_on(off_line: Sequence[str]) -> list[str]:
        remarks = off_the_line(project, repository, line, off_line)
        return [*remarks, *misnamed_files(source.folder)]

    return replace(_load(project, readings, commits, remarks_on), branch=line.branch)


def load_measured(project: Project, readings: SourceReadings, commits: Sequence[Commit]) -> History:
    """The same of these commits, in this order, without a look at the repository. For what must
    be the same where there is no clone."""
    return _load(project, readings, commits, lambda off_line: [])


def _load(
    project: Project,
    readings: SourceReadings,
    commits: Sequence[Commit],
    left_out: Callable[[Sequence[str]], list[str]],
) -> History:
    """``left_out``: the remarks on results of other commits, whose hashes it is given."""
    source, columns = readings.source, readings.columns
    on_line = {commit.hash: n for n, commit in enumerate(commits)}
    rows: dict[int, int] = {}
    remarks: list[str] = []
    names: set[int] = set()
    off_line: list[str] = []
    for row, entry in enumerate(columns.entries):
        if not entry.is_usable:
            remarks.append(entry.complaint)
        elif (commit := on_line.get(entry.commit)) is None:
            off_line.append(entry.commit)
        else:
            remarks += entry.problems
            rows[commit] = row
            names.add(entry.names)
    stored = {name for number in names for name in columns.names[number]}
    remarks += former_names_remark(source.folder, stored)
    remarks += _carried(sum(columns.entries[row].has_carried for row in rows.values()))
    remarks += left_out(off_line)
    if not rows:
        where = f"{printable(str(source.folder))} ({source.environment})"
        raise UserError("; ".join([f"no results of {project.name} in {where}", *remarks]))
    entries = [columns.entries[rows[n]] if n in rows else None for n in range(len(commits))]
    return History(
        target=project.name,
        machine=printable(source.folder.name),
        environment=source.environment,
        commits=commits,
        measured=[n in rows for n in range(len(commits))],
        series=_series(columns, rows, len(commits)),
        remarks=remarks,
        sessions=[entry.sessions if entry else () for entry in entries],
        records=_Records([entry.record if entry else None for entry in entries]),
        conditions=[columns.conditions[entry.conditions] if entry else None for entry in entries],
        carried=[entry is not None and entry.has_carried for entry in entries],
    )


def _carried(count: int) -> list[str]:
    """The remark on commits whose exact values were measured at others; none without any."""
    if not count:
        return []
    commits = f"{count} commit{'s' * (count > 1)}"
    return [f"exact values of {commits} are carried from neighbours that run the same code"]


class _Records(Sequence[Record | None]):
    """Records that are decoded when they are asked for: of most of them nobody wants to know more
    than what is in a history's arrays."""

    def __init__(self, encoded: Sequence[bytes | None]) -> None:
        self._encoded = encoded
        self._decoded: dict[int, Record] = {}

    def __len__(self) -> int:
        return len(self._encoded)

    @overload
    def __getitem__(self, at: int) -> Record | None: ...

    @overload
    def __getitem__(self, at: slice) -> _Records: ...

    def __getitem__(self, at: int | slice) -> Record | _Records | None:
        if isinstance(at, slice):
            return _Records(self._encoded[at])
        if at not in self._decoded:
            encoded = self._encoded[at]
            if encoded is None:
                return None
            self._decoded[at] = unpacked(encoded, Record)
        return self._decoded[at]


def _series(columns: Columns, rows: Mapping[int, int], commits: int) -> list[SeriesHistory]:
    """The history of each series; ``rows``: those of commits, by their indices."""
    at, taken = [*rows], [*rows.values()]
    index = dict(zip(taken, at, strict=True))
    reasons = columns.by_series(_of_commits(columns.reasons, index))
    samples = columns.by_series(_of_commits(columns.samples, index))

    def spread(array: NDArray[Any], fill: float) -> NDArray[Any]:
        whole = np.full((commits, array.shape[1]), fill, dtype=array.dtype, order="F")
        whole.T[:, at] = array.T[:, taken]
        return whole

    values, statuses = spread(columns.values, np.nan), spread(columns.statuses, _MISSING)
    statistics, started = spread(columns.statistics, np.nan), spread(columns.started, np.nan)
    found = []
    for number, (series, place) in enumerate(
        zip(columns.layout.series, columns.layout.places, strict=True)
    ):
        found.append(
            SeriesHistory(
                series=series,
                values=values[:, place],
                statuses=statuses[:, place],
                reasons=reasons[number],
                stats={
                    name: statistics[:, columns.layout.statistic(number, n)]
                    for n, name in enumerate(STATISTICS)
                    if not series.is_exact
                },
                samples=samples[number],
                started=started[:, number],
            )
        )
    return found


def _of_commits(
    found: Mapping[tuple[int, int], Any], index: Mapping[int, int]
) -> dict[tuple[int, int], Any]:
    """What is said of cells by row as said by commit; ``index``: of the rows of commits."""
    return {(index[row], cell): one for (row, cell), one in found.items() if row in index}
