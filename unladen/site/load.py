"""What a site shows: the changes of a whole history, told to people anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from unladen.changes.by_commit import HistoryChanges, group_changes
from unladen.history.lines import Line
from unladen.project.project import Project
from unladen.repo.repository import Repository, open_repository
from unladen.results.open import results_on_line
from unladen.results.sources import MeasuredBy


def load_site_changes(
    project: Project,
    line: Line | None = None,
    source: MeasuredBy | None = None,
    repository: Repository | None = None,
) -> HistoryChanges:
    """The changes of a target's whole history.

    ``line``: by default that of the conf's first branch; ``source``: by default that which
    ``choose_source`` gives; ``repository``: the target's, if it is open. Raises ``UserError`` if
    nothing was measured.
    """
    whose = (source.machine, source.environment) if source else (None, None)
    results = results_on_line(project, repository or open_repository(project), line, *whose)
    # The site is for others: they need no path of this machine to know which file is meant.
    here = f"{results.choice.source.folder.parent}/"
    remarks = [remark.replace(here, "") for remark in results.history.remarks]
    history = replace(results.history, remarks=[*remarks, *results.choice.others_remark])
    return group_changes(history, results.changes)


def with_remarks(history_changes: HistoryChanges, remarks: Sequence[str]) -> HistoryChanges:
    """The same with further remarks to the reader."""
    history = history_changes.history
    told = replace(history, remarks=[*history.remarks, *remarks])
    return replace(history_changes, history=told)
