"""``gate``, ``bisect``, ``calibrate`` and ``confirm`` on a tiny target, with asv for real."""

from __future__ import annotations

import json
import subprocess
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from tiny_project import AT_ONCE, TinyProject

pytestmark = pytest.mark.slow

Done = subprocess.CompletedProcess[str]


def run(project: TinyProject, command: str, *arguments: str) -> Done:
    """Run a command; words that name a commit of the history stand for its hash."""
    commits = project.history.commits
    words = [commits.get(word, word) for word in arguments]
    if command in ("gate", "calibrate"):
        words += AT_ONCE
    return project.unladen("--target", "tiny", command, *words)


def outcomes(text: str) -> dict[tuple[str, ...], str]:
    findings: list[dict[str, Any]] = json.loads(text)["findings"]
    return {(f["series"], *f["params"].values()): f["outcome"] for f in findings}


def test_a_regression_fails_the_gate_and_is_told_in_every_format(measured: TinyProject) -> None:
    before = measured.digest()
    files = ["--json", "-", "--junit", "gate.xml", "--markdown", "gate.md"]
    done = run(measured, "gate", "first", "good", "--rounds", "4", *files)
    assert done.returncode == 1, done.stderr
    found = outcomes(done.stdout)
    assert found["work.Work.track_value", "'a'"] == "regression"
    assert found["work.Work.track_value", "'b'"] == "new"
    assert found[("work.track_seconds",)] == "same"
    data = json.loads(done.stdout)
    assert (data["exit_code"], data["rounds"]) == (1, 4)
    assert data["stored_series"] == 2  # of both commits: measured by the fixture
    (suite,) = ET.parse(measured.folder / "gate.xml").getroot()
    assert suite.attrib["failures"] == "1"
    text = (measured.folder / "gate.md").read_text()
    assert text.startswith("### ❌ Regression")
    assert "unladen --target tiny bisect 'work.Work.value(a)'" in text
    after = measured.digest()
    assert {name for name in after if after[name] != before.get(name)} == {"gate.xml", "gate.md"}


def test_what_was_accepted_does_not_fail_the_gate(measured: TinyProject) -> None:
    said = run(measured, "triage", "good", "work.Work.value", "--accepted", "it has to")
    assert said.returncode == 0, said.stderr
    done = run(measured, "gate", "raising", "good", "--only", "exact")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 accepted" in done.stdout
    assert "accepted: it has to" in done.stdout
    # Together with what other commits did it is worse than what was accepted.
    other = run(measured, "gate", "first", "good", "--only", "exact")
    assert other.returncode == 1, other.stdout + other.stderr


def test_what_broke_is_told_from_what_is_slower(measured: TinyProject) -> None:
    done = run(measured, "gate", "good", "raising", "--only", "exact", "--exact-base")
    assert done.returncode == 3, done.stderr
    assert "**broken**: `work.Work.value(b)`: `ValueError: b is broken`" in done.stdout
    assert "| Better |" in done.stdout


def test_what_cannot_be_judged_is_an_exit_code_that_can_be_accepted(measured: TinyProject) -> None:
    """One round can rule out nothing."""
    arguments = ["first", "good", "--only", "sampled", "--rounds", "1", "--budget", "0"]
    files = ["--json", "gate.json", "--junit", "gate.xml"]
    done = run(measured, "gate", *arguments, *files)
    assert done.returncode == 5, done.stderr
    assert done.stdout.startswith("### ⚠️ Could not judge: 2 undecided in 2 values")
    data = json.loads((measured.folder / "gate.json").read_text())
    assert (data["exit_code"], data["judged"], data["waited"]) == (5, False, 0)
    assert data["load"]["cores"] >= 1
    (suite,) = ET.parse(measured.folder / "gate.xml").getroot()
    assert suite.attrib["errors"] == "2"
    accepted = run(measured, "gate", *arguments, "--accept-undecided")
    assert accepted.returncode == 0, accepted.stderr
    assert accepted.stdout.startswith("### ⚠️ Could not judge: 2 undecided in 2 values")


