"""The command ``patches``, and asv run for real where the conf is beside the folder targets."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from series_history import commit, git, plain_history
from series_tools import truncate_object
from tiny_project import CONF, History, TinyProject, write_project

from unladen.repo.patches.save import save
from unladen.repo.patches.series import is_whole

pytestmark = pytest.mark.slow

NO_SUCH_PACKAGE = '[build-system]\nrequires = ["no-such-package-to-build-with"]\n'


def write_root_project(folder: Path) -> TinyProject:
    """The tiny project as a default subject: conf at the root, history in ``patches``, a home that
    knows no machine, and a ``pyproject.toml`` whose requirements no environment should have."""
    project = write_project(folder, History(folder.with_name("clone")))
    (project.target / "asv.conf.json").unlink()
    conf = {
        **CONF,
        "repo": "patches:patches",
        "benchmark_dir": "benchmarks",
        "env_dir": ".asv/tiny/env",
        "results_dir": "results/tiny",
        "html_dir": "html/tiny",
        "lock": "targets/tiny/requirements.txt",
    }
    del conf["paths"]
    (folder / "asv.conf.json").write_text(json.dumps(conf))
    (folder / "pyproject.toml").write_text(NO_SUCH_PACKAGE)
    save(plain_history(project.history.folder), folder / "patches")
    return project


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> TinyProject:
    """The project that is measured: creating its environment takes seconds."""
    return write_root_project(tmp_path_factory.mktemp("root") / "project")


@pytest.fixture
def project(shared: TinyProject, tmp_path: Path) -> TinyProject:
    """A copy of the project, not measured, to be changed at will."""
    ignored = shutil.ignore_patterns(".asv", "results", "html")
    shutil.copytree(shared.folder, tmp_path / "project", ignore=ignored)
    shutil.copytree(shared.history.folder, tmp_path / "clone")
    (tmp_path / "home").mkdir()
    return TinyProject(tmp_path / "project", History(tmp_path / "clone"), tmp_path / "home")


def head_of(project: TinyProject) -> str:
    return (project.folder / "patches" / "HEAD").read_text().strip()


def patches(project: TinyProject, *arguments: str) -> subprocess.CompletedProcess[str]:
    return project.unladen("patches", *arguments, UNLADEN_REPO_TINY="")


def refusal(found: subprocess.CompletedProcess[str]) -> str:
    assert found.returncode == 2, found.stdout + found.stderr
    assert found.stdout == ""
    (line,) = found.stderr.splitlines()
    return line


def test_build_prints_the_head_and_the_repository(project: TinyProject) -> None:
    repository = project.folder / ".asv" / "tiny.git"
    expected = f"{head_of(project)} {repository}\n"
    for target in ((), ("--target", "tiny"), ("--config", "asv.conf.json")):
        found = patches(project, "build", *target)
        assert (found.returncode, found.stdout, found.stderr) == (0, expected, "")
    assert git(repository, "rev-parse", "HEAD") == head_of(project)


def test_open_rebase_save(project: TinyProject) -> None:
    opened = patches(project, "open", "../work", "--target", "tiny")
    assert opened.returncode == 0, opened.stderr
    work = project.folder.parent / "work"
    assert opened.stdout == f"{head_of(project)} {work}\n"
    old = head_of(project)
    git(work, "reset", "--quiet", "--hard", "HEAD~1")
    commit(work, "Return another", {"lib/tiny/__init__.py": b"def a(): return 9\n"})
    saved = patches(project, "save", "../work")
    assert saved.returncode == 0, saved.stderr
    assert saved.stdout == f"{head_of(project)} {project.folder / 'patches'}\n"
    assert head_of(project) != old
    assert patches(project, "build").stdout.startswith(head_of(project))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("open",), "needs a folder"),
        (("save",), "needs a folder"),
        (("build", "x"), "takes no folder"),
        (("open", "targets"), "is there already"),
        (("save", "."), "has no work tree"),
        (("save", "nowhere"), "no such folder"),
        (("rebase",), "invalid choice: 'rebase'"),
    ],
)
def test_bad_arguments_are_one_line(
    project: TinyProject, arguments: tuple[str, ...], said: str
) -> None:
    assert said in refusal(patches(project, *arguments))


def test_a_target_without_patches_is_one_line(project: TinyProject) -> None:
    conf = project.folder / "asv.conf.json"
    conf.write_text(conf.read_text().replace("patches:patches", "https://example.invalid/t.git"))
    for action in (("build",), ("open", "../work"), ("save", "../clone")):
        assert "tiny is not kept as patches" in refusal(patches(project, *action))


def test_changed_patches_are_one_line_wherever_they_are_needed(project: TinyProject) -> None:
    patch = next((project.folder / "patches").glob("0003-*"))
    patch.write_text(patch.read_text().replace("return 3", "return 5"))
    for command in (("patches", "build"), ("run", "--machine", "lab"), ("run", "main^!")):
        found = project.unladen(*command, UNLADEN_REPO_TINY="")
        assert "the patches were changed by hand" in refusal(found)
    asv = project.asv("run", UNLADEN_REPO_TINY="")
    assert asv.returncode == 1
    assert "the patches were changed by hand" in asv.stdout
    assert "Traceback" not in asv.stdout + asv.stderr


def test_the_variable_still_names_another_clone(project: TinyProject) -> None:
    clone = str(project.history.folder)
    shown = project.unladen("run", "nowhere..main", UNLADEN_REPO_TINY=clone)
    assert "no such commit, branch or tag: nowhere" in refusal(shown)
    assert not list((project.folder / ".asv").glob("*.git"))


def test_the_default_subject_is_checked_without_being_named(project: TinyProject) -> None:
    conf = project.folder / "asv.conf.json"
    conf.write_text(json.dumps({**json.loads(conf.read_text()), "plugins": ["x"]}))
    assert '"plugins" must contain' in refusal(project.unladen("run"))


def test_plain_asv_works_in_the_root_and_asks_nothing(shared: TinyProject) -> None:
    def asv(*arguments: str) -> str:
        done = shared.asv(*arguments, UNLADEN_REPO_TINY="")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "I know about" not in done.stdout
        return done.stdout

    assert "(1 commits" in asv("run", "--bench", "track_value")
    (described,) = (
        value
        for name, value in json.loads((shared.home / ".asv-machine.json").read_text()).items()
        if name != "version"
    )
    (results,) = (shared.folder / "results" / "tiny" / described["machine"]).glob("*-*.json")
    assert results.name.startswith(head_of(shared)[:8])

    asv("continuous", "HEAD~1", "HEAD", "--bench", "track_seconds")
    asv("find", "HEAD~2..HEAD", "work.track_seconds")
    damaged = shared.folder / ".asv" / "tiny.git"
    truncate_object(damaged)
    asv("publish")
    assert is_whole(damaged, head_of(shared))
    index = json.loads((shared.folder / "html" / "tiny" / "index.json").read_text())
    assert index["project"] == "tiny"
    assert head_of(shared)[:8] in asv("show")


def test_unladen_measures_every_commit_of_the_series(shared: TinyProject) -> None:
    ran = shared.unladen("run", "--machine", "lab", UNLADEN_REPO_TINY="")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert len(list(shared.results.glob("*-*.json"))) == 3
    assert "To see them: unladen table" in ran.stdout
