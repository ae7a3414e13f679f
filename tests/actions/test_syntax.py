"""The actions and workflows are what GitHub takes, and hand nothing of an event to a shell."""

from __future__ import annotations

import re
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
SCRIPTS = sorted((ROOT / "actions").glob("*/*.sh"))


def test_there_is_something_to_check() -> None:
    assert (len(ACTIONS), len(TEMPLATES), len(SCRIPTS)) == (5, 3, 5)


@pytest.mark.parametrize(
    ("schema", "files"),
    [("vendor.github-actions", ACTIONS), ("vendor.github-workflows", WORKFLOWS)],
)
def test_the_schema_is_kept(schema: str, files: list[Path]) -> None:
    assert checked(schema, *files) == ""


def test_the_schema_refuses_what_is_wrong(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(TEMPLATES[0].read_text().replace("runs-on:", "run-on:"))
    assert "runs-on" in checked("vendor.github-workflows", wrong)


def checked(schema: str, *files: Path) -> str:
    """What check-jsonschema has to say, "" if nothing."""
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        schema,
        *map(str, files),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


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
