"""The digest of the last week as a page: the same text as ``unladen digest`` prints."""

from __future__ import annotations

from typing import Any

from unladen.changes.by_commit import HistoryChanges
from unladen.report.digest import Chosen, commits_from, digest
from unladen.site.report_page import page_variables
from unladen.text.dates import day

WEEK = 7 * 86_400_000
"""Milliseconds."""


def week_of(history_changes: HistoryChanges) -> Chosen:
    """The commits of the week up to the newest measured one, by its date."""
    history = history_changes.history
    since = history.commits[history.newest].date - WEEK
    return Chosen(commits_from(history_changes, since), day(since))


def digest_variables(history_changes: HistoryChanges) -> dict[str, Any]:
    """What the template ``report.html`` shows of it."""
    commits = {commit.hash for commit in history_changes.history.commits}
    document = digest(history_changes, week_of(history_changes), has_links=True)
    return page_variables(document, commits)
