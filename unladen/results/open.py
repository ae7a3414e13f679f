"""Opening the results of a target: by its conf, or by a folder of results alone."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from unladen.errors import UserError
from unladen.history.history import History
from unladen.history.lending import load_lent, load_lent_alone
from unladen.history.lines import Line, line_with
from unladen.history.loading import load_history
from unladen.history.measured_commit import measured_commit
from unladen.history.source import Choice, Source, choose_source
from unladen.history.source_readings import SourceReadings, measured_dates, read_sources
from unladen.project.project import CONF, Project, read_project
from unladen.repo.repository import Repository, open_at_hand
from unladen.results.model import Results
from unladen.results.squashed_triage import with_brought
from unladen.store.benchmarks_file import FILE as DESCRIPTIONS
from unladen.store.owner import owner_of
from unladen.store.triage import load_triage
from unladen.store.verdicts import load as load_verdicts
from unladen.text.terminal import printable


def open_results(
    path: str | os.PathLike[str] = ".",
    *,
    machine: str | None = None,
    environment: str | None = None,
    branch: str | None = None,
) -> Results:
    """What is stored of a target.

    ``path``: its ``asv.conf.json`` or the folder that this is in; or a folder of results alone,
    such as an artifact of a CI run. ``machine``, ``environment``: whose results, by default this
    machine's, else those of the one with the most. ``branch``: whose commits, by default those of
    the conf's first branch; only where the target's repository is at hand, without which commits
    have neither author nor subject, and are in the order of their dates.

    Nothing is measured or fetched. Raises ``UserError``, one line, if there is nothing of
    use.
    """
    project = _project(Path(path))
    try:
        repository = open_at_hand(project)
        line = line_with(project, repository, None, branch)
        return results_on_line(project, repository, line, machine, environment)
    except UserError:
        choice = choose_source(project.name, project.results, machine, environment)
        return _alone(project, choice, _read(project, choice), None, branch)


def results_on_line(
    project: Project,
    repository: Repository,
    line: Line | None = None,
    machine: str | None = None,
    environment: str | None = None,
    *,
    borrows: bool = True,
) -> Results:
    """The results on a line of a repository, by default that of the conf's first branch; its
    commits in scope that were not measured are in the history too.

    ``borrows``: with the exact values that others lend. Raises ``UserError``.
    """
    choice = choose_source(project.name, project.results, machine, environment)
    if borrows:
        history = load_lent(project, repository, choice, line)
    else:
        history = load_history(project, repository, choice.source, line)
    return _results(project, history, choice, repository)


def results_up_to(
    project: Project,
    commit: str | None = None,
    machine: str | None = None,
    environment: str | None = None,
    branch: str | None = None,
) -> tuple[Results, int]:
    """The results of the measured commits, for which no repository is needed, and which of them is
    the one that ``commit`` names, by its index in the history: by default the newest.

    Raises ``UserError`` if nothing was measured there.
    """
    choice = choose_source(project.name, project.results, machine, environment)
    readings = _read(project, choice)
    if commit is None:
        results = _alone(project, choice, readings, None, branch)
        return results, results.history.newest
    shown = measured_commit(project, commit, measured_dates(readings))
    results = _alone(project, choice, readings, shown, branch)
    return results, [one.hash for one in results.history.commits].index(shown)


def _read(project: Project, choice: Choice) -> dict[Source, SourceReadings]:
    return read_sources(project.results, (choice.source, *choice.lenders))


def _alone(
    project: Project,
    choice: Choice,
    readings: Mapping[Source, SourceReadings],
    shown: str | None,
    branch: str | None,
) -> Results:
    """``shown``: a commit that must be there, as ``order_commits`` has it."""
    return _results(project, load_lent_alone(project, choice, readings, shown, branch), choice)


def _results(
    project: Project, history: History, choice: Choice, repository: Repository | None = None
) -> Results:
    verdicts = load_verdicts(choice.source.folder)
    triage = load_triage(project.results)
    if repository is not None:
        tip = history.commits[-1].hash
        triage = with_brought(triage, project, repository, history.commits, tip)
    return Results(history, choice, verdicts, triage)


def _project(path: Path) -> Project:
    if path.is_file():
        return read_project(path.absolute())
    if (path / CONF).is_file():
        return read_project((path / CONF).absolute())
    if not (path / DESCRIPTIONS).is_file():
        raise UserError(f"{printable(str(path))} holds neither {CONF} nor {DESCRIPTIONS}")
    folder = path.resolve()
    return Project(
        name=owner_of(folder) or folder.name,
        conf=folder / CONF,
        repo="",
        dvcs="",
        results_dir=folder,
        env_dir=folder / "env",
        html_dir=folder / "html",
        benchmark_dir=folder / "benchmarks",
    )
