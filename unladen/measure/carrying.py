"""Measuring only what can have changed: exact values that a run takes from another commit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from unladen.asv_bridge.carrying import Carriage, Wanted
from unladen.asv_bridge.console import log
from unladen.asv_bridge.processes import ProcessError
from unladen.errors import UserError
from unladen.history.carrying import (
    Measured,
    controls,
    known_series,
    likeness,
    measured_at,
    neighbours,
)
from unladen.history.conditions import conditions_here
from unladen.measure.environment import UnladenEnvironment
from unladen.repo.commits import SHORT
from unladen.repo.repository import repository_of
from unladen.store.benchmarks_file import load_series
from unladen.store.damage import number
from unladen.store.records import Carried, Record, Session
from unladen.store.results_file import (
    StoredSeries,
    environment_files,
    environment_suffix,
    read_results,
)
from unladen.store.series import SeriesInfo

NO_CARRY = "--no-carry"
"""The option of ``run`` that measures what could be carried, too."""


@dataclass(frozen=True)
class CarriedFrom:
    """What a commit's results take over: the series of these names from ``measured``."""

    measured: Measured
    series: Mapping[str, SeriesInfo]

    @property
    def rows(self) -> dict[str, StoredSeries]:
        """What its file holds of them."""
        return {name: self.measured.file.series[name] for name in self.series}

    def into(self, record: Record) -> Record:
        """A commit's record with what is said there of the series, each value marked with the
        commit that was measured."""
        theirs = self.measured.record
        started = {row.started for row in self.rows.values()}
        origins = {(one.series, one.params): one.commit for one in theirs.carried}
        carried = [
            Carried(name, params, origins.get((name, params), self.measured.commit))
            for name, series in self.series.items()
            for params in series.cells
        ]
        assert theirs.environment is not None  # or its conditions were not known
        kept = record.updated(
            theirs.environment,
            dict.fromkeys(self.series, ()),
            [one for one in theirs.failed if one.series in self.series],
            [one for one in theirs.not_applicable if one.series in self.series],
            [one for one in theirs.notes if one.series in self.series],
            [one for one in theirs.wrong if one.series in self.series],
        )
        used = (one for one in theirs.sessions if _holds(one, started))
        sessions = [*record.sessions, *(one for one in used if one not in record.sessions)]
        return replace(
            kept,
            carried=tuple(sorted([*kept.carried, *carried], key=_order)),
            sessions=tuple(sorted(sessions, key=lambda one: one.started)),
        )


_wants = [False]
"""Whether runs of this process carry: those of plain asv do not."""


@contextmanager
def carrying(is_wanted: bool = True) -> Iterator[None]:
    """Let runs carry meanwhile."""
    before, _wants[0] = _wants[0], is_wanted
    try:
        yield
    finally:
        _wants[0] = before


def carry(wanted: Wanted) -> Carriage | None:
    """What asv need not measure of a commit, for ``asv_bridge.carrying``; None if nothing."""
    env = wanted.environment
    if not _wants[0] or not wanted.series or not isinstance(env, UnladenEnvironment):
        return None
    try:
        found = _carried(env, wanted)
    except (ProcessError, UserError) as error:
        log.warning(f"Nothing is carried to {wanted.commit[:SHORT]}: {error}")
        return None
    if found is None:
        return None
    measured = found.measured
    measured_too = {one.name: one for one in controls(measured, [*found.series.values()])}
    taken = CarriedFrom(
        measured, {name: one for name, one in found.series.items() if name not in measured_too}
    )
    origin = measured.commit[:SHORT]
    log.info(f"Carrying {len(taken.series)} exact series from {origin}")
    failed = {one.series for one in measured.record.failed}

    def agrees(name: str, values: Sequence[Any] | None) -> bool:
        series = measured_too[name]
        stored = measured.file.series[name].column("result", series)
        given = [None] * len(series.cells) if values is None else values
        return all(_is_same(series, *pair) for pair in zip(stored, given, strict=True))

    return Carriage(
        taken.rows,
        frozenset(failed & taken.series.keys()),
        taken,
        frozenset(measured_too),
        agrees,
    )


def _carried(env: UnladenEnvironment, wanted: Wanted) -> CarriedFrom | None:
    project = env.project
    repository = repository_of(project)
    if repository is None:
        return None
    described = load_series(project.results)
    series = [
        one
        for name, version in wanted.series.items()
        if (one := described.get(name)) is not None and one.is_exact and one.version == version
    ]
    here = conditions_here(env.interpreter, env.env_vars, env.driver)
    own = Path(project.results, wanted.file)
    files = {
        path.name[:SHORT]: path for path in environment_files(own.parent, environment_suffix(own))
    }
    for commit in neighbours(project, repository, wanted.commit, files):
        try:
            measured = measured_at(read_results(files[commit[:SHORT]]), here, env.setting)
        except UserError:
            continue  # whoever reads the values of this file says so
        if measured is None or measured.commit != commit:
            continue
        taken = known_series(measured, series, env.driver)
        if taken and likeness(project, repository, measured.paths, commit, wanted.commit):
            return CarriedFrom(measured, {one.name: one for one in taken})
    return None


def _is_same(series: SeriesInfo, one: Any, other: Any) -> bool:
    """Whether two results, numbers or what stands for none, say the same."""
    before, after = number(one), number(other)
    if before is None or after is None:
        return before is after and (one is None) == (other is None)
    return not series.differ(before, after)


def _holds(session: Session, started: set[int | None]) -> bool:
    return any(at is not None and session.started <= at <= session.ended for at in started)


def _order(entry: Carried) -> tuple[str, tuple[str, ...]]:
    return entry.series, entry.params
