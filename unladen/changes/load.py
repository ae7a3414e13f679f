"""The changes of a target, from its conf."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from asv import util
from asv.repo import get_repo

from unladen.changes.exact import find_exact_changes
from unladen.changes.report import Report, make_report
from unladen.commits import select
from unladen.history import load_history
from unladen.repository import Repository
from unladen.source import choose_source


def load_report(
    conf: Any,
    commits: str | None = None,
    machine: str | None = None,
    environment: str | None = None,
    series: re.Pattern[str] | None = None,
) -> Report:
    """The changes of the history of a target, put in order.

    ``commits``: a commit or range; ``machine``, ``environment``: whose results, by default those
    with the most; ``series``: a pattern that names must contain. Raises ``UserError`` if nothing
    was measured, or nothing is called so.
    """
    results = Path(conf.results_dir).resolve()
    choice = choose_source(conf.project, results, machine, environment)
    repository = open_repository(conf)
    history = load_history(conf, repository, choice.source)
    if series is not None:
        chosen = [one for one in history.series if series.search(one.series.name)]
        if not chosen:
            raise util.UserError(f"no series is called {series.pattern!r}")
        history = replace(history, series=chosen)
    selected = select(repository, history.commits, commits) if commits else None
    if choice.others:
        others = ", ".join(f"{other.folder.name} ({other.environment})" for other in choice.others)
        remark = f"shown is {history.machine} ({history.environment}); also measured: {others}"
        history = replace(history, remarks=[*history.remarks, remark])
    return make_report(history, find_exact_changes(history), selected)


def open_repository(conf: Any) -> Repository:
    """The target's repository. Raises ``UserError`` if it is not one of ours."""
    repository = get_repo(conf)
    if not isinstance(repository, Repository):
        raise util.UserError(f'{conf.project}: "dvcs" in asv.conf.json must be "unladen"')
    return repository
