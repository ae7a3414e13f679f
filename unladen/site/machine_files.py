"""The files for programs that a publish leaves beside the pages."""

from __future__ import annotations

from pathlib import Path

from unladen.changes.by_commit import HistoryChanges
from unladen.project.project import Project
from unladen.report.commit_results import CommitResults
from unladen.site.badge import write_badge
from unladen.site.changes_file import write_changes
from unladen.site.faults_file import write_faults
from unladen.site.feed import write_feed
from unladen.site.metrics_file import write_metrics
from unladen.site.summary import summarise
from unladen.site.summary_file import write_summary


def write_machine_files(
    project: Project, history_changes: HistoryChanges, results: CommitResults, folder: Path
) -> None:
    """Write feed, changes, badge, summary, faults and metrics into ``folder``, the target's site.

    ``history_changes``: of the whole history; ``results``: those of its newest measured commit.
    Raises ``UserError`` if what lies beside the driver is unreadable.
    """
    summary = summarise(project, history_changes)
    write_feed(folder, history_changes)
    write_changes(folder, history_changes)
    write_badge(folder, summary)
    write_summary(folder, summary)
    write_faults(folder, history_changes.history)
    write_metrics(folder, results, summary.counts)