def test_where_nothing_works_nothing_is_measured(measured: TinyProject) -> None:
    arguments = ["unimportable", "unimportable", "--always", "--series", "Work"]
    done = run(measured, "gate", *arguments)
    assert done.returncode == 4, done.stderr
    assert "Nothing was measured" in done.stdout
    assert "a_module_that_is_not_there" in done.stdout


@pytest.mark.parametrize("head", ["first", "elsewhere"])
def test_the_same_code_is_no_regression(measured: TinyProject, head: str) -> None:
    done = run(measured, "gate", "first", head)
    assert done.returncode == 0, done.stderr
    assert "the same code" in done.stdout


def test_a_threshold_by_pattern(measured: TinyProject) -> None:
    rule = ["--threshold", "work.Work.*=250"]
    done = run(measured, "gate", "first", "good", "--only", "exact", *rule)
    assert done.returncode == 0, done.stderr
    assert "below its threshold" in done.stdout


def test_values_are_stored_only_if_asked(shared: TinyProject, tmp_path: Any) -> None:
    project = shared.copy(tmp_path / "project")
    if project.results.exists():
        for file in project.results.glob("*"):
            file.unlink()
    first, good = (project.history.commits[name] for name in ("first", "good"))
    done = run(project, "gate", "first", "good", "--only", "exact", "--save")
    assert done.returncode == 1, done.stderr
    stored = {file.name[:8] for file in project.results.parent.glob("*/*-*.json")}
    assert stored == {first[:8], good[:8]}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense", "good"], "no such commit, branch or tag: nonsense"),
        (["good", "first"], "so it changes nothing there; with --exact-base"),
        (["first", "good", "--series", "no such"], "no series is called 'no such'"),
        (["first", "good", "--threshold", "x"], "must be PATTERN=PERCENT"),
        (["first", "good", "--series", "("], "not a regular expression"),
        (["first", "good", "--rounds", "0"], "whole number above 0"),
        (["first", "good", "--json", "-", "--junit", "-"], "only one of"),
        (["first", "good", "--only", "exact", "--json", "no/such/folder"], "there is no folder"),
    ],
)
def test_bad_usage_is_one_line(measured: TinyProject, arguments: list[str], said: str) -> None:
    done = run(measured, "gate", *arguments)
    assert done.returncode == 2
    assert said in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_bisect_names_the_commit(measured: TinyProject) -> None:
    done = run(measured, "bisect", "work.Work.track_value(a)", "first", "good", "--json", "-")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert [one["commit"] for one in data["found"]] == [measured.history.commits["good"]]
    assert {one["answer"] for one in data["probes"]} <= {"good", "skip"}
    assert all(one["stored"] for one in data["probes"])


def test_a_bad_stored_file_is_named_and_measured_anew(measured: TinyProject) -> None:
    first = measured.results_file("first")
    first.write_text("[" * 1_000_000)
    said = f"{first.name} is not readable: it is nested too deeply; skipped"
    series = "work.Work.track_value"
    done = run(measured, "gate", "first", "good", "--only", "exact", "--series", "Work")
    assert done.returncode == 1, done.stderr
    assert said.replace("_", "\\_") in done.stdout
    done = run(measured, "bisect", f"{series}(a)", "first", "good", "--json", "-")
    assert done.returncode == 0, done.stderr
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("unladen: ")]
    assert line.endswith(said)
    data = json.loads(done.stdout)
    assert (data["good"]["value"], data["remarks"]) == (1, [line.removeprefix("unladen: ")])


def test_bisect_names_a_range_where_a_commit_fails_otherwise(measured: TinyProject) -> None:
    done = run(measured, "bisect", "work.Work.track_value(b)", "first", "raising")
    assert done.returncode == 0, done.stderr
    assert "One of these 2 commits" in done.stdout
    assert "skip" in done.stdout


