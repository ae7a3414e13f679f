"""The files for programs that a publish leaves beside the pages."""

from __future__ import annotations

from pathlib import Path

from unladen.changes.by_commit import HistoryChanges
from unladen.project.project import Project
from unladen.site.badge import write_badge
from unladen.site.changes_file import write_changes
from unladen.site.feed import write_feed
from unladen.site.summary import summarise
from unladen.site.summary_file import write_summary


def write_machine_files(project: Project, report: HistoryChanges, folder: Path) -> None:
    """Write feed, changes, badge and summary into ``folder``, the target's site.

    ``report``: of the whole history. Raises ``UserError`` if the newest results are unreadable.
    """
    summary = summarise(project, report)
    write_feed(folder, report)
    write_changes(folder, report)
    write_badge(folder, summary)
    write_summary(folder, summary)
