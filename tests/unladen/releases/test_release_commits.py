"""Releases as commits: the same ones give the same hashes, and more are added on top."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from series_history import git

from unladen.releases.commits import add_commits, known_versions
from unladen.releases.release import LOCK, METADATA, Release, Upload
from unladen.repo.patches.series import provide

DAY = datetime(2025, 1, 31, 23, 59, 58, tzinfo=UTC)
FIRST = Release("sdk", "1.0", DAY, Upload(DAY, "sdk-1.0.whl", "ab12"), ("needed==1", "sdk==1.0"))
SECOND = replace(
    FIRST,
    version="1.1rc1",
    upload=Upload(DAY, "sdk-1.1rc1.whl", "cd34", 'it "leaks"\\'),
    pins=("needed==2", "sdk==1.1rc1"),
)
THIRD = Release("sdk", "2!1.0+own", DAY, None, (), "it needs what is not there\x7f")


def built(folder: Path, name: str) -> Path:
    repository = folder.parent / name
    provide(folder, repository)
    return repository


def test_a_release_is_a_commit_and_a_tag(tmp_path: Path) -> None:
    folder = tmp_path / "releases"
    head = add_commits(folder, [FIRST, SECOND, THIRD])
    repository = built(folder, "one.git")
    form = "--format=%D|%an|%aI|%cI|%s"
    lines = git(repository, "log", "--decorate=short", form).splitlines()
    at = "2025-01-31T23:59:58+00:00"
    assert lines == [
        f"HEAD -> main, tag: 2!1.0+own|sdk|{at}|{at}|sdk 2!1.0+own (cannot be installed)",
        f"tag: 1.1rc1|sdk|{at}|{at}|sdk 1.1rc1 (yanked)",
        f"tag: 1.0|sdk|{at}|{at}|sdk 1.0",
    ]
    assert git(repository, "rev-parse", "main") == head
    assert known_versions(folder) == ["1.0", "1.1rc1", "2!1.0+own"]
    assert git(repository, "show", f"1.0:{LOCK}").splitlines()[1:] == ["needed==1", "sdk==1.0"]
    changed = git(repository, "diff", "-U0", "1.0", "1.1rc1", "--", LOCK).splitlines()
    assert [line for line in changed if line[:1] in "+-"][2:] == [
        "-# sdk 1.0, with what the index had at the end of 2025-01-31 (UTC)",
        "-needed==1",
        "-sdk==1.0",
        "+# sdk 1.1rc1, with what the index had at the end of 2025-01-31 (UTC)",
        "+needed==2",
        "+sdk==1.1rc1",
    ]
    assert "yanked" in git(repository, "show", f"1.1rc1:{METADATA}")


def test_adding_later_gives_the_same_hashes(tmp_path: Path) -> None:
    once, step_by_step = tmp_path / "once", tmp_path / "steps"
    head = add_commits(once, [FIRST, SECOND, THIRD])
    add_commits(step_by_step, [FIRST])
    assert add_commits(step_by_step, [SECOND, THIRD]) == head
    assert {file.name: file.read_bytes() for file in once.iterdir()} == {
        file.name: file.read_bytes() for file in step_by_step.iterdir()
    }
