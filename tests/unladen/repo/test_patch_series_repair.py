"""A repository that is not whole is built again; patches that were changed by hand are refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from series_history import commit, git
from series_tools import PROVIDE, contents, finished, head_of, python, refusal, truncate_object

from unladen.repo.patches import series
from unladen.repo.patches.save import save
from unladen.repo.patches.series import is_whole, patch_files, provide


def flip_byte(repository: Path) -> None:
    file = max((repository / "objects").rglob("*"), key=lambda f: f.stat().st_size * f.is_file())
    file.chmod(0o644)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(bytes(data))


def truncate_pack(repository: Path) -> None:
    git(repository, "repack", "-a", "-d", "--quiet")
    file = next((repository / "objects").rglob("*.pack"))
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-30])


def lose_object(repository: Path) -> None:
    old = git(repository, "rev-parse", "main~2:lib/tiny/__init__.py")
    (repository / "objects" / old[:2] / old[2:]).unlink()


def lose_head(repository: Path) -> None:
    (repository / "HEAD").unlink()


def detach_head(repository: Path) -> None:
    (repository / "HEAD").write_text(git(repository, "rev-parse", "main") + "\n")


def lose_objects(repository: Path) -> None:
    shutil.rmtree(repository / "objects")


def lose_refs(repository: Path) -> None:
    shutil.rmtree(repository / "refs")


def empty_it(repository: Path) -> None:
    shutil.rmtree(repository)
    repository.mkdir()


def replace_by_file(repository: Path) -> None:
    shutil.rmtree(repository)
    repository.write_text("")


def break_config(repository: Path) -> None:
    (repository / "config").write_text("[core\n")


def add_tag(repository: Path) -> None:
    git(repository, "tag", "v1")


def copy_half(repository: Path) -> None:
    files = sorted(file for file in repository.rglob("*") if file.is_file())
    for file in files[len(files) // 2 :]:
        file.unlink()


def go_back(repository: Path) -> None:
    git(repository, "update-ref", "refs/heads/main", "main~1")


@pytest.mark.rotated
@pytest.mark.parametrize(
    "damage",
    [
        *(truncate_object, flip_byte, truncate_pack, lose_object, lose_head, detach_head),
        *(lose_objects, lose_refs, empty_it, replace_by_file, break_config, add_tag),
        *(copy_half, go_back),
    ],
)
def test_what_is_not_whole_is_built_again(
    plain_series: Path,
    tmp_path: Path,
    damage: Callable[[Path], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    repository = tmp_path / "built.git"
    head = provide(plain_series, repository)
    assert capsys.readouterr() == ("", "")
    damage(repository)
    assert not is_whole(repository, head)
    assert provide(plain_series, repository) == head
    assert is_whole(repository, head)
    output, errors = capsys.readouterr()
    assert output == ""
    assert len(errors.splitlines()) == 1
    assert "built again" in errors
    assert not list(tmp_path.glob("*.part-*"))


def test_a_whole_repository_is_left_alone(plain_series: Path, tmp_path: Path) -> None:
    repository = tmp_path / "built.git"
    provide(plain_series, repository)
    before = repository.stat().st_ino
    provide(plain_series, repository)
    assert repository.stat().st_ino == before


def test_a_repository_of_an_older_series_is_built_again(
    series: Path, clone: Path, tmp_path: Path
) -> None:
    repository = tmp_path / "built.git"
    old = provide(series, repository)
    commit(clone, "More", {"more.py": b""})
    new = save(clone, series)
    assert provide(series, repository) == new != old
    assert git(repository, "rev-parse", "HEAD") == new


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError])
def test_an_interrupted_build_leaves_no_repository(
    plain_series: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    build = series.build

    def build_and_stop(patches: list[Path], repository: Path) -> str:
        build(patches, repository)
        raise stop

    repository = tmp_path / "asv" / "built.git"
    monkeypatch.setattr(series, "build", build_and_stop)
    with pytest.raises(stop):
        provide(plain_series, repository)
    assert [file.name for file in repository.parent.iterdir()] == ["built.git.lock"]


def test_what_a_killed_build_left_is_removed(plain_series: Path, tmp_path: Path) -> None:
    left = tmp_path / "built.git.part-x"
    (left / "new").mkdir(parents=True)
    provide(plain_series, tmp_path / "built.git")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["built.git", "built.git.lock"]


@pytest.mark.slow
@pytest.mark.parametrize("damage", [None, lose_objects])
def test_builds_at_the_same_time_all_end_well(
    plain_series: Path, tmp_path: Path, damage: Callable[[Path], None] | None
) -> None:
    repository = tmp_path / "built.git"
    if damage:
        provide(plain_series, repository)
        damage(repository)
    builders = [python(PROVIDE, plain_series, repository, "022") for _ in range(3)]
    assert {finished(builder) for builder in builders} == {head_of(plain_series)}
    assert is_whole(repository, head_of(plain_series))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["built.git", "built.git.lock"]


def change_code(folder: Path) -> None:
    file = patch_files(folder)[2]
    file.write_text(file.read_text().replace("return 3", "return 5"))


def change_context(folder: Path) -> None:
    file = patch_files(folder)[2]
    file.write_text(file.read_text().replace("return 2", "return 5"))


def change_message(folder: Path) -> None:
    file = patch_files(folder)[1]
    file.write_text(file.read_text().replace("Subject: Return 2", "Subject: Return two"))


def change_author(folder: Path) -> None:
    file = patch_files(folder)[1]
    file.write_text(file.read_text().replace("From: Ann", "From: Anna"))


def wrong_date(folder: Path) -> None:
    file = patch_files(folder)[1]
    file.write_text(file.read_text().replace("Date: Thu, 1 Jan", "Date: one day in"))


def lose_author(folder: Path) -> None:
    file = patch_files(folder)[0]
    file.write_text("".join(file.read_text().splitlines(keepends=True)[3:]))


def lose_patch(folder: Path) -> None:
    patch_files(folder)[1].unlink()


def lose_last(folder: Path) -> None:
    patch_files(folder)[2].unlink()


def lose_patches(folder: Path) -> None:
    for file in patch_files(folder):
        file.unlink()


def rubbish(folder: Path) -> None:
    patch_files(folder)[0].write_bytes(b"\xff\0rubbish")


def empty_patch(folder: Path) -> None:
    patch_files(folder)[2].write_text("")


def carriage_returns(folder: Path) -> None:
    for file in patch_files(folder):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))


def wrong_hash(folder: Path) -> None:
    (folder / "HEAD").write_text("0" * 40 + "\n")


@pytest.mark.parametrize(
    "change",
    [
        *(change_code, change_context, change_message, change_author, wrong_date, lose_author),
        *(lose_patch, lose_last, rubbish, empty_patch, carriage_returns, wrong_hash),
    ],
)
def test_a_change_by_hand_is_refused_and_nothing_replaced(
    series: Path, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    repository = tmp_path / "built.git"
    head = provide(series, repository)
    git(repository, "tag", "old")
    before = contents(series)
    change(series)
    assert contents(series) != before
    message = refusal(provide, series, repository)
    assert "the patches were changed by hand" in message
    assert "unladen patches save" in message
    assert git(repository, "rev-parse", "old") == head
    assert not list(tmp_path.glob("*.part-*"))


def lose_hash(folder: Path) -> None:
    (folder / "HEAD").unlink()


def short_hash(folder: Path) -> None:
    (folder / "HEAD").write_text("0123abc\n")


def lose_folder(folder: Path) -> None:
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lose_hash, "must hold the full hash"),
        (short_hash, "must hold the full hash"),
        (lose_folder, "no such folder of patches"),
        (lose_patches, "there are no patches in it"),
    ],
)
def test_a_folder_that_is_no_series_is_refused(
    series: Path, tmp_path: Path, change: Callable[[Path], None], said: str
) -> None:
    change(series)
    assert said in refusal(provide, series, tmp_path / "built.git")
    assert not (tmp_path / "built.git").exists()
