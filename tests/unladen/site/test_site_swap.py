"""A site takes the place of the old one when it is whole."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from unladen.errors import UserError
from unladen.site import swap
from unladen.site.swap import built_beside


def build(site: Path, text: str) -> None:
    with built_beside(site) as folder:
        write(folder, text)


def write(folder: Path, text: str) -> None:
    (folder / "data").mkdir(parents=True)
    for name in ("index.html", f"of-{text}.html", "data/site.js"):
        (folder / name).write_text(text)


def contents(site: Path) -> dict[str, str]:
    files = (file for file in sorted(site.rglob("*")) if file.is_file())
    return {str(file.relative_to(site)): file.read_text() for file in files}


def whole(text: str) -> dict[str, str]:
    return dict.fromkeys(("data/site.js", "index.html", f"of-{text}.html"), text)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Where a site was built already."""
    path = tmp_path / "html" / "sdk"
    build(path, "old")
    assert contents(path) == whole("old")
    return path


def beside(site: Path) -> list[str]:
    return [path.name for path in site.parent.iterdir() if path != site]


def test_the_new_site_takes_the_place_of_the_old_one(site: Path) -> None:
    with built_beside(site) as folder:
        write(folder, "new")
        assert contents(site) == whole("old")
        assert folder.stat().st_dev == site.stat().st_dev
    assert contents(site) == whole("new")
    assert beside(site) == []


def test_what_fails_leaves_the_old_site(site: Path) -> None:
    def build_half() -> None:
        with built_beside(site) as folder:
            write(folder, "new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_half()
    assert contents(site) == whole("old")
    assert beside(site) == []


def test_an_empty_folder_is_a_place_too(tmp_path: Path) -> None:
    (tmp_path / "sdk").mkdir()
    build(tmp_path / "sdk", "new")
    assert contents(tmp_path / "sdk") == whole("new")


@pytest.mark.parametrize("number", [errno.EBUSY, errno.EXDEV, errno.ENOSYS, errno.EINVAL])
def test_where_folders_cannot_be_exchanged_files_are(
    site: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mount point, another file system, an old kernel."""

    def refuse(new: Path, site: Path) -> bool:
        raise OSError(number, os.strerror(number), str(site))

    (site / "only-old").mkdir()
    (site / "only-old" / "page.html").write_text("old")
    monkeypatch.setattr(swap, "_exchanged", refuse)
    inode = site.stat().st_ino
    build(site, "new")
    assert contents(site) == whole("new")
    assert site.stat().st_ino == inode
    assert sorted(path.name for path in site.iterdir()) == ["data", "index.html", "of-new.html"]
    assert beside(site) == []


def test_at_a_mount_point_it_is_built_within(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path) == site)
    with built_beside(site) as folder:
        assert folder.is_relative_to(site)
        write(folder, "new")
    assert contents(site) == whole("new")


def test_between_file_systems_files_are_copied(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = os.rename

    def refuse(source: Path, target: Path) -> None:
        if not Path(source).is_relative_to(site):
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), str(target))
        rename(source, target)

    monkeypatch.setattr(os, "rename", refuse)
    build(site, "new")
    assert contents(site) == whole("new")
    assert beside(site) == []


def test_a_symbolic_link_stays_one(site: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(site)
    build(link, "new")
    assert link.is_symlink()
    assert contents(site) == whole("new")


def test_leftovers_of_the_dead_are_removed_and_those_of_the_living_kept(site: Path) -> None:
    dead = site.parent / ".sdk.publish-dead"
    (dead / "site").mkdir(parents=True)
    (dead / "site" / "index.html").write_text("half")
    (dead / "lock").touch()
    (site.parent / ".sdk.publish-unborn").mkdir()
    with built_beside(site) as living:
        write(living, "first")
        build(site, "second")
        assert contents(living) == whole("first")
        assert contents(site) == whole("second")
        assert beside(site) == [living.parent.name]
    assert contents(site) == whole("first")
    assert beside(site) == []


def test_many_at_once(site: Path) -> None:
    texts = [f"{n}" for n in range(20)]
    threads = [threading.Thread(target=build, args=(site, text)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert contents(site) in [whole(text) for text in texts]
    assert beside(site) == []


def test_a_file_is_no_place_for_a_site(tmp_path: Path) -> None:
    (tmp_path / "sdk").write_text("precious")
    with pytest.raises(UserError, match="is no folder"), built_beside(tmp_path / "sdk"):
        pass
    assert (tmp_path / "sdk").read_text() == "precious"
