"""What the site tells is what ``changes`` tells, without the paths of this machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_history import Project, series, write_project
from spoilt_files import put_a_folder, put_a_pipe

from unladen.results.changes import load_changes
from unladen.site.load import load_site_changes

EXACT = series("m.C.track_x", axes={"size": ("1", "2")})
SAMPLED = series("m.C.time_y", kind="sampled", unit="seconds", group="cpu")
COMMITS = 6


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Six commits, the last of which is not measured, with a failure and an n/a."""
    monkeypatch.chdir(tmp_path)
    made = write_project(tmp_path, [], *["file"] * COMMITS)
    made.describe(EXACT, SAMPLED)
    for commit in range(COMMITS - 1):
        _store(made, commit)
    made.record(2, [("m.C.track_x", ("2",), "ValueError: broken")])
    return made


def _store(project: Project, commit: int) -> None:
    points = [list(axis) for axis in EXACT.axes.values()]
    second: Any = None if commit == 2 else float("nan") if commit == 0 else 20.0
    stats = [[1.0], [2.0], [1.4], [1.6], [1], [3]]
    project.store(
        commit,
        {
            EXACT.name: [[float(commit // 2), second], points, "1", 1_000 + commit, 1.0],
            SAMPLED.name: [[1.5], [], "1", 2_000 + commit, 1.0, *stats, [[1.4, 1.5, 1.6]]],
        },
    )


@pytest.mark.slow
def test_it_is_what_changes_tells(project: Project) -> None:
    report, plain = load_site_changes(project.read()), load_changes(project.read())
    assert [one.changes for one in report.commits] == [one.changes for one in plain.commits]
    assert report.commits
    record = report.history.record(2)
    assert record is not None
    assert [failure.reason for failure in record.failed] == ["ValueError: broken"]


def truncate(file: Path) -> None:
    file.write_text("{")


@pytest.mark.parametrize("spoil", [truncate, put_a_pipe, put_a_folder])
def test_a_bad_file_is_named_without_a_path_of_this_machine(
    project: Project, spoil: Callable[[Path], None]
) -> None:
    spoil(project.file(4))
    history = load_site_changes(project.read()).history
    (remark,) = history.remarks
    assert remark.startswith(f"lab/{project.file(4).name} is not readable")
    assert not history.measured[4]


def test_a_bad_record_is_named(project: Project) -> None:
    project.file(1).with_suffix(".record").write_text("{")
    history = load_site_changes(project.read()).history
    (remark,) = history.remarks
    assert project.file(1).stem in remark
    assert history.measured[1]
