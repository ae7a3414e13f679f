"""What a site shows: the changes of a whole history, told to people anywhere."""

from __future__ import annotations

from dataclasses import replace

from unladen.changes.by_commit import HistoryChanges, group_changes
from unladen.changes.load import find_changes
from unladen.history.lending import load_lent
from unladen.history.lines import Line
from unladen.history.source import choose_source
from unladen.project.project import Project
from unladen.repo.repository import open_repository
from unladen.store.verdicts import load as load_verdicts


def load_site_changes(project: Project, line: Line | None = None) -> HistoryChanges:
    """The changes of a target's whole history, of the source that ``choose_source`` gives.

    ``line``: by default that of the conf's first branch. Raises ``UserError`` if nothing was
    measured.
    """
    choice = choose_source(project.name, project.results_dir.resolve())
    history = load_lent(project, open_repository(project), choice, line)
    # The site is for others: they need no path of this machine to know which file is meant.
    here = f"{choice.source.folder.parent}/"
    remarks = [remark.replace(here, "") for remark in history.remarks]
    history = replace(history, remarks=[*remarks, *choice.others_remark])
    return group_changes(history, find_changes(history, load_verdicts(choice.source.folder)))
