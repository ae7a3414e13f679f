"""What commands that read results say of bad input: one line, and the rest is used."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_history import Project, series, write_project

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
CALLS = series("m.C.track_calls")


READERS = ("changes", "table", "publish", "confirm", "score")
"""Commands that read a folder of results, and need no benchmark environment for it."""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Four measured commits, the last with another value, as asv writes them, and labels."""
    project = write_project(tmp_path, [], *["f"] * 4)
    project.describe(CALLS)
    for n, value in enumerate((1, 1, 1, 2)):
        project.store(n, {CALLS.name: [[value], [], "1"]})
        change(project, n, params={"machine": "lab", "os": "Linux"})
    machine = {"version": 1, "machine": "lab", "os": "Linux"}
    (project.results / "lab" / "machine.json").write_text(json.dumps(machine))
    text = 'interpreter = "3.11"\n'
    for n in range(4):
        subject = f"commit {n} \N{REPLACEMENT CHARACTER}[31mred"
        text += f'[[commit]]\nsubject = "{subject}"\nkind = "feature"\nstory = "s"\n'
    (tmp_path / "labels.toml").write_text(text)
    configure(project, labels="labels.toml")
    return project


def change(project: Project, commit: int, **fields: Any) -> None:
    """Set fields of a results file."""
    path = project.file(commit)
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


def configure(project: Project, **settings: str) -> None:
    path = project.folder / "asv.conf.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **settings}))


def run(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    all_of_it = ["--with-asv"] if arguments == ("publish",) else []
    done = project.unladen(*arguments, *all_of_it)
    assert done.returncode in (0, 2), done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return done


def use(project: Project, clone: Path) -> None:
    """Make ``clone`` the repository of the project."""
    configure(project, repo=str(clone))


def clone_of(project: Project, *commands: str) -> Path:
    """A clone, made by the first command, the others run in it."""
    clone = project.folder / "clone"
    origin = f"file://{project.folder / 'repository'}"
    subprocess.run([*commands[0].split(), origin, str(clone)], check=True)
    for command in commands[1:]:
        subprocess.run(command.split(), cwd=clone, check=True)
    return clone


def truncate(path: Path) -> None:
    path.write_text(path.read_text()[:-30])


def enlarge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1_000_000_000)


def write_a_huge_number(path: Path) -> None:
    path.write_text('{"version": 2, "date": 1' + "0" * 20_000_000 + "}")


def nest(path: Path) -> None:
    path.write_text('{"version": 2, "results": ' + "[" * 1_000_000)


def of_version(version: Any) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_text(json.dumps({**json.loads(path.read_text()), "version": version}))

    return write


def with_fields(**fields: Any) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))

    return write


@pytest.mark.rotated(each="command", one_in=6)
@pytest.mark.parametrize("command", READERS)
@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (truncate, ""),
        (enlarge, "it is larger than 32 MB"),
        (write_a_huge_number, "integer string conversion"),
        (nest, "nested too deeply"),
        (of_version(1), "format"),
        (of_version(3), "format"),
        (of_version("\x1b[31m2"), ""),
        (with_fields(results={"m.C.track_calls": 7}), "not in asv's format"),
        (with_fields(results={"m.C.track_calls": [{"a": 1}, [], "1"]}), "not in asv's format"),
        (with_fields(commit_hash="\x1b[31m" + "0" * 35), "commit_hash is no commit's hash"),
        (with_fields(date=10**30), "its date is none"),
    ],
)
def test_a_bad_file_is_named_and_the_rest_is_used(
    project: Project, command: str, damage: Callable[[Path], None], said: str
) -> None:
    damage(project.file(0))
    found = run(project, command)
    assert found.returncode == 0, found.stderr
    named = [line for line in lines(found) if project.file(0).name in line]
    assert named
    assert any(said in line for line in named), named
    assert_used(project, command, found)


def lines(done: subprocess.CompletedProcess[str]) -> list[str]:
    return (done.stdout + done.stderr).splitlines()


