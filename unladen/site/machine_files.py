"""The files for programs that a publish leaves beside the pages."""

from __future__ import annotations

from pathlib import Path

from unladen.changes.by_commit import HistoryChanges
from unladen.project.project import Project
from unladen.report.commit_results import measured_up_to
from unladen.site.badge import write_badge
from unladen.site.changes_file import write_changes
from unladen.site.faults_file import write_faults
from unladen.site.feed import write_feed
from unladen.site.metrics_file import write_metrics
from unladen.site.summary import summarise
from unladen.site.summary_file import write_summary


def write_machine_files(project: Project, history_changes: HistoryChanges, folder: Path) -> None:
    """Write feed, changes, badge, summary, faults and metrics into ``folder``, the target's site.

    ``history_changes``: of the whole history. Raises ``UserError`` if the newest results are
    unreadable, or what lies beside the driver is.
    """
    summary = summarise(project, history_changes)
    write_feed(folder, history_changes)
    write_changes(folder, history_changes)
    write_badge(folder, summary)
    write_summary(folder, summary)
    history = history_changes.history
    write_faults(folder, history)
    write_metrics(folder, measured_up_to(history, history.newest, project), summary.counts)
