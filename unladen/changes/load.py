"""The changes of a target, from its conf."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from unladen.changes.by_commit import HistoryChanges, group_changes
from unladen.changes.exact import find_exact_changes
from unladen.changes.host import HostHistory
from unladen.changes.model import Change, State
from unladen.changes.sampled import find_sampled_changes
from unladen.errors import UserError
from unladen.history.history import History
from unladen.history.lending import load_chosen
from unladen.history.lines import line_with, select
from unladen.history.measured_commit import check_measured
from unladen.history.source import choose_source
from unladen.project.project import Project
from unladen.repo.commits import full_hash
from unladen.repo.repository import open_repository
from unladen.store.verdicts import Ruling, Verdicts
from unladen.store.verdicts import load as load_verdicts
from unladen.text.names import matches, no_series


def load_changes(
    project: Project,
    commits: str | None = None,
    machine: str | None = None,
    environment: str | None = None,
    series: re.Pattern[str] | None = None,
    branch: str | None = None,
) -> HistoryChanges:
    """The changes of the history of a target, put in order.

    ``commits``: a commit or range; ``branch``: whose history, by default that on which the commits
    lie, or else the first one of the conf; ``machine``, ``environment``: whose results, by default
    as ``choose_source`` has it; ``series``: a pattern that names must contain. Raises ``UserError``
    if nothing was measured, or nothing is called so.
    """
    results = project.results
    choice = choose_source(project.name, results, machine, environment)
    repository = open_repository(project)
    line = line_with(project, repository, commits, branch)
    history = load_chosen(project, repository, choice, line)
    if commits is not None and ".." not in commits:
        commit = full_hash(repository, commits)
        if commit in line:
            check_measured(project, repository, commit, commits, history.measured_hashes)
    verdicts = load_verdicts(choice.source.folder)
    history = replace(history, remarks=[*history.remarks, *verdicts.remarks])
    changes = find_changes(history, verdicts)
    if series is not None:
        chosen = [one for one in history.series if matches(series, one.series.name)]
        if not chosen:
            names = [one.series.name for one in history.series]
            raise UserError(no_series(series.pattern, names))
        history = replace(history, series=chosen)
        kept = {one.series.name for one in chosen}
        changes = [change for change in changes if change.series.name in kept]
    selected = select(repository, line, commits, history.commits) if commits is not None else None
    return group_changes(history, changes, selected)


def find_changes(history: History, verdicts: Verdicts) -> list[Change]:
    """All changes: those of exact series, then those of sampled ones, with what measuring side by
    side said of them; and those that are the host's marked as such."""
    positions = {commit.hash: position for position, commit in enumerate(history.commits)}
    return [
        *find_exact_changes(history),
        *(
            _ruled(change, positions, history, verdicts)
            for change in find_sampled_changes(history, HostHistory(history).explains)
        ),
    ]


def _ruled(
    change: Change, positions: Mapping[str, int], history: History, verdicts: Verdicts
) -> Change:
    """A suspect with the ruling on the two commits between which it lies, if there is one; or
    confirmed, if a change was confirmed between two commits of its range.

    ``positions``: of commits in the history, by hash. What is the host's may have a ruling too,
    from before that was known: it stands, for the host is the same on both sides of a round.
    """
    if change.state not in (State.SUSPECTED, State.HOST):
        return change
    series, cell, environment = change.series, change.cell, history.environment
    last = positions[(change.last_suspect or change.commit).hash]
    line = [
        one.hash for one in history.commits[positions[change.first_suspect.hash] - 1 : last + 1]
    ]
    found = verdicts.find(series, cell, change.commit.hash, line[0], environment)
    if (found is None or found.ruling is Ruling.UNDECIDED) and change.ratio is not None:
        sign = 1 if change.ratio > 1 else -1
        found = verdicts.confirmed_within(series, cell, line, environment, sign)
    if found is None or found.ruling is Ruling.UNDECIDED:
        return change
    return replace(change, state=State(found.ruling.value))
