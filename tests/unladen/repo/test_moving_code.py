"""Code that moves, and code that is in submodules: what is measured is the same, and no commit is
called broken for it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from tiny_project import AT_ONCE, History, TinyProject, empty_history, git, write_project

from unladen.project.import_roots import root_in
from unladen.repo.checkout import check_out
from unladen.repo.repository import Repository
from unladen.repo.submodules import Unavailable, resolved

CODE = "def a(): return {}\n\ndef b(): return 7\n"


@pytest.fixture(scope="module")
def environments(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of environments of all these targets: creating one takes seconds."""
    return tmp_path_factory.mktemp("environments")


@pytest.fixture
def made(tmp_path: Path) -> History:
    """An empty repository."""
    return empty_history(tmp_path / "clone")


@pytest.fixture
def project(tmp_path: Path, environments: Path, made: History) -> TinyProject:
    """A target of that repository."""
    project = write_project(tmp_path / "project", made)
    project.change_conf(env_dir=str(environments))
    return project


def values(project: TinyProject, commit: str) -> list[Any]:
    """The stored values of ``track_value`` at a commit."""
    data = json.loads(project.results_file(commit).read_text())
    column = data["result_columns"].index("result")
    found: list[Any] = data["results"]["work.Work.track_value"][column]
    return found


def outcomes(printed: str) -> list[str]:
    """Those of the values that are not the same, from a gate's JSON."""
    found = [one["outcome"] for one in json.loads(printed)["findings"]]
    return [outcome for outcome in found if outcome != "same"]


@pytest.mark.slow
def test_a_package_that_moves_is_measured_before_and_after(project: TinyProject) -> None:
    history = project.history
    history.commit("old", {"tiny/__init__.py": CODE.format(1)}, 1)
    (history.folder / "src").mkdir()
    git(history.folder, "mv", "tiny", "src/tiny")
    history.commit("moved", {"README": "moved\n"}, 2)
    history.commit("new", {"src/tiny/__init__.py": CODE.format(3)}, 3)
    project.change_conf(paths=["tiny", "src/tiny"], import_root=["src", ""])
    done = project.unladen("--target", "tiny", "run", "--machine", "lab")
    assert done.returncode == 0, done.stderr
    assert [values(project, name) for name in ("old", "moved", "new")] == [[1, 7], [1, 7], [3, 7]]
    changes = json.loads(project.unladen("--target", "tiny", "changes", "--json").stdout)
    assert {one["commit"] for one in changes["changes"]} == {history.commits["new"]}
    # Side by side, too: each commit's code from where it lies.
    commits = history.commits
    gate = project.unladen(
        *("--target", "tiny", "gate", commits["old"], commits["new"], "--json", "-", *AT_ONCE)
    )
    assert outcomes(gate.stdout) == ["regression"]


@pytest.mark.parametrize(
    ("there", "roots", "paths", "found"),
    [
        (["src/sdk"], ["src", ""], ["sdk", "src/sdk"], "src"),
        (["sdk"], ["src", ""], ["sdk", "src/sdk"], ""),
        (["sdk"], ["", "src"], ["sdk", "src/sdk"], ""),
        (["src/sdk"], ["", "src"], ["sdk", "src/sdk"], "src"),
        (["sdk", "src/sdk"], ["src", ""], ["sdk", "src/sdk"], "src"),
        (["docs"], ["src", ""], ["sdk", "src/sdk"], "src"),
        (["lib"], ["src", "lib"], [], "lib"),
        (["src2/sdk"], ["src", "src2"], ["src2/sdk"], "src2"),
    ],
)
def test_the_root_is_the_first_that_holds_the_code(
    tmp_path: Path, there: list[str], roots: list[str], paths: list[str], found: str
) -> None:
    for folder in there:
        (tmp_path / folder).mkdir(parents=True)
    assert root_in(tmp_path, roots, paths) == tmp_path / found


