"""A main branch of merges, measured for real: what stands on it is measured and blamed."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path

import pytest
from made_repository import Made, Repository, git, make_repository
from tiny_project import TinyProject

pytestmark = [pytest.mark.slow, pytest.mark.rotated(name="longest", one_in=4)]

CODE = "lib/tiny/__init__.py"


def code(value: int, note: str = "") -> dict[str, str]:
    return {CODE: f"def a(): return {value}  # {note}\n"}


PULL_REQUESTS = [
    Made("A", (), code(10), 1),
    Made("a1", ("A",), code(10, "a1"), 2),
    Made("a2", ("a1",), code(11), 3),
    Made("merge a", ("A", "a2"), code(11), 4),
    Made("b1", ("merge a",), code(11, "b1"), 5),
    Made("b2", ("b1",), code(30), 6),
    Made("merge b", ("merge a", "b2"), code(30), 7),
    Made("c1", ("merge b",), code(99), 8),
    Made("c2", ("c1",), code(31), 9),
    Made("merge c", ("merge b", "c2"), code(31), 10),
]
"""Three pull requests of two commits each, merged without fast-forward: 10, 11, 30, 31 on main."""

MERGES = ["A", "merge a", "merge b", "merge c"]


@pytest.fixture
def made(tmp_path: Path) -> Repository:
    return make_repository(tmp_path / "repository", PULL_REQUESTS, {"main": "merge c"})


@pytest.fixture
def project(shared: TinyProject, tmp_path: Path, made: Repository) -> TinyProject:
    project = shared.copy(tmp_path / "project")
    for file in project.folder.glob("results/tiny/*/*-*"):
        file.unlink()
    return project


def test_merges_are_measured_shown_and_blamed(project: TinyProject, made: Repository) -> None:
    def unladen(*arguments: str) -> tuple[str, str]:
        done = project.unladen("--target", "tiny", *arguments, UNLADEN_REPO_TINY=str(made.folder))
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout, done.stderr

    def measured() -> set[str]:
        stored = {file.name[:8] for file in project.results.glob("*-*.json")}
        return {name for name, commit in made.hashes.items() if commit[:8] in stored}

    only = ["--bench", "Work.track_value", "--machine", "lab"]
    unladen("run", *only)
    assert measured() == set(MERGES)
    said, _ = unladen("run", *only)
    assert "Nothing to measure: all 4 commits in scope" in said
    out, err = unladen("changes", "--json", "--machine", "lab")
    found = [
        (made.named(one["commit"])[0], one["before"]["value"], one["after"]["value"])
        for one in reversed(json.loads(out)["changes"])
    ]
    assert found == [("merge a", 10, 11), ("merge b", 11, 30), ("merge c", 30, 31)]
    assert err == ""
    # A side commit that is named is measured, kept, and named once as off the line.
    unladen("run", *only, f"{made.hashes['c1']}^!")
    assert measured() == {*MERGES, "c1"}
    out, err = unladen("changes", "--json", "--machine", "lab")
    assert len(json.loads(out)["changes"]) == 3
    (remark,) = err.splitlines()
    assert remark.endswith(f"off main's line of first parents: {made.hashes['c1'][:8]}")
    out, _ = unladen("table", "--json", "--machine", "lab", made.hashes["c1"])
    assert json.loads(out)[0]["commit"] == made.hashes["c1"]
    git(made.folder, "update-ref", "refs/heads/main", made.hashes["merge b"])
    new = make_more(made)
    unladen("run", *only, "NEW")
    assert {f.name[:8] for f in project.results.glob("*-*.json")} == {
        *(made.hashes[name][:8] for name in (*MERGES, "c1")),
        new[:8],
    }


def make_more(made: Repository) -> str:
    """Another merge on main, after ``merge b``, of a side branch; its hash."""
    tree = git(made.folder, "rev-parse", f"{made.hashes['c1']}^{{tree}}")
    side = git(made.folder, "commit-tree", tree, "-p", made.hashes["b1"], "-m", "side")
    parents = ["-p", made.hashes["merge b"], "-p", side]
    merge = git(made.folder, "commit-tree", tree, *parents, "-m", "merge side")
    git(made.folder, "update-ref", "refs/heads/main", merge)
    return merge


BRANCH = [
    Made("A", (), code(10), 1),
    Made("p1", ("A",), code(10, "p1"), 2),
    Made("m1", ("A",), code(5), 3),
    Made("p2", ("p1",), code(15), 4),
    Made("main into pr", ("p2", "m1"), code(8), 5),
    Made("p3", ("main into pr",), code(8, "p3"), 6),
    Made("m2", ("m1",), code(1), 7),
]
"""main makes it faster twice; a branch makes it slower, and gets the first of these by a merge."""


def test_the_bisect_command_that_the_gate_prints_works(
    project: TinyProject, tmp_path: Path
) -> None:
    made = make_repository(tmp_path / "branch", BRANCH, {"main": "m2", "pr": "p3"})

    def unladen(*arguments: str) -> subprocess.CompletedProcess[str]:
        return project.unladen(*arguments, UNLADEN_REPO_TINY=str(made.folder))

    only = ["--only", "exact", "--series", "Work"]
    done = unladen("--target", "tiny", "gate", "main", "pr", *only)
    assert done.returncode == 1, done.stdout + done.stderr
    m1, m2 = (made.hashes[name][:8] for name in ("m1", "m2"))
    assert f"compared with `{m1}`" in done.stdout
    assert f"has gone on by 1 commit since, to `{m2}`" in done.stdout
    (command,) = [line for line in done.stdout.splitlines() if " bisect " in line]
    found = unladen(*shlex.split(command)[1:])
    assert found.returncode == 0, found.stdout + found.stderr
    assert f"A first commit with the change: {made.hashes['p2']}" in found.stdout