def test_bisect_says_that_there_is_no_change(measured: TinyProject) -> None:
    done = run(measured, "bisect", "work.track_seconds", "first", "good")
    assert done.returncode == 4, done.stderr
    assert "No change between" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["work.Work.track_valu", "first", "good"], "did you mean work.Work.value?"),
        (
            ["work.Work.track_value(c)", "first", "good"],
            "no value is called work.Work.track_value(c); there are work.Work.value(a)",
        ),
        (["work.Work.track_value", "good", "first"], "is later than"),
        (["work.Work.track_value", "first", "elsewhere"], "touches lib/tiny"),
        (["work.Work.track_value", "first", "first"], "no commit after"),
        (["work.Work.track_value", "first", "nonsense"], "no such commit"),
    ],
)
def test_bisect_refuses_in_one_line(measured: TinyProject, arguments: list[str], said: str) -> None:
    done = run(measured, "bisect", *arguments)
    assert done.returncode == 2, done.stdout
    assert said in done.stderr.splitlines()[-1]


def test_calibrate_counts_gates_that_fail(measured: TinyProject) -> None:
    arguments = ["good", "--runs", "2", "--rounds", "4", "--json", "-"]
    done = run(measured, "calibrate", *arguments)
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert (data["gates"], data["failed"], data["values"]) == (2, 0, 2)


def test_calibrate_needs_a_sampled_series(measured: TinyProject) -> None:
    done = run(measured, "calibrate", "good", "--series", "Work")
    assert done.returncode == 4
    assert "no gate was finished" in done.stdout


def test_confirm_without_suspects(measured: TinyProject) -> None:
    done = run(measured, "confirm")
    assert done.returncode == 0, done.stderr
    assert "No suspected changes." in done.stdout


def test_nothing_is_left_in_the_environment(measured: TinyProject) -> None:
    run(measured, "gate", "first", "good", "--only", "sampled", "--rounds", "1", "--budget", "0")
    env_dir = json.loads((measured.target / "asv.conf.json").read_text())["env_dir"]
    folder = measured.target / env_dir
    assert not list(folder.rglob("unladen_side.pth"))
    assert not list(folder.rglob("sides"))


def test_the_markdown_leads_to_the_site_if_its_address_is_known(measured: TinyProject) -> None:
    conf = measured.target / "asv.conf.json"
    before = conf.read_text()
    files = ["--only", "exact", "--markdown", "-"]
    assert "On the site" not in run(measured, "gate", "first", "good", *files).stdout
    conf.write_text(json.dumps({**json.loads(before), "site_url": "https://example.org/tiny/"}))
    done = run(measured, "gate", "first", "good", *files)
    conf.write_text(before)
    assert "[base and head](https://example.org/tiny/compare.html#" in done.stdout


def test_a_quick_gate_ends_with_what_fails_it(measured: TinyProject) -> None:
    files = ["--json", "-", "--markdown", "gate.md"]
    done = run(measured, "gate", "first", "good", "--quick", "--always", *files)
    assert done.returncode == 1, done.stderr
    data = json.loads(done.stdout)
    assert {one["series"] for one in data["findings"]} == {"work.Work.track_value"}
    assert data["remarks"] == ["2 series are left out, for what was found fails the gate"]
    assert data["rounds"] == 0


def test_a_quick_gate_that_finds_nothing_is_whole(measured: TinyProject) -> None:
    arguments = ["--always", "--rounds", "4", "--json", "-", "--markdown", "gate.md"]
    quick, whole = (
        run(measured, "gate", "good", "good", *more, *arguments) for more in (["--quick"], [])
    )
    assert quick.returncode == whole.returncode == 0, quick.stderr
    assert outcomes(quick.stdout) == outcomes(whole.stdout)
    assert json.loads(quick.stdout)["remarks"] == []