@pytest.mark.slow
@pytest.mark.parametrize("root", [3, ["src", 3], "../elsewhere", ["/absolute"], {}])
def test_an_import_root_that_is_none_is_refused(project: TinyProject, root: Any) -> None:
    project.history.commit("one", {"tiny/__init__.py": CODE.format(1)}, 1)
    project.change_conf(import_root=root or [{}])
    done = project.unladen("--target", "tiny", "run")
    assert done.returncode == 2
    (line,) = done.stderr.strip().splitlines()
    assert '"import_root" must be' in line


@pytest.fixture
def dependency(tmp_path: Path) -> History:
    """The repository of a submodule, with two commits."""
    made = empty_history(tmp_path / "dependency")
    made.commit("one", {"core.py": "value = 1\n"}, 1)
    made.commit("two", {"core.py": "value = 2\n"}, 2)
    return made


def add_submodule(history: History, url: str, commit: str, path: str = "lib/tiny/core") -> None:
    """Put a submodule into the index, without a tree of its own."""
    modules = f'[submodule "core"]\n\tpath = {path}\n\turl = {url}\n'
    (history.folder / ".gitmodules").write_text(modules)
    git(history.folder, "update-index", "--add", "--cacheinfo", f"160000,{commit},{path}")


CALLS_CORE = "from tiny.core.core import value\n\ndef a(): return value\n\ndef b(): return 7\n"


@pytest.mark.slow
def test_submodules_are_measured(project: TinyProject, dependency: History) -> None:
    history = project.history
    add_submodule(history, str(dependency.folder), dependency.commits["one"])
    commit_index(history, "one", {"lib/tiny/__init__.py": CALLS_CORE}, 1)
    add_submodule(history, str(dependency.folder), dependency.commits["two"])
    commit_index(history, "two", {}, 2)
    done = project.unladen("--target", "tiny", "run", "--machine", "lab")
    assert done.returncode == 0, done.stderr
    assert values(project, "one") == [1, 7]
    assert values(project, "two") == [2, 7]
    commits = history.commits
    gate = project.unladen(
        *("--target", "tiny", "gate", commits["one"], commits["two"], "--json", "-", *AT_ONCE)
    )
    assert outcomes(gate.stdout) == ["regression"]


@pytest.mark.slow
def test_a_commit_whose_submodule_cannot_be_had_is_left_out_in_one_line(
    project: TinyProject, dependency: History
) -> None:
    history = project.history
    history.commit("plain", {"lib/tiny/__init__.py": CODE.format(1)}, 1)
    add_submodule(history, "https://example.invalid/core.git", dependency.commits["one"])
    commit_index(history, "lost", {"lib/tiny/__init__.py": CALLS_CORE}, 2)
    done = project.unladen("--target", "tiny", "run", "--machine", "lab")
    assert done.returncode == 3, done.stderr
    (line,) = (one for one in done.stderr.splitlines() if one.startswith("unladen: "))
    short = history.commits["lost"][:8]
    assert line.startswith(f"unladen: left out: submodule lib/tiny/core at {short} cannot be")
    assert "example.invalid" in line
    assert values(project, "plain") == [1, 7]
    assert not list(project.results.glob(f"{short}-*"))
    commits = history.commits
    gate = project.unladen("--target", "tiny", "gate", commits["plain"], commits["lost"], *AT_ONCE)
    assert gate.returncode == 2
    assert f"submodule lib/tiny/core at {short}" in gate.stderr.splitlines()[-1]


@pytest.mark.slow
def test_submodules_elsewhere_are_not_asked_for(project: TinyProject, dependency: History) -> None:
    history = project.history
    add_submodule(
        history, "https://example.invalid/core.git", dependency.commits["one"], "docs/core"
    )
    commit_index(history, "one", {"lib/tiny/__init__.py": CODE.format(1)}, 1)
    done = project.unladen("--target", "tiny", "run", "--machine", "lab")
    assert done.returncode == 0, done.stderr


