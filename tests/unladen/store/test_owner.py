"""Folders of results, environments and pages belong to one target."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tiny_project import TinyProject

pytestmark = pytest.mark.slow

FOLDERS = ("results_dir", "env_dir", "html_dir")


@pytest.fixture
def published(measured: TinyProject) -> TinyProject:
    """The measured project with its site, and with environments of its own to look at."""
    done = measured.unladen("--target", "tiny", "publish", "--no-pull")
    assert done.returncode == 0, done.stderr
    return measured


def copy_target(project: TinyProject, **changes: str) -> None:
    """A copy called ``other`` as its author would make it, with folders of its own but for
    ``changes``."""
    folder = project.folder / "targets" / "other"
    shutil.copytree(project.target, folder)
    conf = json.loads((folder / "asv.conf.json").read_text())
    own = {name: f"../../{name}/other" for name in FOLDERS}
    conf.update({"project": "other", **own, **changes})
    (folder / "asv.conf.json").write_text(json.dumps(conf))


def kept(project: TinyProject) -> dict[str, str]:
    """What may not change."""
    return {
        name: digest
        for name, digest in project.digest().items()
        if name.startswith(("results", "html"))
    }


@pytest.mark.parametrize("is_marked", [True, False])
def test_another_targets_results_are_neither_shown_nor_written(
    published: TinyProject, is_marked: bool
) -> None:
    copy_target(published, results_dir="../../results/tiny")
    marker = published.results.parent / "target.json"
    assert json.loads(marker.read_text())["project"] == "tiny"
    if not is_marked:
        marker.unlink()
    before = kept(published)
    clone = {"UNLADEN_REPO_OTHER": str(published.history.folder)}
    for command in (["table"], ["changes"], ["report"], ["run"], ["demo"], ["publish"]):
        done = published.unladen("--target", "other", *command, **clone)
        assert done.returncode == 2, command
        (line,) = done.stderr.strip().splitlines()
        assert '"results_dir" of tiny, not of other' in line
    assert kept(published) == before
    assert published.unladen("--target", "tiny", "table").returncode == 0


def test_another_targets_pages_are_not_deleted(published: TinyProject) -> None:
    copy_target(published, html_dir="../../html/tiny")
    shutil.copytree(published.results, published.folder / "results_dir/other/lab")
    shutil.copy(
        published.results.parent / "benchmarks.json", published.folder / "results_dir/other"
    )
    before = kept(published)
    clone = {"UNLADEN_REPO_OTHER": str(published.history.folder)}
    for command in ("publish", "demo"):
        done = published.unladen("--target", "other", command, **clone)
        assert done.returncode == 2
        (line,) = done.stderr.strip().splitlines()
        assert '"html_dir" of tiny, not of other' in line
    assert kept(published) == before


@pytest.mark.parametrize("plain", [False, True], ids=["unladen", "asv"])
def test_a_folder_that_is_no_site_is_not_deleted(measured: TinyProject, plain: bool) -> None:
    precious = measured.folder / "docs" / "precious.md"
    precious.parent.mkdir()
    precious.write_text("years of work")
    measured.change_conf(html_dir="../../docs")
    if plain:
        done = measured.asv("--config", str(measured.target / "asv.conf.json"), "publish")
    else:
        done = measured.unladen("--target", "tiny", "publish")
    assert done.returncode != 0
    assert "holds no published site, and publish deletes what is there" in done.stdout + done.stderr
    assert precious.read_text() == "years of work"


@pytest.mark.parametrize("is_marked", [True, False])
def test_another_targets_environments_are_not_used(
    published: TinyProject, is_marked: bool, tmp_path: Path
) -> None:
    environments = tmp_path / "environments"
    packages = environments / "1234" / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    (packages / "unladen-tiny.pth").write_text("/nowhere\n")
    if is_marked:
        (environments / "target.json").write_text('{"version": 1, "project": "tiny"}')
    copy_target(published, env_dir=str(environments))
    clone = {"UNLADEN_REPO_OTHER": str(published.history.folder)}
    for command in (["run"], ["demo"], ["gate", "HEAD~1", "HEAD"]):
        done = published.unladen("--target", "other", *command, **clone)
        assert done.returncode == 2
        assert '"env_dir" of tiny, not of other' in done.stderr.strip().splitlines()[-1]


def test_damaged_markers_say_nothing(measured: TinyProject) -> None:
    for text in ("", "[]", '{"project": 3}', "{"):
        (measured.results.parent / "target.json").write_text(text)
        assert measured.unladen("--target", "tiny", "table").returncode == 0
