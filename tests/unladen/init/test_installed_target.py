"""``gate`` and ``bisect`` on a target that must be installed: commits take turns in one place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tiny_project import AT_ONCE, History, TinyProject, write_project

pytestmark = pytest.mark.slow

BENCHMARKS = """
def track_calls():
    import tiny
    return tiny.a()

track_calls.unit = "calls"
track_calls.kind = "exact"

def track_seconds():
    import tiny
    return tiny.a() / 10

track_seconds.unit = "seconds"
track_seconds.kind = "sampled"

class Cached:
    def setup_cache(self):
        import tiny
        return tiny.a()

    def track_both(self, value):
        import tiny
        return value * 1000 + tiny.a()

    track_both.unit = "seconds"
    track_both.kind = "sampled"
"""

INSTALL = """
import pathlib, shutil, sys, sysconfig
sys.path.insert(0, "lib")
import tiny
there = pathlib.Path(sysconfig.get_path("purelib"), "tiny")
shutil.rmtree(there, ignore_errors=True)
shutil.copytree("lib/tiny", there, ignore=shutil.ignore_patterns("__pycache__"))
"""
"""Fails where the code cannot be imported."""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, history: History) -> TinyProject:
    """The tiny target with an environment of its own, nothing stored."""
    project = write_project(tmp_path_factory.mktemp("installed") / "project", history)
    (project.folder / "benchmarks" / "work.py").write_text(BENCHMARKS)
    (project.target / "install.py").write_text(INSTALL)
    project.change_conf(
        install_command=["python {conf_dir}/install.py"],
        build_command=[],
        uninstall_command=[],
        import_root=None,
    )
    return project


def run(project: TinyProject, command: str, *arguments: str) -> Any:
    """What the command writes as JSON."""
    commits = project.history.commits
    words = [commits.get(word, word) for word in arguments]
    words += AT_ONCE if command == "gate" else ()
    done = project.unladen("--target", "tiny", command, *words, "--json", "-")
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def test_the_gate_measures_what_is_installed(installed: TinyProject) -> None:
    data = run(installed, "gate", "first", "good", "--rounds", "4")
    assert data["exit_code"] == 1
    found = {
        one["series"]: (one["outcome"], one["before"]["value"], one["after"]["value"])
        for one in data["findings"]
    }
    assert found == {
        "work.Cached.track_both": ("regression", 1001, 3003),
        "work.track_calls": ("regression", 1, 3),
        "work.track_seconds": ("regression", 0.1, 0.3),
    }


def test_a_commit_that_cannot_be_installed_is_broken(installed: TinyProject) -> None:
    data = run(installed, "gate", "first", "unimportable", "--rounds", "2")
    assert data["exit_code"] == 3
    assert {one["outcome"] for one in data["findings"]} == {"broken"}
    reasons = {one["series"]: one["after"]["reason"] for one in data["findings"]}
    assert "a_module_that_is_not_there" in reasons["work.track_calls"]
    assert reasons["work.track_seconds"].startswith("cannot be installed: ModuleNotFoundError")


@pytest.mark.parametrize(
    ("series", "answer", "found"),
    [
        ("work.track_calls", "good", ["good"]),  # 2 is as near to 1 as to 3
        ("work.track_seconds", "bad", ["unimportable", "raising"]),  # by ratios, nearer to 3
    ],
)
def test_bisect_skips_what_cannot_be_installed(
    installed: TinyProject, series: str, answer: str, found: list[str]
) -> None:
    data = run(installed, "bisect", series, "first", "good")
    commits = installed.history.commits
    answers = {one["commit"]: one["answer"] for one in data["probes"]}
    assert answers.pop(commits["unimportable"], "skip") == "skip"
    assert answers == {commits["raising"]: answer}
    assert [one["commit"] for one in data["found"]] == [commits[name] for name in found]


def test_nothing_is_left_of_sides_that_are_not_apart(installed: TinyProject) -> None:
    run(installed, "gate", "first", "good", "--rounds", "1", "--only", "sampled")
    assert not list(installed.folder.rglob("unladen_side.pth"))
    assert not list(installed.folder.rglob("sides"))
    data = run(installed, "gate", "good", "first", "--only", "exact", "--exact-base")
    assert data["exit_code"] == 0
    assert [one["outcome"] for one in data["findings"]] == ["improvement"]
