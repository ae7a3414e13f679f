"""``unladen triage``: saying something of a change, and seeing it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from made_history import Project, series, write_project

from unladen.store.triage import FILE

pytestmark = pytest.mark.slow

WORK = series("m.C.track_work")
CALLS = series("m.C.track_calls", group="calls")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The second commit is worse, the third changes nothing, the fourth is not measured."""
    made = write_project(tmp_path, [], *"ffff")
    made.describe(WORK, CALLS)
    for n, (work, calls) in enumerate([(100, 1), (110, 2), (110, 2)]):
        made.store(n, {WORK.name: [[work], [], "1"], CALLS.name: [[calls], [], "1"]})
    subprocess.run(["git", "init", "-q", str(made.folder)], check=True)
    subprocess.run(["git", "-C", str(made.folder), "config", "user.name", "Ann"], check=True)
    return made


def refusal(project: Project, *words: str) -> str:
    done = project.unladen("triage", *words)
    assert (done.returncode, done.stderr.count("unladen: ")) == (2, 1), done
    assert not (project.results / FILE).exists()
    return done.stderr.strip().splitlines()[-1].removeprefix("unladen: ")


def test_what_is_said_is_shown_and_can_be_taken_back(project: Project) -> None:
    listed = project.unladen("triage").stdout
    assert listed.startswith("sdk: 1 commit with open regressions\n")
    done = project.unladen("triage", "main~2", "--accepted", "it has to")
    assert done.returncode == 0, done.stderr
    short = project.hashes[1][:8]
    assert done.stdout == f"{short}: accepted: it has to, by Ann: 2 values of 2 series\n"
    listed = project.unladen("triage").stdout
    assert listed.startswith("sdk: nothing is open.\n\nWhat has been said:\n")
    assert "accepted: it has to; Ann, " in listed
    changes = project.unladen("changes").stdout
    assert "accepted: it has to" in changes
    assert "Regressions: 1 commit, 1 accepted." in changes

    done = project.unladen("triage", "main~2", "C.calls", "--reported", "#12", "--by", "Bob")
    assert done.stdout == f"{short}: reported #12, by Bob: 1 value of 1 series\n"
    entries = json.loads(project.unladen("triage", "--json").stdout)["entries"]
    assert [(one["said"], one["by"], [*one["series"]]) for one in entries] == [
        ("accepted", "Ann", [WORK.name]),
        ("reported", "Bob", [CALLS.name]),
    ]
    done = project.unladen("triage", "main~2", "--reopen")
    assert done.stdout == f"{short}: 2 series open again\n"
    assert project.unladen("triage").stdout.startswith("sdk: 1 commit with open regressions\n")


def test_what_is_not_measured_needs_a_series_and_a_limit(project: Project) -> None:
    assert " is not measured; the nearest" in refusal(project, "main", "--accepted", "x")
    assert refusal(project, "main", "--accepted", "x", "--up-to", "5").startswith("--up-to goes")
    done = project.unladen("triage", "main", "C.work", "--accepted", "x", "--up-to", "5")
    assert done.returncode == 0, done.stderr
    (entry,) = json.loads((project.results / FILE).read_text())["entries"]
    assert entry["series"] == {WORK.name: {"version": "1", "cells": [[]], "up_to": 0.05}}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["main~1", "--accepted", "x"],
            "nothing to be said; to see what is open: unladen triage",
        ),
        (["main~2", "--accepted", " "], "--accepted wants words"),
        (["main~2"], "give --accepted WHY, --noise WHY, --reported AS or --reopen"),
        (["--accepted", "x"], "of which COMMIT?"),
        (["--reopen"], "of which COMMIT?"),
        (["main~2", "C.wrok", "--accepted", "x"], "that is called 'C.wrok'; it is about "),
        (["main~2", "--noise", "x"], "changed no sampled series; exact values repeat"),
        (["main~2", "--reopen"], "nothing is said of "),
        (["main~2", "--accepted", "x", "--noise", "x"], "not allowed with argument"),
        (["main~2", "C.work", "--accepted", "x", "--up-to", "-1"], "must be a percentage"),
    ],
)
def test_bad_input_is_refused(project: Project, words: list[str], said: str) -> None:
    assert said in refusal(project, *words)


def test_a_rebased_commit_keeps_what_was_said_and_it_can_be_taken_back(project: Project) -> None:
    assert project.unladen("triage", "main~2", "--accepted", "it has to").returncode == 0
    git = ["git", "-C", str(project.folder / "clone")]
    old = project.hashes[1]
    path = project.results / FILE
    path.write_text(path.read_text().replace(old, "d" * 40))  # as if it had been rebased since
    listed = project.unladen("triage").stdout
    assert listed.startswith(f"sdk: nothing is open.\n\nWhat has been said:\n{old[:8]} ")
    assert subprocess.run([*git, "cat-file", "-e", "d" * 40], check=False).returncode
    done = project.unladen("triage", old, "--reopen")
    assert done.stdout == f"{old[:8]}: 2 series open again\n", done.stderr
    assert json.loads(path.read_text())["entries"] == []