def assert_used(project: Project, command: str, found: subprocess.CompletedProcess[str]) -> None:
    """The results of the other commits are there."""
    if command == "publish":
        commits = (project.folder / "h" / "data" / "commits.js").read_text()
        assert '"unmeasured":[0]' in commits
        graphs = [*(project.folder / "h" / "graphs").rglob("*track_calls.json")]
        assert any(len(json.loads(graph.read_text())) == 3 for graph in graphs)
    elif command == "confirm":
        assert "No suspected changes." in found.stdout
    elif command == "score":
        assert "labels of 4 commits against the results of 3" in found.stdout
    else:
        assert "calls" in found.stdout


@pytest.mark.rotated(each="command", one_in=6)
@pytest.mark.parametrize("command", READERS)
@pytest.mark.parametrize("value", ["x\x1b[31m", {"a": 1}, 10**400, float("inf"), 1e300])
def test_a_value_that_is_no_number_is_a_failure_and_the_rest_is_used(
    project: Project, command: str, value: Any
) -> None:
    project.store(0, {CALLS.name: [[value], [], "1"]})
    change(project, 0, params={"machine": "lab", "os": "Linux"})
    found = run(project, command)
    assert found.returncode == 0, found.stderr
    if command == "changes":
        assert "works" in found.stdout
    elif command == "publish":
        graphs = [*(project.folder / "h" / "graphs").rglob("*track_calls.json")]
        assert any(len(json.loads(graph.read_text())) == 3 for graph in graphs)


@pytest.mark.parametrize("command", ["changes", "table", "confirm", "score"])
def test_a_bad_record_is_named_and_the_values_are_used(project: Project, command: str) -> None:
    project.file(3).with_suffix(".record").write_text("[" * 100_000)
    named = [project.hashes[3]] if command == "table" else []
    found = run(project, command, *named)
    assert found.returncode == 0
    (line,) = [line for line in found.stderr.splitlines() if ".record" in line]
    assert line.endswith(".record is not readable: it is nested too deeply; skipped")


def test_a_bad_record_does_not_stop_a_publish(project: Project) -> None:
    project.file(3).with_suffix(".record").write_text("[" * 100_000)
    found = run(project, "publish")
    assert found.returncode == 0, found.stderr
    shown = (project.folder / "h" / "data" / "site.js").read_text()
    assert ".record is not readable: it is nested too deeply; skipped" in shown


@pytest.mark.parametrize("content", ["[" * 100_000, "7", '{"version": 1}', '{"version": "x"}'])
def test_a_bad_description_of_another_machine_does_not_stop_a_publish(
    project: Project, content: str
) -> None:
    other = project.results / "other"
    other.mkdir()
    (other / "machine.json").write_text(content)
    (other / project.file(0).name).write_text(project.file(0).read_text())
    found = run(project, "publish")
    assert found.returncode == 0, found.stdout + found.stderr
    assert any("machine.json" in line for line in lines(found))


@pytest.mark.parametrize("command", READERS)
@pytest.mark.parametrize(
    "content",
    ["", "[" * 100_000, '{"version": 2, "x\\u001b[31m": 7}', '{"version": 1}'],
)
def test_a_bad_list_of_benchmarks_is_one_line(project: Project, command: str, content: str) -> None:
    (project.results / "benchmarks.json").write_text(content)
    site = project.folder / "h"
    site.mkdir()
    found = run(project, command)
    assert found.returncode == 2
    assert "benchmarks.json is not readable" in found.stderr.splitlines()[-1]
    assert site.exists()  # a publish deletes it, but not for nothing


@pytest.mark.parametrize("command", ["changes", "confirm"])
def test_a_folder_with_a_hostile_name_is_named_harmlessly(project: Project, command: str) -> None:
    other = project.results / "lab\x1b[31m<b>"
    other.mkdir()
    (other / project.file(0).name).write_text(project.file(0).read_text())
    found = run(project, command)
    assert found.returncode == 0
    (line,) = [line for line in found.stderr.splitlines() if "also measured" in line]
    assert "also measured: lab\N{REPLACEMENT CHARACTER}[31m<b> (env)" in line
    bad = run(project, command, "--machine", other.name)
    assert bad.returncode in (0, 2)


