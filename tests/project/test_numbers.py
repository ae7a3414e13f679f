"""On the committed results: the command, the list's filters and the portal count alike."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from unladen.changes.by_commit import HistoryChanges, group_changes
from unladen.changes.load import find_changes
from unladen.changes.model import Direction
from unladen.changes.standing import count_commits
from unladen.project import targets
from unladen.project.project import Project
from unladen.report.commit_results import load_commit_results
from unladen.site.contents import Contents
from unladen.site.summary import summarise
from unladen.store.verdicts import load

ROOT = Path(__file__).resolve().parents[2]


def committed(target: str) -> tuple[Project, HistoryChanges]:
    project = targets.load_project(targets.find(target))
    project = replace(project, results_dir=ROOT / "results" / target)
    history = load_commit_results(project, None, machine="reference").history
    changes = find_changes(history, load(project.results / "reference"))
    return project, group_changes(history, changes)


@pytest.mark.slow
@pytest.mark.parametrize("target", ["parley", "towow"])
def test_portal_list_and_command_agree(target: str) -> None:
    project, report = committed(target)
    worse, better = (
        count_commits(report, v) for v in (Direction.REGRESSION, Direction.IMPROVEMENT)
    )
    summary = summarise(project, report)
    assert (summary.regressions_found, summary.regressions_there) == (worse.commits, worse.there)
    assert (summary.regression_drifts, summary.improvements_found) == (worse.drifts, better.commits)
    data = Contents(report).commits()
    remains = [one["standing"] for one in data["summaries"].values()]
    assert sum(of > 0 for _, of, _ in remains) == worse.commits
    assert sum(there > 0 for there, _, _ in remains) == worse.there
    assert 0 < worse.there <= worse.commits < sum(report.history.measured)
