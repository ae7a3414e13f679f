"""``unladen demo`` from an installed wheel, in an empty folder: the sample is inside."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_wheel import ROOT, Installed
from tiny_project import git

from unladen.repo.patches.series import provide

pytestmark = pytest.mark.slow


@pytest.fixture
def beginning(tmp_path: Path) -> Path:
    """A clone of the sample's repository that ends with its second commit: 71 take minutes."""
    whole, short = tmp_path / "whole.git", tmp_path / "short"
    provide(ROOT / "mocks" / "parley" / "patches", whole)
    git(tmp_path, "clone", "--quiet", str(whole), str(short))
    second = git(short, "rev-list", "--reverse", "HEAD").splitlines()[1]
    git(short, "reset", "--quiet", "--hard", second)
    return short


@pytest.mark.rotated(name="longest", one_in=4)
def test_the_demo_in_an_empty_folder(installed: Installed, beginning: Path, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    short = {"UNLADEN_REPO_PARLEY": str(beginning)}
    said = installed.said("unladen", "demo", "--machine", "lab", cwd=folder, **short)
    assert said.startswith("parley: 2 commits measured on lab, 2 of them now\n")
    assert "Open this page first: html/index.html" in said
    assert (folder / "html" / "parley" / "index.html").is_file()
    assert {path.name for path in folder.iterdir()} == {
        *("asv.conf.json", ".asv", "html", "results"),
    }
    # The other commands find what it wrote, plain asv's too, and the whole history.
    assert "makespan" in installed.said("unladen", "table", cwd=folder, **short)
    installed.said("asv", "publish", cwd=folder, **short)
    (head,) = (ROOT / "mocks" / "parley" / "patches" / "HEAD").read_text().split()
    assert installed.said("unladen", "patches", "build", cwd=folder).startswith(head)


def test_the_demo_wants_an_empty_folder(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear reader\n")
    done = installed.run("unladen", "demo", cwd=tmp_path)
    assert done.returncode == 2
    assert "wants an empty folder: mkdir demo && cd demo" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