def commit_index(history: History, name: str, files: dict[str, str], day: int) -> None:
    """As ``History.commit``, without ``git add .``, which would drop the submodules."""
    for path, text in files.items():
        file = history.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    git(history.folder, "add", ".gitmodules", *files)
    date = f"2026-01-{day:02d}T12:00:00Z"
    git(history.folder, "commit", "--quiet", "--message", name, "--date", date)
    history.commits[name] = git(history.folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(made: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """The repository as targets open it, and a folder for its clones of submodules."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UNLADEN_REPO_TINY", str(made.folder))
    return Repository("https://example.invalid/tiny.git", "tiny")


@pytest.mark.slow
def test_submodules_within_submodules(
    made: History, dependency: History, repository: Repository, tmp_path: Path
) -> None:
    middle = tmp_path / "middle"
    between = empty_history(middle)
    add_submodule(between, "../dependency", dependency.commits["one"], "inner")
    commit_index(between, "only", {"middle.py": ""}, 1)
    add_submodule(made, str(middle), between.commits["only"], "lib/middle")
    commit_index(made, "one", {"lib/code.py": ""}, 2)
    tree = tmp_path / "tree"
    for _ in range(2):
        check_out(repository, str(tree), made.commits["one"], ["lib"])
        assert (tree / "lib/middle/inner/core.py").read_text() == "value = 1\n"
    # What is known is taken from the clones that were made, also in another checkout.
    shutil.rmtree(dependency.folder)
    shutil.rmtree(middle)
    check_out(repository, str(tmp_path / "other"), made.commits["one"], [])
    assert (tmp_path / "other/lib/middle/inner/core.py").is_file()


@pytest.mark.slow
def test_the_users_own_submodules_are_used_without_the_network(
    made: History, dependency: History, repository: Repository, tmp_path: Path
) -> None:
    add_submodule(made, "https://example.invalid/core.git", dependency.commits["one"])
    commit_index(made, "one", {"lib/code.py": ""}, 1)
    git(tmp_path, "clone", "--quiet", "--bare", str(dependency.folder), "own.git")
    modules = made.folder / ".git" / "modules"
    modules.mkdir()
    os.rename(tmp_path / "own.git", modules / "core")
    check_out(repository, str(tmp_path / "tree"), made.commits["one"], ["lib"])
    assert (tmp_path / "tree/lib/tiny/core/core.py").is_file()


@pytest.mark.slow
def test_nobodys_address_makes_us_read_this_machines_files(
    made: History, dependency: History, repository: Repository, tmp_path: Path
) -> None:
    git(made.folder, "remote", "add", "origin", "https://example.invalid/tiny.git")
    for address in (str(dependency.folder), f"file://{dependency.folder}", "ext::sh -c true"):
        add_submodule(made, address, dependency.commits["one"])
        commit_index(made, "one", {"lib/code.py": address}, 1)
        with pytest.raises(Unavailable, match="submodule lib/tiny/core at"):
            check_out(repository, str(tmp_path / "tree"), made.commits["one"], ["lib"])
    assert not (tmp_path / "tree/lib/tiny/core/core.py").exists()


@pytest.mark.slow
def test_a_submodule_without_an_address_is_refused(
    made: History, dependency: History, repository: Repository, tmp_path: Path
) -> None:
    path = "lib/tiny/core"
    git(
        made.folder,
        *("update-index", "--add", "--cacheinfo", f"160000,{dependency.commits['one']},{path}"),
    )
    (made.folder / ".gitmodules").write_text("")
    commit_index(made, "one", {"lib/code.py": ""}, 1)
    with pytest.raises(Unavailable, match="does not say where it is from"):
        check_out(repository, str(tmp_path / "tree"), made.commits["one"], ["lib"])


@pytest.mark.parametrize(
    ("url", "base", "found"),
    [
        ("../core.git", "https://host/me/tiny.git", "https://host/me/core.git"),
        ("../../core", "https://host/me/tiny", "https://host/core"),
        ("./core", "/srv/tiny/", "/srv/tiny/core"),
        ("../core.git", "git@host:tiny.git", "git@host:core.git"),
        ("https://other/x", "https://host/tiny", "https://other/x"),
    ],
)
def test_relative_addresses(url: str, base: str, found: str) -> None:
    assert resolved(url, base) == found
