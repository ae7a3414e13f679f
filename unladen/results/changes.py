"""The changes of a target, from its conf."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from unladen.changes.by_commit import HistoryChanges, group_changes
from unladen.changes.model import Change
from unladen.errors import UserError
from unladen.history.lines import line_with, select
from unladen.history.measured_commit import check_measured
from unladen.project.project import Project
from unladen.repo.commits import full_hash
from unladen.repo.repository import open_repository
from unladen.results.open import results_on_line
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
    repository = open_repository(project)
    line = line_with(project, repository, commits, branch)
    results = results_on_line(project, repository, line, machine, environment)
    history = replace(results.history, remarks=results.remarks)
    if commits is not None and ".." not in commits:
        commit = full_hash(repository, commits)
        if commit in line:
            check_measured(project, repository, commit, commits, history.measured_hashes)
    changes: Sequence[Change] = results.changes
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
