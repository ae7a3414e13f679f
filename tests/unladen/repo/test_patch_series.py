"""Building a series, and saving it, gives the same commits and the same bytes everywhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from series_history import ANN, ZOE, commit, git, hostile_user
from series_tools import PROVIDE, SAVE, contents, finished, head_of, log, python, refusal
from tiny_project import REPOSITORY_ROOT

from unladen.repo.patches.save import save
from unladen.repo.patches.series import open_work_tree, patch_files, provide, series_folder

WHO_AND_WHEN = "%H %T %an <%ae> %ad %cn <%ce> %cd"


@pytest.mark.slow
def test_all_survives_but_the_committer(hard_series: Path, tmp_path: Path) -> None:
    built, clone = tmp_path / "built.git", hard_series.parent / "clone"
    assert provide(hard_series, built) == head_of(hard_series) == git(built, "rev-parse", "HEAD")
    for form in ("%T", "%an <%ae> %ad", "%B"):
        assert log(built, form) == log(clone, form)
    assert log(built, "%cn <%ce> %cd") == log(built, "%an <%ae> %ad")
    assert git(built, "fsck", "--strict") == ""
    assert len(log(built, "%H").split()) == len(patch_files(hard_series))


def test_the_commits_of_its_authors_keep_their_hashes(hard_series: Path) -> None:
    # In this clone everybody committed what they wrote.
    assert head_of(hard_series) == git(hard_series.parent / "clone", "rev-parse", "main")


def test_a_patch_names_whole_hashes_and_no_version_of_git(hard_series: Path) -> None:
    for file in patch_files(hard_series):
        lines = file.read_bytes().splitlines()
        assert lines[0] == b"From %s Mon Sep 17 00:00:00 2001" % (b"0" * 40)
        assert b"-- " not in lines
        for line in (line for line in lines if line.startswith(b"index ")):
            old, _, new = line.split()[1].partition(b"..")
            assert (len(old), len(new)) == (40, 40)


def test_saving_again_gives_the_same_bytes(hard_series: Path, tmp_path: Path) -> None:
    again = Path(shutil.copytree(hard_series, tmp_path / "patches"))
    (again / "README.md").write_text("kept")
    (again / "0099-Left-over.patch").write_text("removed")
    save(hard_series.parent / "clone", again)
    assert contents(again) == {**contents(hard_series), "README.md": b"kept"}


def test_who_rebased_and_how_the_clone_is_configured_does_not_matter(
    hard_series: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    git(tmp_path, "clone", "--quiet", str(hard_series.parent / "clone"), str(work))
    git(work, "rebase", "--quiet", "--root", "--force-rebase", by=ZOE)
    assert git(work, "rev-parse", "main") != head_of(hard_series)
    for key, value in (
        *(("diff.noprefix", "true"), ("diff.renames", "true"), ("diff.context", "0")),
        *(("format.signOff", "true"), ("format.attach", "true"), ("core.abbrev", "4")),
        *(("core.quotePath", "false"), ("i18n.logOutputEncoding", "ISO-8859-1")),
    ):
        git(work, "config", key, value)
    save(work, tmp_path / "patches")
    assert contents(tmp_path / "patches") == contents(hard_series)


@pytest.mark.slow
@pytest.mark.parametrize("umask", ["022", "077"])
def test_hashes_and_patches_are_the_same_for_everybody(
    hard_series: Path, tmp_path: Path, umask: str
) -> None:
    variables = hostile_user(tmp_path / "home")
    built, work, saved = tmp_path / "built.git", tmp_path / "work", tmp_path / "patches"
    assert finished(python(PROVIDE, hard_series, built, umask, **variables)) == head_of(hard_series)
    open_work_tree(built, work)
    assert finished(python(SAVE, work, saved, umask, **variables)) == head_of(hard_series)
    assert contents(saved) == contents(hard_series)
    assert log(built, WHO_AND_WHEN) == log(hard_series.parent / "clone", WHO_AND_WHEN)
    assert not (tmp_path / "home" / "index").exists()


@pytest.mark.slow
def test_a_clone_to_work_in_is_saved_back(series: Path, tmp_path: Path) -> None:
    built, work = tmp_path / "built.git", tmp_path / "work"
    provide(series, built)
    open_work_tree(built, work)
    assert git(work, "symbolic-ref", "HEAD") == "refs/heads/main"
    assert git(work, "status", "--porcelain") == ""
    before = contents(series)
    assert save(work, series) == head_of(series)
    assert contents(series) == before
    commit(work, "Return 4", {"lib/tiny/__init__.py": b"def a(): return 4\n"}, ZOE)
    head = save(work, series)
    assert provide(series, built) == head == git(built, "rev-parse", "main")
    assert [file.name for file in patch_files(series)][3:] == ["0004-Return-4.patch"]


def test_a_clone_is_not_made_over_something(plain_series: Path, tmp_path: Path) -> None:
    provide(plain_series, tmp_path / "built.git")
    assert "is there already" in refusal(open_work_tree, tmp_path / "built.git", tmp_path)


def test_a_repo_names_a_series(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert series_folder("patches:a/b") == tmp_path / "a" / "b"
    assert series_folder(f"patches:{tmp_path}") == tmp_path
    assert series_folder("https://example.org/a.git") is None
    assert 'must name a folder: "patches:FOLDER"' in refusal(series_folder, "patches:")


@pytest.mark.parametrize("name", ["0001-Begin.patch", "HEAD"])
def test_git_never_converts_the_patches_of_parley(name: str) -> None:
    path = f"mocks/parley/patches/{name}"
    found = git(REPOSITORY_ROOT, "check-attr", "text", "whitespace", "--", path, by=ANN)
    assert found == f"{path}: text: unset\n{path}: whitespace: unset"
