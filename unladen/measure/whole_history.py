"""Measuring a whole history once: what ``unladen demo`` does before it shows the changes."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from unladen.asv_bridge.console import log
from unladen.asv_bridge.environments import environments_of, make_ready
from unladen.asv_bridge.machine import ensure_machine
from unladen.asv_bridge.publish import publish as publish_site
from unladen.asv_bridge.results import file_name
from unladen.asv_bridge.run import run
from unladen.asv_bridge.suite import discover
from unladen.errors import UserError
from unladen.history.lines import lines_of, oldest_first
from unladen.measure.asv_commands import check_own_results
from unladen.measure.saved import saved_observers
from unladen.project.project import Project
from unladen.repo.commits import Commit
from unladen.repo.repository import Repository
from unladen.store.benchmarks_file import FILE as DESCRIPTIONS
from unladen.store.records import has_record
from unladen.store.results_file import environment_suffix, read_results
from unladen.store.results_folder import machine_folders, results_files
from unladen.store.verdicts import FILE as VERDICTS
from unladen.text.progress import Progress
from unladen.text.terminal import one_line

IN_DEMO = "demo"
"""The attribute of the series that a demo measures, so that a history takes minutes."""


@dataclass(frozen=True)
class MeasuredHistory:
    """What a demo measured, and where. ``environment``: as results files are named by it.
    ``commits``: all in scope; ``new``: how many of them were measured now."""

    machine: str
    environment: str
    commits: int
    new: int


class AsvLog(io.TextIOBase):
    """Where asv's output goes: a file; each write is a sign of life."""

    def __init__(self, path: Path, alive: Callable[[], None]) -> None:
        """Open ``path`` anew; its folder is made if need be."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file: TextIO = path.open("w", encoding="utf-8")
        self._alive = alive

    def write(self, text: str) -> int:
        """Keep the text."""
        self._file.write(text)
        self._alive()
        return len(text)

    def flush(self) -> None:
        """Make it readable by others."""
        if not self._file.closed:
            self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @contextlib.contextmanager
    def collecting(self) -> Iterator[None]:
        """Takes all of asv's output. A ``UserError`` from inside names the file."""
        try:
            with contextlib.redirect_stdout(self):
                try:
                    yield
                finally:
                    log.flush()
        except UserError as error:
            said = one_line(str(error)) or "asv gave up"
            raise UserError(f"{said} (asv's own output is in {self.path})") from error


def measure_history(
    project: Project, repository: Repository, machine: str | None, progress: Progress
) -> MeasuredHistory:
    """Measure what a demo measures and has no result yet, at all commits in scope: branch by
    branch, oldest first.

    A failure is a result: it is not measured again. Each commit is saved as soon as it is done.
    Raises ``UserError`` for what ``unladen run`` refuses too.
    """
    folder = check_own_results(project, repository, machine)
    ensure_machine(machine)
    commits = oldest_first(lines_of(project, repository))
    if not commits:
        raise UserError(f"nothing to measure: no commit of {project.name} in scope")
    progress.stage("preparing the benchmark environment")
    environments = environments_of(project)
    make_ready(environments)
    hashes = [commit.hash for commit in reversed(commits)]
    suite = discover(project, repository, environments, hashes)
    versions = {name: suite.versions[name] for name in suite.with_attribute(IN_DEMO)}
    if not versions:
        raise UserError(f"{project.benchmark_dir} has none of the benchmarks that a demo measures")
    names = [file_name(folder, commits[0].hash, env.name) for env in environments]
    pending = [
        commit
        for commit in commits
        if any(
            not _is_measured(project.results_dir, versions, folder, commit, env.name)
            for env in environments
        )
    ]
    if pending:
        _run(project, pending, list(versions), machine, progress, len(environments))
    return MeasuredHistory(folder, environment_suffix(names[0]), len(commits), len(pending))


def publish(project: Project) -> bool:
    """Publish the site if results or verdicts changed since; whether it was done."""
    index = project.html_dir / "index.json"
    results = project.results_dir
    files = [file for folder in machine_folders(results) for file in results_files(folder)]
    files += results.glob(f"*/{VERDICTS}")
    files.append(results / DESCRIPTIONS)
    newest = max(file.stat().st_mtime for file in files)
    if index.is_file() and index.stat().st_mtime > newest:
        return False
    publish_site(project)
    return True


def _run(
    project: Project,
    pending: Sequence[Commit],
    names: Sequence[str],
    machine: str | None,
    progress: Progress,
    times: int,
) -> None:
    """Run asv on the series of these names: it saves ``times`` results files for each commit."""
    upcoming = iter([commit for commit in pending for _ in range(times)])

    def go_on() -> None:
        commit = next(upcoming, None)
        if commit is not None:
            progress.begin(f"{commit.short} {commit.subject}")

    def saved() -> None:
        progress.finish()
        go_on()

    progress.count(len(pending) * times)
    saved_observers.append(saved)
    try:
        go_on()
        patterns = [rf"^{re.escape(name)}(\(|$)" for name in names]
        run(project, [commit.hash for commit in pending], patterns, machine)
    finally:
        saved_observers.remove(saved)


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
