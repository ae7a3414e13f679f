"""Measuring a whole history once: what ``unladen demo`` does before it shows the changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from unladen.asv_bridge.environment_setup import environments_of, make_ready
from unladen.asv_bridge.machine import ensure_machine
from unladen.asv_bridge.publish import publish as publish_site
from unladen.asv_bridge.results import file_name
from unladen.asv_bridge.run import run
from unladen.asv_bridge.suite import discover
from unladen.errors import UserError
from unladen.history.lines import lines_of, oldest_first
from unladen.measure.asv_commands import check_own_results
from unladen.measure.carrying import carrying
from unladen.measure.cores import cores
from unladen.measure.saved import saved_observers
from unladen.measure.second_process import Second, beside
from unladen.project.project import Project
from unladen.repo.commits import Commit
from unladen.repo.repository import Repository
from unladen.store.benchmarks_file import FILE as DESCRIPTIONS
from unladen.store.owner import MARKER
from unladen.store.records import has_record
from unladen.store.results_file import environment_suffix, read_results
from unladen.store.results_folder import machine_folders, results_files
from unladen.store.triage import FILE as TRIAGE
from unladen.store.verdicts import FILE as VERDICTS
from unladen.text.progress import Progress

IN_DEMO = "demo"
"""The attribute of the series that a demo measures, so that a history takes minutes."""

MANY = 20
"""So many commits are worth the environment that a second process needs."""


@dataclass(frozen=True)
class MeasuredHistory:
    """What a demo measured, and where. ``environment``: as results files are named by it.
    ``commits``: all in scope; ``new``: how many of them were measured now."""

    machine: str
    environment: str
    commits: int
    new: int


def measure_history(
    project: Project,
    repository: Repository,
    machine: str | None,
    progress: Progress,
    processes: int | None = None,
) -> MeasuredHistory:
    """Measure what a demo measures and has no result yet, at all commits in scope: branch by
    branch, oldest first. ``processes``: how many commits at the same time, 1 or 2; None: 2 where
    they are many and there is a core for each.

    A failure is a result: it is not measured again. Each commit is saved as soon as it is done.
    Raises ``UserError`` for what ``unladen run`` refuses too.
    """
    folder = check_own_results(project, repository, machine)
    ensure_machine(machine)
    commits = oldest_first(lines_of(project, repository))
    if not commits:
        raise UserError(
            f"nothing to measure: no commit of {project.name} in scope: see "
            f'"branches" and "paths" in {project.conf}'
        )
    progress.stage("preparing the benchmark environment")
    environments = environments_of(project)
    make_ready(environments)
    hashes = [commit.hash for commit in reversed(commits)]
    suite = discover(project, repository, environments, hashes)
    versions = {name: suite.versions[name] for name in suite.with_attribute(IN_DEMO)}
    if not versions:
        raise UserError(
            f"{project.benchmark_dir} has none of the benchmarks that a demo measures: measure all "
            "that it has with unladen run"
        )
    names = [env.name for env in environments]
    work = _Work(project, folder, machine, versions, names, progress)
    new = work.pending(commits)
    if new and (processes or _usual(len(new))) > 1:
        work.in_two_processes(new)
    work.here(work.pending(new))
    suffix = environment_suffix(file_name(folder, commits[0].hash, names[0]))
    return MeasuredHistory(folder, suffix, len(commits), len(new))


def _usual(commits: int) -> int:
    """How many of so many commits are measured at the same time."""
    return 2 if commits >= MANY and cores() > 1 else 1


def publish(project: Project, kept: Iterable[Path] = ()) -> bool:
    """Publish the site if results, verdicts, triage or what else is ``kept`` for it (files) changed
    since; whether it was done."""
    index = project.html_dir / MARKER
    results = project.results_dir
    files = [file for folder in machine_folders(results) for file in results_files(folder)]
    files += [*results.glob(f"*/{VERDICTS}"), *results.glob(TRIAGE)]
    files += [results / DESCRIPTIONS, *kept]
    newest = max(file.stat().st_mtime for file in files)
    if index.is_file() and index.stat().st_mtime > newest:
        return False
    publish_site(project)
    return True


@dataclass(frozen=True)
class _Work:
    """What is to be measured: the series of these versions, in environments of these names."""

    project: Project
    folder: str
    machine: str | None
    versions: Mapping[str, str]
    environments: Sequence[str]
    progress: Progress

    def pending(self, commits: Sequence[Commit]) -> list[Commit]:
        """Those of the commits that have not all results."""
        results = self.project.results_dir
        return [
            commit
            for commit in commits
            if any(
                not _is_measured(results, self.versions, self.folder, commit, name)
                for name in self.environments
            )
        ]

    def here(self, commits: Sequence[Commit]) -> None:
        """Measure them in this process."""
        if commits:
            self.progress.count(len(commits) * len(self.environments))
            self._run(commits, lambda: None)

    def in_two_processes(self, commits: Sequence[Commit]) -> None:
        """Measure every second one in a process beside this one. It may leave some."""
        self.progress.count(len(commits) * len(self.environments))
        log = self.project.env_dir.parent / "demo-2.log"
        with beside(self.project, partial(_measure, self, commits[1::2]), log) as second:
            self._run(commits[::2], partial(self._count, second))
            self.progress.begin("waiting for the second process")
            while not second.is_over(seconds=1.0):
                self._count(second)
                self.progress.tick()

    def _count(self, second: Second) -> None:
        for _ in range(second.saved()):
            self.progress.finish()

    def _run(self, commits: Sequence[Commit], meanwhile: Callable[[], None]) -> None:
        """Run asv: it saves a results file of each environment for each commit."""
        upcoming = iter([commit for commit in commits for _ in self.environments])

        def go_on() -> None:
            meanwhile()
            commit = next(upcoming, None)
            if commit is not None:
                self.progress.begin(f"{commit.short} {commit.subject}")

        def saved() -> None:
            self.progress.finish()
            go_on()

        saved_observers.append(saved)
        try:
            go_on()
            self.asv(self.project, commits)
        finally:
            saved_observers.remove(saved)

    def asv(self, project: Project, commits: Sequence[Commit]) -> None:
        """Run it on the series in the environments of this project."""
        patterns = [rf"^{re.escape(name)}(\(|$)" for name in self.versions]
        with carrying():
            run(project, [commit.hash for commit in commits], patterns, self.machine)


def _measure(work: _Work, commits: Sequence[Commit], project: Project) -> None:
    """What a second process does, with environments of its own (``project``)."""
    make_ready(environments_of(project))
    work.asv(project, commits)


def _is_measured(
    results: Path, versions: Mapping[str, str], machine: str, commit: Commit, environment_name: str
) -> bool:
    """Whether a commit has a result, good or bad, of all selected benchmarks as they are now."""
    path = results / file_name(machine, commit.hash, environment_name)
    if not path.is_file() or not has_record(path):
        return False
    stored = read_results(path).series
    return all(
        name in stored and stored[name].version in (None, version)
        for name, version in versions.items()
    )
