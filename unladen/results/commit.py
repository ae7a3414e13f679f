"""What is stored of one commit: each value with its unit, its kind, its note and its reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from unladen.errors import UserError
from unladen.history.commit_values import Values, load_values
from unladen.history.history import History
from unladen.history.measured_commit import measured_commit
from unladen.history.order import order_commits
from unladen.history.source import choose_source
from unladen.history.source_readings import measured_dates, read_source, read_sources
from unladen.project.project import Project
from unladen.repo.repository import open_at_hand
from unladen.store.benchmarks_file import load_series
from unladen.store.results_file import read_results
from unladen.text.names import matches, no_series
from unladen.text.terminal import printable


def values_of_commit(
    project: Project,
    commit: str | None = None,
    machine: str | None = None,
    environment: str | None = None,
    branch: str | None = None,
    *,
    series: re.Pattern[str] | None = None,
    tell: Callable[[Iterable[str]], None],
) -> list[Values]:
    """The values of a commit, or else of the newest measured one of a branch: those of the source
    that ``choose_source`` gives, with what others lend it; of a commit that it did not measure,
    those of each of the others. ``series``: a pattern that the names of those that are wanted
    contain. Raises ``UserError`` if nothing was measured, or nothing is called so.

    ``tell`` is given a line for each file that could not be used, and for what else one should
    know, also where there is nothing to show: then ``UserError`` is raised.
    """
    choice = choose_source(project.name, project.results, machine, environment)
    sources = [choice.source, *choice.others]
    read = read_sources(project.results, sources)
    tell(problem for one in read.values() for problem in one.problems)
    if commit is None:
        wanted, remarks = _newest(project, read[choice.source].dates, branch)
    else:
        wanted, remarks = measured_commit(project, commit, {*measured_dates(read)}), ()
    own, *others = ([*map(read_results, read[source].files_of(wanted))] for source in sources)
    lenders = [file for files in others for file in files]
    tell([*remarks, *choice.remarks])
    if not own or choice.was_named:
        found = [load_values(project.name, file) for file in [*own, *lenders]]
    else:
        found = [load_values(project.name, file, lenders) for file in own]
    if name := _name_of(project, wanted):
        found = [replace(values, name=name) for values in found]
    tell(problem for values in found for problem in values.problems)
    return found if series is None else _called(found, series)


def _called(tables: Sequence[Values], wanted: re.Pattern[str]) -> list[Values]:
    """The tables with the series alone that a pattern finds; those that have none are left out.
    Raises ``UserError`` if all are."""
    chosen = [
        replace(table, series=[one for one in table.series if matches(wanted, one.name)])
        for table in tables
    ]
    if not any(table.series for table in chosen):
        names = dict.fromkeys(one.name for table in tables for one in table.series)
        raise UserError(no_series(wanted.pattern, [*names]))
    return [table for table in chosen if table.series]


def own_values(project: Project, history: History, commit: int) -> Values:
    """The values of a commit of a history, by its index, of which the source of the history itself
    has results; none of them lent. Raises ``UserError`` if they are unreadable."""
    found = history.commits[commit]
    name = f"{found.beginning}-{history.environment}.json"
    values = load_values(history.target, read_results(project.results / history.machine / name))
    return replace(values, name=found.name)


def values_by_date(target: str, results: Path) -> Iterator[Values]:
    """The values of each commit in a folder of results alone, without a repository, that with the
    latest date first, of the source that ``choose_source`` gives; none if there is nothing of use.

    Raises ``UserError`` if it does not describe its series.
    """
    try:
        source = choose_source(target, results).source
    except UserError:
        return
    readings = read_source(source, load_series(results))
    dated = sorted(((date, commit) for commit, date in readings.dates.items()), reverse=True)
    for _, commit in dated:
        yield load_values(target, read_results(readings.files_of(commit)[0]))


def _name_of(project: Project, commit: str) -> str:
    """What a commit is called; "" where commits have no names, or the repository is not here."""
    if not project.named_by_tags:
        return ""
    try:
        return printable(open_at_hand(project).commit_names.get(commit, ""))
    except UserError:
        return ""


def _newest(
    project: Project, dates: Mapping[str, int], branch: str | None
) -> tuple[str, tuple[str, ...]]:
    """The newest measured commit of a branch, and what is to be said."""
    ordered = order_commits(project, dates, branch)
    if not ordered.commits:
        raise UserError(f"none of the results of {project.name} can be used")
    return ordered.commits[-1].hash, ordered.remarks
