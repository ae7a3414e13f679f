"""The actions and workflows are what GitHub takes, and hand nothing of an event to a shell."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
ACTIONS = sorted((ROOT / "actions").glob("*/action.yml"))
TEMPLATES = sorted((ROOT / "unladen" / "init" / "templates" / "github").glob("*.yml"))
WORKFLOWS = [*TEMPLATES, *sorted((ROOT / ".github" / "workflows").glob("*.yml"))]
IGNORED = ("dangerous-triggers", "local-action-checkout", "unpinned-images")
"""What the comment's workflow is for; that it checks nothing out, which only matters where the
action is a folder, as in this test; and an image that is to be the newest of its kind."""
SCRIPTS = sorted((ROOT / "actions").glob("*/*.sh"))


def test_there_is_something_to_check() -> None:
    assert (len(ACTIONS), len(TEMPLATES), len(SCRIPTS)) == (5, 3, 5)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with the templates as its workflows, and our actions in it, so that the linter
    knows their inputs and outputs."""
    shutil.copytree(ROOT / "actions", tmp_path / "actions")
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    for template in TEMPLATES:
        text = re.sub(r"unladen/(unladen/actions/\w+)@v0", r"./\1", template.read_text())
        (folder / template.name).write_text(text.replace("./unladen/", "./"))
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    return tmp_path


@pytest.mark.parametrize("rule", IGNORED)
def test_nothing_is_ignored_without_need(repository: Path, rule: str) -> None:
    found = linted(repository, rule) + linted(ROOT, rule)
    assert f"[{rule}]" in found


def test_our_own_have_no_mistakes() -> None:
    assert linted(ROOT) == ""


def test_the_templates_have_no_mistakes(repository: Path) -> None:
    assert linted(repository) == ""


@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        ("unladen-gate.yml", "config: unladen", "confg: unladen"),
        ("unladen-gate.yml", "runs-on:", "run-on:"),
        ("unladen-comment.yml", "[unladen gate]", "[the gate]"),
        ("unladen-nightly.yml", "steps.deploy.outputs", "steps.other.outputs"),
        ("unladen-nightly.yml", '"23 3 * * *"', '"23 25 * * *"'),
    ],
)
def test_mistakes_are_found(repository: Path, file: str, right: str, wrong: str) -> None:
    path = repository / ".github" / "workflows" / file
    assert right in path.read_text()
    path.write_text(path.read_text().replace(right, wrong))
    assert file in linted(repository)


def linted(folder: Path, but: str = "") -> str:
    """What the linter has to say of a repository, "" if nothing. ``but``: one of ``IGNORED`` that
    is not."""
    ignored = [word for rule in IGNORED if rule != but for word in ("--ignore", rule)]
    # Shell is checked below; without it the linter takes no time.
    command = ["jactionlint", "--strict-exit", "--format=oneline", "--no-color", "--shellcheck="]
    command[0] = str(Path(sys.executable).with_name(command[0]))
    done = subprocess.run(
        [*command, *ignored], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == bool(done.stdout), done.stderr
    return done.stdout


def steps(file: Path) -> list[dict[str, Any]]:
    """Every step of an action, or of all jobs of a workflow."""
    read = yaml.safe_load(file.read_text())
    if "runs" in read:
        found: list[dict[str, Any]] = read["runs"]["steps"]
        return found
    return [step for job in read["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("file", [*ACTIONS, *WORKFLOWS], ids=lambda file: file.parent.name)
def test_no_shell_holds_an_expression(file: Path) -> None:
    """GitHub pastes its value as text: a branch may be called ``$(...)``."""
    assert [step["run"] for step in steps(file) if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize("file", [*ACTIONS, *WORKFLOWS], ids=lambda file: file.parent.name)
def test_actions_of_others_are_pinned(file: Path) -> None:
    used = [step["uses"] for step in steps(file) if "uses" in step]
    own = re.compile(r"unladen/unladen/actions/(\w+)@v\d+")
    for use in used:
        if found := own.fullmatch(use):
            assert (ROOT / "actions" / found[1] / "action.yml").is_file()
        else:
            assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", use), use


def test_inputs_that_are_given_exist() -> None:
    for file in TEMPLATES:
        for step in steps(file):
            action = re.match(r"unladen/unladen/actions/(\w+)", step.get("uses", ""))
            if action:
                declared = yaml.safe_load((ROOT / "actions" / action[1] / "action.yml").read_text())
                assert step.get("with", {}).keys() <= declared["inputs"].keys()


def test_only_who_runs_no_foreign_code_may_write() -> None:
    gate, comment = (
        yaml.safe_load((TEMPLATES[0].parent / f"unladen-{name}.yml").read_text())
        for name in ("gate", "comment")
    )
    assert gate["permissions"] == {"contents": "read"}
    assert "permissions" not in gate["jobs"]["gate"]
    assert all("checkout" not in step["uses"] for step in comment["jobs"]["comment"]["steps"])


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_the_shell_is_sound(script: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("shellcheck"), "--norc", script],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")
