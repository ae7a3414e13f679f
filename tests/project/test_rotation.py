"""Slow tests take turns, and nothing is left of what a commit changed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from moving_sample import ROOT

SHARED = ("conftest.py", "moving_sample.py", "rotation.py")

PLUGINS = ("-p", "xdist.plugin", "-p", "pytest_timeout", "-p", "no:cacheprovider")

FAST = "def test_fast(): pass\n"

SLOW = "import pytest\npytestmark = pytest.mark.slow\n" + "".join(
    f"def test_{n}(): pass\n" for n in range(7)
)

EXCEPTED = SLOW + "@pytest.mark.every_commit\ndef test_always(): pass\n"

CASES = """
import pytest

@pytest.mark.rotated
@pytest.mark.parametrize("n", range(7))
def test_cases(n): pass

@pytest.mark.rotated(one_in=6)
@pytest.mark.parametrize("n", range(6))
def test_more_cases(n): pass

@pytest.mark.rotated(name="commands", each="command")
@pytest.mark.parametrize("n", range(3))
@pytest.mark.parametrize("command", ["run", "gate"])
def test_commands(n, command): pass
"""

WHOLE = """
import pytest
pytestmark = [pytest.mark.slow, pytest.mark.rotated(name="floor", whole=True)]
def test_whole(): pass
def test_too(): pass
"""

JOINED = """
import pytest
pytestmark = [pytest.mark.slow, pytest.mark.rotated(name="demo")]
def test_joined(): pass
"""

FILES = {
    "tests/unladen/views/test_fast.py": FAST,
    "tests/unladen/views/test_slow.py": "import made\n" + SLOW,
    "tests/unladen/site/test_excepted.py": EXCEPTED,
    "tests/unladen/site/test_cases.py": CASES,
    **{f"tests/meters/test_joined_{n}.py": JOINED for n in range(3)},
    **{f"tests/mocks/test_whole_{n}.py": WHOLE for n in range(3)},
    "tests/unladen/made.py": "import made_of\n",
    "tests/unladen/made_of.py": "",
    "tests/unladen/conftest.py": "import sys, pathlib\n"
    "sys.path.insert(0, str(pathlib.Path(__file__).parent))\n",
    "unladen/site/pages.py": "",
    "README.md": "",
}

LEFT = {
    "tests/unladen/views/test_slow": 5,
    "tests/unladen/site/test_excepted": 5,
    "tests/unladen/site/test_cases": 14,
    "tests/meters/test_joined": 2,
    "tests/mocks/test_whole": 4,
}
"""How many are left of each, if nothing of it was changed."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with these files, and a commit that changes none of them."""
    for name in SHARED:
        write(tmp_path, f"tests/{name}", (ROOT / "tests" / name).read_text())
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for path, text in FILES.items():
        write(tmp_path, path, text)
    git(tmp_path, "init", "--quiet")
    commit(tmp_path, "first")
    write(tmp_path, "LICENSE", "free")
    commit(tmp_path, "second")
    return tmp_path


def write(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text)


def git(folder: Path, *arguments: str) -> None:
    person = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    dates = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "2026-01-01T12:00:00Z")
    subprocess.run(["git", *person, *arguments], cwd=folder, env=os.environ | dates, check=True)


def commit(folder: Path, subject: str) -> None:
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", subject)


def run(folder: Path, *arguments: str, **variables: str) -> str:
    """What pytest says."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "UNLADEN"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *PLUGINS, *arguments],
        cwd=folder,
        env={**own, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def ran(said: str, name: str) -> int:
    """How many tests of the files that are called so were run."""
    return len({found for found in re.findall(r"\S+::\S+", said) if name in found})


@pytest.mark.slow
def test_of_each_family_a_part_is_run_and_the_rest_is_counted(project: Path) -> None:
    said = run(project, "-v")
    assert ran(said, "test_fast") == 1
    assert (ran(said, "test_slow"), ran(said, "test_joined")) == (2, 1)
    assert (ran(said, "test_cases.py::test_cases"), ran(said, "::test_more_cases")) == (2, 1)
    assert (ran(said, "[run-"), ran(said, "[gate-")) == (1, 1)
    assert ran(said, "test_excepted") == 3
    assert len(set(re.findall(r"test_whole_\d", said))) == 1
    assert ran(said, "test_whole_") == 2
    assert "::test_always PASSED" in said
    left = sum(LEFT.values())
    assert f"\n{left} tests are left for other commits" in said
    side_by_side = run(project, "-v", "--numprocesses", "2", "--dist", "loadfile")
    assert f"\n{left} tests are left for other commits" in side_by_side
    assert ran(side_by_side, "::") == ran(said, "::")


@pytest.mark.slow
def test_all_are_run_together_or_by_name(project: Path) -> None:
    files = [name for name in FILES if "/test_" in name]
    for said in (run(project, "-v", UNLADEN_TEST_ALL="1"), run(project, "-v", *files)):
        assert "left for other commits" not in said
        assert ran(said, "::") == 1 + 7 + 8 + 19 + 3 + 6
    assert "left for" not in run(project, "-m", "not slow and not rotated")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ("tests/unladen/views/test_slow.py", "views/test_slow"),
        ("tests/unladen/made_of.py", "views/test_slow"),
        ("unladen/site/pages.py", "site/test_"),
        ("tests/unladen/conftest.py", "tests/unladen/"),
    ],
)
def test_nothing_is_left_of_what_a_commit_changed(project: Path, changed: str, name: str) -> None:
    left = sum(count for file, count in LEFT.items() if name not in file)
    with (project / changed).open("a") as file:
        file.write("\n")
    assert f"\n{left} tests are left" in run(project, "--collect-only")  # not committed yet
    commit(project, "third")
    assert f"\n{left} tests are left" in run(project, "--collect-only")


@pytest.mark.slow
def test_each_commit_runs_another_part(project: Path) -> None:
    parts = set()
    for n in range(3):
        write(project, "LICENSE", str(n))
        commit(project, str(n))
        parts.add(tuple(re.findall(r"test_slow\.py::\w+", run(project, "--collect-only", "-q"))))
    assert len(parts) > 1
    assert all(len(part) == 2 for part in parts)


@pytest.mark.slow
def test_without_git_a_part_is_run_as_well(project: Path) -> None:
    shutil.rmtree(project / ".git")
    said = run(project, "--collect-only")
    assert f"\n{sum(LEFT.values())} tests are left for other commits" in said