@pytest.mark.parametrize("command", ["changes", "confirm", "score"])
@pytest.mark.parametrize("content", ["{", '{"version": 1, "verdicts": [7]}', "[" * 100_000])
def test_bad_verdicts_are_named_and_the_rest_is_used(
    project: Project, command: str, content: str
) -> None:
    (project.results / "lab" / "side-by-side.verdicts").write_text(content)
    found = run(project, command)
    assert found.returncode == 0
    (line,) = [line for line in found.stderr.splitlines() if line.startswith("unladen: ")]
    assert "side-by-side.verdicts" in line
    assert line.endswith("skipped")


def test_hostile_names_are_printed_harmlessly(project: Project) -> None:
    name, axis, point = "m.C.track_\x1b[31m<b>\ud800", "a\x1b", "'\x1b'"
    project.describe(series(name, unit="\x1b[1m", group="\x1b", axes={axis: (point,)}))
    for n in range(4):
        project.store(n, {name: [[n], [[point]], "1"]})
        text = project.file(n).read_text().replace('"3.11"', '"\\u001b[31m"')
        project.file(n).write_text(text)
    for command in ("changes", "table"):
        assert "\N{REPLACEMENT CHARACTER}" in run(project, command).stdout
        json.loads(run(project, command, "--json").stdout)
    assert run(project, "confirm").returncode == 0
    assert run(project, "score").returncode == 0
    assert run(project, "publish").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["changes", "HEAD..HEAD~2"], "HEAD is later than HEAD~2: turn the range round"),
        (["changes", "nowhere"], "no such commit, branch or tag: nowhere"),
        (["changes", "--series", "xyz"], "no series is called 'xyz'"),
        (["table", "nowhere"], "no such commit, branch or tag: nowhere"),
        (["table", "\x1b[31m"], "no such commit, branch or tag: \N{REPLACEMENT CHARACTER}[31m"),
        (["confirm", "HEAD..HEAD~2"], "HEAD is later than HEAD~2: turn the range round"),
        (["confirm", "nowhere"], "no such commit, branch or tag: nowhere"),
        (["confirm", "--series", "xyz"], "no series is called 'xyz'"),
        (["score", "--labels", "nowhere"], ""),
        (["gate", "nowhere", "HEAD"], "no such commit, branch or tag: nowhere"),
        (["bisect", "m.C.track_calls", "HEAD", "HEAD~1"], ""),
        (["bisect", "m.C.track_calls", "HEAD~1", "\x1b[31m"], "no such commit, branch or tag: "),
    ],
)
def test_a_wrong_argument_gets_one_line(project: Project, arguments: list[str], said: str) -> None:
    found = run(project, *arguments)
    assert found.returncode == 2
    *progress, line = found.stderr.splitlines()
    assert all(line.startswith("0:0") for line in progress)
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
    for command in (["gate", project.hashes[0], "HEAD"], ["bisect", "x", "HEAD~2", "HEAD"]):
        found = run(project, *command)
        assert found.returncode == 2
        assert advice in found.stderr.splitlines()[-1]
    for command in (["confirm"], ["publish"], ["score"]):
        found = run(project, *command)
        assert found.returncode in (0, 2), found.stderr


def test_a_detached_head_without_the_branch_says_what_to_do(project: Project) -> None:
    clone = clone_of(project, "git clone -q", "git checkout -q --detach", "git branch -q -D main")
    use(project, clone)
    assert run(project, "changes").returncode == 0  # origin/main is still there
    subprocess.run(["git", "-C", clone, "remote", "remove", "origin"], check=True)
    found = run(project, "changes")
    assert found.returncode == 2
    (line,) = found.stderr.splitlines()
    assert line.endswith(f"whose HEAD is detached; to make one of it: git -C {clone} branch main")
    assert run(project, "table").returncode == 0
    for command in ("confirm", "score", "publish"):
        again = run(project, command)
        assert again.returncode == 2
        assert again.stderr.splitlines()[-1] == line
