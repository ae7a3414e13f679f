"""Which series two commits cannot differ in, by what processes opened of a commit that is measured.

As ``unladen.history.carrying`` has it. A sampled series is never given a figure that way; but where
both commits run the same code, there is nothing to compare.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from unladen.asv_bridge.machine import is_this_machine
from unladen.errors import UserError
from unladen.history.carrying import (
    Likeness,
    Measured,
    controls,
    known_series,
    likeness,
    measured_at,
    neighbours,
)
from unladen.history.conditions import Conditions
from unladen.project.driver_digest import DriverDigests
from unladen.project.project import Project
from unladen.repo.commits import SHORT
from unladen.repo.differences import differences
from unladen.repo.repository import Repository
from unladen.results.readings import Readings, readings_of
from unladen.store.results_file import read_results
from unladen.store.results_folder import machine_folders, results_files
from unladen.store.series import SeriesInfo


@dataclass(frozen=True)
class Here:
    """Under what would be measured now. ``setting``: as ``Opened`` has it; ``driver``: the digests
    of the target's."""

    conditions: Conditions
    setting: str
    driver: DriverDigests


@dataclass(frozen=True)
class Spared:
    """The ``series`` that need not be measured at two commits, by their names. ``commit``: the one
    that was measured, of which it is known what its processes opened; ``files``: how many the two
    have otherwise. ``controls``: those that are to be measured all the same at another commit than
    that, and have to agree with ``readings``, which are what is known of them."""

    commit: str
    files: int
    series: frozenset[str]
    controls: tuple[SeriesInfo, ...] = ()
    readings: Readings = field(default_factory=dict)


def spared_series(
    project: Project,
    repository: Repository,
    commits: tuple[str, str],
    series: Sequence[SeriesInfo],
    here: Here,
) -> Spared | None:
    """Those of ``series`` in which two commits cannot differ, by what is stored; None if none. The
    measured commit is one of the two, or one beside them. Raises ``ProcessError``."""
    best: Spared | None = None
    for measured in _measured_near(project, repository, commits, here):
        found = spared_by(project, repository, measured, commits, series, here.driver)
        if found is not None and (best is None or len(found.series) > len(best.series)):
            best = found
        if best is not None and len(best.series) == len(series):
            break
    return best


def spared_by(
    project: Project,
    repository: Repository,
    measured: Measured,
    commits: tuple[str, str],
    series: Sequence[SeriesInfo],
    driver: DriverDigests,
) -> Spared | None:
    """The same, by this measured commit."""
    known = known_series(measured, series, driver)
    if not known or not _runs_in_both(project, repository, measured, commits):
        return None
    files = len(differences(repository, *commits, project.paths))
    sample = controls(measured, known)
    readings = readings_of(measured.file, measured.record, sample)
    names = frozenset(one.name for one in known)
    return Spared(measured.commit, files, names, tuple(sample), readings)


def measured_in(path: Path, here: Here, is_of_now: bool) -> Measured | None:
    """What a results file can tell of other commits; None if nothing. ``is_of_now``: this process
    has measured all of it, with the driver of now. Raises ``UserError`` if it is unreadable."""
    return measured_at(read_results(path), here.conditions, here.setting, is_of_now)


def _runs_in_both(
    project: Project, repository: Repository, measured: Measured, commits: tuple[str, str]
) -> bool:
    found: list[Likeness] = [
        likeness(project, repository, measured.paths, measured.commit, commit)
        for commit in commits
        if commit != measured.commit
    ]
    return all(found)


def _measured_near(
    project: Project, repository: Repository, commits: tuple[str, str], here: Here
) -> Iterator[Measured]:
    """This machine's first, of the commits themselves first."""
    folders = [*machine_folders(project.results)]
    for folder in sorted(folders, key=lambda folder: not is_this_machine(folder)):
        paths: dict[str, list[Path]] = {}
        for path in results_files(folder):
            paths.setdefault(path.name[:SHORT], []).append(path)
        near = [one for commit in commits for one in neighbours(project, repository, commit, paths)]
        for commit in dict.fromkeys([*commits, *near]):
            for path in paths.get(commit[:SHORT], ()):
                try:
                    measured = measured_at(read_results(path), here.conditions, here.setting)
                except UserError:
                    continue  # whoever reads the values of this file says so
                if measured is not None and measured.commit == commit:
                    yield measured
