"""The loop of asv's users: ``-E existing``, ``--python same`` and ``profile``, of asv too."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from tiny_project import TinyProject, git, write_history, write_project

from unladen.measure.existing import uses_existing_python

LOADING = """
class Target:
    imports = ("tiny.part", "json")

def load(name):
    return Target()
"""


@pytest.fixture
def project(tmp_path: Path) -> TinyProject:
    """A project whose clone has a work tree, of the newest commit."""
    return write_project(tmp_path / "own" / "project", write_history(tmp_path / "clone"))


def stored(project: TinyProject) -> dict[str, Any]:
    """The one results file, by series."""
    (file,) = project.results.glob("*-existing-*.json")
    data = json.loads(file.read_text())
    assert file.with_suffix(".record").is_file()
    column = data["result_columns"].index("result")
    return {name: row[column] for name, row in data["results"].items()}


@pytest.mark.slow
@pytest.mark.parametrize("plain", [False, True], ids=["unladen", "asv"])
def test_existing_measures_the_work_tree_as_it_is(project: TinyProject, plain: bool) -> None:
    code = project.history.folder / "lib/tiny/__init__.py"
    code.write_text("def a(): return 31\n\ndef b(): return 32\n")
    if plain:
        conf = str(project.target / "asv.conf.json")
        done = project.asv("--config", conf, "run", "-E", "existing")
    else:
        done = project.unladen("--target", "tiny", "run", "-E", "existing")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"measured is the work tree {project.history.folder} as it is" in done.stderr
    assert "is not as the lock says: it also has" in done.stderr
    assert "31" in done.stdout
    assert not list(project.results.parent.glob("*/*existing*"))


@pytest.mark.slow
def test_the_values_are_those_of_our_own_environment(
    project: TinyProject, measured: TinyProject
) -> None:
    head = project.history.commits["good"]
    # What a process of the work tree left behind is no change of it.
    cache = project.history.folder / "lib/tiny/__pycache__"
    cache.mkdir()
    (cache / "x.pyc").write_text("")
    done = project.unladen(
        *("--target", "tiny", "run", "--python", "same", "--set-commit-hash", head),
        *("--machine", "lab"),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    there = json.loads(measured.results_file("good").read_text())["results"]
    assert stored(project) == {name: row[0] for name, row in there.items()}


@pytest.mark.slow
def test_no_value_is_stored_under_a_commit_that_the_work_tree_is_not(
    project: TinyProject,
) -> None:
    command = ("--target", "tiny", "run", "-E", "existing", "--machine", "lab")
    older = project.history.commits["raising"]
    done = project.unladen(*command, "--set-commit-hash", older)
    assert done.returncode == 2
    head = project.history.commits["good"][:8]
    assert f"tiny {older[:8]}: not stored, the work tree" in done.stderr
    assert done.stderr.rstrip().endswith(f"is at {head}")
    (project.history.folder / "lib/tiny/more.py").write_text("")
    done = project.unladen(*command, "--set-commit-hash", project.history.commits["good"])
    assert done.returncode == 2
    assert done.stderr.rstrip().endswith("has changes: lib/tiny/more.py")
    assert not list(project.results.glob("*existing*"))


@pytest.mark.slow
def test_an_sdk_that_is_not_there_is_refused_in_one_line(project: TinyProject) -> None:
    (project.folder / "targets" / "loading.py").write_text(LOADING)
    bare = project.folder.with_name("bare.git")
    git(project.folder, "init", "--quiet", "--bare", str(bare))
    done = project.unladen("--target", "tiny", "run", "-E", "existing", UNLADEN_REPO_TINY=str(bare))
    assert done.returncode == 2
    (line,) = done.stderr.strip().splitlines()
    assert line == (
        f"unladen: {sys.executable} has no tiny: install the SDK there, or set UNLADEN_REPO_TINY "
        "to a clone with a work tree"
    )


@pytest.mark.slow
def test_a_malformed_driver_is_refused(project: TinyProject) -> None:
    driver = project.target / "driver.py"
    driver.write_text(driver.read_text() + "# MALFORMED\n")
    done = project.unladen("--target", "tiny", "run", "-E", "existing")
    assert done.returncode == 2
    assert done.stderr.strip().endswith("TARGET.imports must list at least one module")


@pytest.mark.slow
def test_profile(project: TinyProject) -> None:
    done = project.unladen("--target", "tiny", "profile", "-E", "existing", "work.track_seconds")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "track_seconds" in done.stdout
    assert "cumulative time" in done.stdout


@pytest.mark.parametrize(
    ("specifications", "found"),
    [
        (["existing"], True),
        (["existing:/usr/bin/python3"], True),
        ([":same"], True),
        ([], False),
        (["unladen:3.11"], False),
        ([":3.11"], False),
    ],
)
def test_which_specifications_name_an_existing_python(
    specifications: list[str], found: bool
) -> None:
    assert uses_existing_python(specifications) is found
