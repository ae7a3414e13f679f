"""What ``changes`` and ``table`` say of bad input: one line, and the rest is used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from made_history import Project, series, write_project

ROOT = Path(__file__).resolve().parents[2]
CALLS = series("m.C.track_calls")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Four measured commits, the last with another value."""
    project = write_project(tmp_path, [], *["f"] * 4)
    project.describe(CALLS)
    for n, value in enumerate((1, 1, 1, 2)):
        project.store(n, {CALLS.name: [[value], [], "1"]})
    return project


def run(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "unladen", *arguments],
        cwd=project.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(project.folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 2), done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    return done


def use(project: Project, clone: Path) -> None:
    """Make ``clone`` the repository of the project."""
    path = project.folder / "asv.conf.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "repo": str(clone)}))


def clone_of(project: Project, *commands: str) -> Path:
    """A clone, made by the first command, the others run in it."""
    clone = project.folder / "clone"
    origin = f"file://{project.folder / 'repository'}"
    subprocess.run([*commands[0].split(), origin, str(clone)], check=True)
    for command in commands[1:]:
        subprocess.run(command.split(), cwd=clone, check=True)
    return clone


@pytest.mark.parametrize("command", ["changes", "table"])
def test_a_huge_file_is_named_and_the_rest_is_used(project: Project, command: str) -> None:
    with project.file(0).open("wb") as file:
        file.truncate(100_000_000)
    found = run(project, command)
    assert found.returncode == 0
    (line,) = found.stderr.splitlines()
    assert line == f"unladen: {project.file(0)} is not readable: it is larger than 32 MB; skipped"
    assert "track_calls" in found.stdout


@pytest.mark.parametrize("command", ["changes", "table"])
def test_a_bad_record_is_named_and_the_values_are_used(project: Project, command: str) -> None:
    project.file(3).with_suffix(".record").write_text("[" * 100_000)
    found = run(project, command, project.hashes[3])
    assert found.returncode == 0
    (line,) = found.stderr.splitlines()
    assert line.endswith(".record is not readable: it is nested too deeply; skipped")
    assert "track_calls" in found.stdout


def test_hostile_names_are_printed_harmlessly(project: Project) -> None:
    name, axis, point = "m.C.track_\x1b[31m<b>\ud800", "a\x1b", "'\x1b'"
    project.describe(series(name, unit="\x1b[1m", group="\x1b", axes={axis: (point,)}))
    for n in range(4):
        project.store(n, {name: [[n], [[point]], "1"]})
        text = project.file(n).read_text().replace('"3.11"', '"\\u001b[31m"')
        project.file(n).write_text(text)
    for command in ("changes", "table"):
        assert "track_\N{REPLACEMENT CHARACTER}" in run(project, command).stdout
        json.loads(run(project, command, "--json").stdout)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["changes", "HEAD..HEAD~2"], "HEAD is later than HEAD~2: turn the range round"),
        (["changes", "nowhere"], "no such commit, branch or tag: nowhere"),
        (["changes", "--series", "xyz"], "no series is called 'xyz'"),
        (["table", "nowhere"], "nothing is measured of commit nowhere in "),
    ],
)
def test_a_wrong_argument_gets_one_line(project: Project, arguments: list[str], said: str) -> None:
    found = run(project, *arguments)
    assert found.returncode == 2
    (line,) = found.stderr.splitlines()
    assert line.startswith(f"unladen: {said}")


def test_a_shallow_clone_says_how_to_deepen_it(project: Project) -> None:
    clone = clone_of(project, "git clone -q --depth 2")
    use(project, clone)
    advice = f"git -C {clone} fetch --unshallow"
    found = run(project, "changes")
    assert found.returncode == 0
    assert found.stderr.strip().endswith(advice)
    (line,) = run(project, "changes", f"{project.hashes[0]}..HEAD").stderr.splitlines()
    assert line.startswith(f"unladen: no such commit, branch or tag: {project.hashes[0]} (the ")
    assert advice in line
    assert run(project, "table", project.hashes[0]).returncode == 0


def test_a_detached_head_without_the_branch_says_what_to_do(project: Project) -> None:
    clone = clone_of(project, "git clone -q", "git checkout -q --detach", "git branch -q -D main")
    use(project, clone)
    found = run(project, "changes")
    assert found.returncode == 2
    (line,) = found.stderr.splitlines()
    assert line.endswith(f"whose HEAD is detached; to make one of it: git -C {clone} branch main")
    assert run(project, "table").returncode == 0
