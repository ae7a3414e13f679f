"""Tags are kept with the patches: the same commits have them again, on every machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from series_history import git
from series_tools import contents, head_of, log, refusal

from unladen.repo.patches.save import save
from unladen.repo.patches.series import open_work_tree, provide
from unladen.repo.patches.tags import TAGS_FILE


@pytest.fixture
def tagged(plain_series: Path, tmp_path: Path) -> Path:
    """A clone of three commits or more with two tags, one of them annotated."""
    built, work = tmp_path / "first.git", tmp_path / "work"
    provide(plain_series, built)
    open_work_tree(built, work)
    git(work, "tag", "v1", "main~1")
    git(work, "tag", "--annotate", "--message", "the second", "v2/rc", "main")
    return work


def test_saved_tags_are_there_again(tagged: Path, tmp_path: Path) -> None:
    series, built = tmp_path / "series", tmp_path / "built.git"
    head = save(tagged, series)
    assert provide(series, built) == head
    hashes = log(built, "%H").split()
    lines = git(built, "show-ref", "--tags").splitlines()
    assert lines == [f"{hashes[1]} refs/tags/v1", f"{hashes[0]} refs/tags/v2/rc"]
    again = tmp_path / "again"
    open_work_tree(built, again)
    assert save(again, tmp_path / "series2") == head
    assert contents(series) == contents(tmp_path / "series2")


def test_tags_follow_a_rebase_or_are_refused(tagged: Path, tmp_path: Path) -> None:
    series = tmp_path / "series"
    save(tagged, series)
    before = contents(series)
    git(tagged, "commit", "--quiet", "--amend", "--message", "Another message")
    assert "the tag v2/rc is on" in refusal(save, tagged, series)
    assert contents(series) == before
    git(tagged, "tag", "--delete", "v2/rc")
    save(tagged, series)
    assert "v2/rc" not in (series / TAGS_FILE).read_text()
    git(tagged, "tag", "--delete", "v1")
    save(tagged, series)
    assert not (series / TAGS_FILE).exists()


def test_a_repository_of_other_tags_is_built_again(
    tagged: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    series, built = tmp_path / "series", tmp_path / "built.git"
    save(tagged, series)
    head = provide(series, built)
    (series / TAGS_FILE).write_text(f"{head} v3\n")
    provide(series, built)
    assert "is built again" in capsys.readouterr().err
    assert git(built, "show-ref", "--tags") == f"{head} refs/tags/v3"


@pytest.mark.parametrize("text", ["v1\n", "abc v1\n", f"{'0' * 40} v1\n", f"{'a' * 40} v 1\n"])
def test_a_damaged_file_of_tags_is_refused(tagged: Path, tmp_path: Path, text: str) -> None:
    series, built = tmp_path / "series", tmp_path / "built.git"
    save(tagged, series)
    (series / TAGS_FILE).write_text(text)
    assert TAGS_FILE in refusal(provide, series, built)
    assert not built.exists()
    assert head_of(series)
