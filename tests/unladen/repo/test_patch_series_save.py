"""What cannot be saved as patches is refused in one line, and the old patches are kept."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from series_history import ANN, commit, git, new_clone
from series_tools import contents, refusal

from unladen.repo.patches.save import save


def merge(work: Path) -> str:
    git(work, "checkout", "--quiet", "-b", "side", "main~1")
    commit(work, "Aside", {"side.py": b"1\n"})
    git(work, "checkout", "--quiet", "main")
    git(work, "merge", "--quiet", "--no-edit", "side")
    return "is a merge"


def change_file(work: Path) -> str:
    (work / "lib/tiny/__init__.py").write_text("changed")
    return "not committed"


def add_file(work: Path) -> str:
    (work / "new.py").write_text("new")
    return "not committed"


def change_nothing(work: Path) -> str:
    git(work, "commit", "--quiet", "--allow-empty", "--message", "Nothing")
    return "(Nothing) changes no file"


def say_nothing(work: Path) -> str:
    (work / "new.py").write_text("new")
    git(work, "add", ".")
    git(work, "commit", "--quiet", "--allow-empty-message", "--message", "")
    return "has no message"


def say_latin1(work: Path) -> str:
    (work / "new.py").write_text("new")
    git(work, "add", ".")
    (work.parent / "message").write_bytes("Größer".encode("latin-1"))
    option = ("-c", "i18n.commitEncoding=ISO-8859-1")
    git(work, *option, "commit", "--quiet", "--file", str(work.parent / "message"))
    return "not UTF-8"


def say_dashes(work: Path) -> str:
    commit(work, "Draw a line\n\n---\n\nand go on", {"new.py": b"new\n"})
    return "does not survive in a patch"


def say_a_diff(work: Path) -> str:
    commit(work, "Quote\n\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n", {"new.py": b"new\n"})
    return "reword its message"


def odd_name(work: Path) -> str:
    by = ("ann@home", "ann@example.org", ANN[2])
    commit(work, "Sign oddly", {"new.py": b"new\n"}, by)
    return "its author does not survive"


def stop_in_a_rebase(work: Path) -> str:
    git(work, "checkout", "--quiet", "--detach", "main~1")
    return "finish the rebase"


def other_branch(work: Path) -> str:
    git(work, "checkout", "--quiet", "-b", "other")
    return "check out the branch main"


def lose_repository(work: Path) -> str:
    shutil.rmtree(work / ".git")
    return "has no work tree"


def lose_work(work: Path) -> str:
    shutil.rmtree(work)
    return "no such folder"


@pytest.mark.parametrize(
    "spoil",
    [
        *(merge, change_file, add_file, change_nothing, say_nothing, say_latin1, say_dashes),
        *(say_a_diff, odd_name, stop_in_a_rebase, other_branch, lose_repository, lose_work),
    ],
)
def test_what_patches_cannot_hold_is_refused_and_the_old_ones_kept(
    series: Path, clone: Path, spoil: Callable[[Path], str]
) -> None:
    before = contents(series)
    said = spoil(clone)
    assert said in refusal(save, clone, series)
    assert contents(series) == before


def test_an_empty_first_commit_is_refused(tmp_path: Path) -> None:
    work = new_clone(tmp_path / "work")
    git(work, "commit", "--quiet", "--allow-empty", "--message", "Begin")
    assert "changes no file" in refusal(save, work, tmp_path / "patches")
    assert not (tmp_path / "patches").exists()


def test_a_repository_without_commits_is_refused(tmp_path: Path) -> None:
    work = new_clone(tmp_path / "work")
    assert "branch main" in refusal(save, work, tmp_path / "patches")


def test_the_repository_around_the_patches_is_never_saved(clone: Path) -> None:
    patches = clone / "mocks" / "patches"
    assert "holds the patches themselves" in refusal(save, clone, patches)
    assert "is a folder inside" in refusal(save, clone / "lib", patches)
    assert not patches.exists()
