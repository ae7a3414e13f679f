"""What is stored of one commit: each value with its unit, its kind, its note and its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from unladen.errors import UserError
from unladen.history.commit_values import Values, load_values
from unladen.history.history import History
from unladen.history.measured_commit import measured_commit
from unladen.history.order import order_commits
from unladen.history.source import choose_source
from unladen.project.project import Project
from unladen.store.results_file import ResultsFile, read_folder, read_results


def values_of_commit(
    project: Project,
    commit: str | None = None,
    machine: str | None = None,
    branch: str | None = None,
    *,
    tell: Callable[[Iterable[str]], None],
) -> list[Values]:
    """The values of a commit, or else of the newest measured one of a branch: those of the source
    that ``choose_source`` gives, with what others lend it; of a commit that it did not measure,
    those of each of the others.

    ``tell`` is given a line for each file that could not be used, and for what else one should
    know, also where there is nothing to show: then ``UserError`` is raised.
    """
    choice = choose_source(project.name, project.results, machine)
    sources = [choice.source, *choice.others]
    read = [read_folder(source.folder, source.environment) for source in sources]
    tell(problem for _, problems in read for problem in problems)
    own, *others = (files for files, _ in read)
    if commit is None:
        wanted, remarks = _newest(project, own, branch)
    else:
        every = {file.commit for files, _ in read for file in files}
        wanted, remarks = measured_commit(project, commit, every), ()
    chosen = [file for files, _ in read for file in files if file.commit == wanted]
    tell([*remarks, *choice.remarks])
    of_source = [file for file in chosen if file in own]
    if not of_source or choice.was_named:
        found = [load_values(project.name, file) for file in chosen]
    else:
        lenders = [file for files in others for file in files if file.commit == wanted]
        found = [load_values(project.name, file, lenders) for file in of_source]
    tell(problem for values in found for problem in values.problems)
    return found


def newest_values(project: Project, history: History) -> Values:
    """The values of the newest commit of which the source of a history itself has results, none of
    them lent. Raises ``UserError`` if they are unreadable."""
    commit = history.commits[history.newest]
    name = f"{commit.short}-{history.environment}.json"
    return load_values(history.target, read_results(project.results / history.machine / name))


def latest_values(target: str, results: Path) -> Values | None:
    """The values of the commit with the latest date in a folder of results alone, without a
    repository, of the source that ``choose_source`` gives; None if there is nothing of use.

    Raises ``UserError`` if it does not describe its series.
    """
    try:
        source = choose_source(target, results).source
    except UserError:
        return None
    files, _ = read_folder(source.folder, source.environment)
    if not files:
        return None
    return load_values(target, max(files, key=lambda one: (one.date, one.commit)))


def _newest(
    project: Project, files: Sequence[ResultsFile], branch: str | None
) -> tuple[str, tuple[str, ...]]:
    """The newest measured commit of a branch, and what is to be said."""
    ordered = order_commits(project, {file.commit: file.date for file in files}, branch)
    if not ordered.commits:
        raise UserError(f"none of the results of {project.name} can be used")
    return ordered.commits[-1].hash, ordered.remarks
