"""``unladen triage``: saying something of a change, and seeing it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from made_history import Project, series, write_project

from unladen.compare.gate.accepted import accepted_between
from unladen.repo.repository import open_repository
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


def _commit(project: Project, ref: str, parent: str, subject: str, files: dict[str, str]) -> str:
    """A commit with files written over those of its parent; its hash."""
    person = "Ann <ann@example.org> 1800000000 +0000"
    written = "".join(
        f"M 644 inline {path}\ndata {len(text.encode())}\n{text}\n" for path, text in files.items()
    )
    stream = (
        f"commit {ref}\nauthor {person}\ncommitter {person}\n"
        f"data {len(subject)}\n{subject}\nfrom {parent}\n{written}\n"
    )
    git = ["git", "-C", str(project.folder / "repository")]
    subprocess.run([*git, "fast-import", "--quiet"], input=stream.encode(), check=True)
    found = subprocess.run([*git, "rev-parse", ref], capture_output=True, text=True, check=True)
    return found.stdout.strip()


def _squashed(project: Project, *, work: int, with_file: bool = True) -> str:
    """A pull request of which it was accepted that work is 10 % more, squashed into one commit of
    main that brings this much ``work``, and ``triage.json``; that commit's hash."""
    base, branch = project.hashes[3], "refs/heads/request"
    request = _commit(project, branch, base, "Work more", {"f": "more"})
    words = ["C.work", "--accepted", "it has to", "--up-to", "10"]
    done = project.unladen("triage", request, *words)
    assert done.returncode == 0, done.stderr
    said = {f"results/{FILE}": (project.results / FILE).read_text()} if with_file else {}
    merged = _commit(project, "refs/heads/main", base, "Work more (#1)", {"f": "more", **said})
    git = ["git", "-C", str(project.folder / "repository")]
    subprocess.run([*git, "branch", "-q", "-D", "request"], check=True)
    project.hashes.append(merged)
    project.store(4, {WORK.name: [[work], [], "1"], CALLS.name: [[2], [], "1"]})
    return merged


def test_what_is_said_comes_to_main_with_a_squash_merge(project: Project) -> None:
    project.store(3, {WORK.name: [[110], [], "1"], CALLS.name: [[2], [], "1"]})
    merged = _squashed(project, work=121)
    listed = project.unladen("triage").stdout
    assert merged[:8] not in listed.partition("What has been said:")[0]
    assert f"What has been said:\n{merged[:8]} Work more (#1)\n" in listed
    assert "1 accepted" in project.unladen("changes").stdout
    repository = open_repository(project.read())
    accepted = accepted_between(project.read(), repository, project.hashes[3], merged)
    assert [one.commit for one in accepted.said] == [merged]  # as the gate sees it
    done = project.unladen("triage", merged, "--reopen")
    assert done.stdout == f"{merged[:8]}: 1 series open again\n", done.stderr
    assert f"\n{merged[:8]} " in project.unladen("triage").stdout


@pytest.mark.parametrize(("work", "with_file"), [(130, True), (121, False)])
def test_a_squash_merge_is_open_where_nobody_saw_as_much_or_it_is_not_known(
    project: Project, work: int, with_file: bool
) -> None:
    project.store(3, {WORK.name: [[110], [], "1"], CALLS.name: [[2], [], "1"]})
    merged = _squashed(project, work=work, with_file=with_file)
    assert (
        f"\n{merged[:8]} " in project.unladen("triage").stdout.partition("What has been said:")[0]
    )
    assert "accepted" not in project.unladen("changes").stdout
