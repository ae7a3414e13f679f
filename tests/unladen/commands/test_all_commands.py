"""One question, one answer, whichever command is asked: a table of commands and questions."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from forked_commands import run_unladen
from made_history import ROOT, Project, outcomes, series, write_project

pytestmark = pytest.mark.slow

CALLS = series("m.C.track_calls")
OUTCOME = outcomes(axes={"fault": ["'offer: hangs'"]}, expected={"offer: hangs": ["recovered"]})
MEASURED = (0, 1, 3)
"""Of five commits; the fifth is the newest."""

LEVELS = """
title = "What it has to reach"
source = "its plan"
[[level]]
name = "basic"
criterion = [{ name = "few calls", series = "m.C.track_calls", at_most = 99 }]
"""

STORED = {
    "table": ["table", "{}"],
    "faults": ["faults", "{}"],
    "changes": ["changes", "{}"],
    "report": ["report", "{}"],
    "levels": ["levels", "{}"],
    "confirm": ["confirm", "{}"],
    "show": ["show", "{}"],
    "compare, first": ["compare", "{}", "main~4"],
    "compare, second": ["compare", "main~4", "{}"],
}
"""Commands that show results of a commit."""

MEASURING = {
    "run": ["run", "{}"],
    "run, one": ["run", "{}^!"],
    "run, range": ["run", "{}..main"],
    "continuous, base": ["continuous", "{}", "main"],
    "continuous, head": ["continuous", "main", "{}"],
    "find": ["find", "{}..main", "m.C.track_calls"],
    "bisect, good": ["bisect", "m.C.calls", "{}", "main"],
    "bisect, bad": ["bisect", "m.C.calls", "main~1", "{}"],
    "gate, base": ["gate", "{}", "main"],
    "gate, head": ["gate", "main", "{}"],
    "calibrate": ["calibrate", "{}"],
    "profile": ["profile", "m.C.track_calls", "{}"],
    "load": ["load", "{}"],
    "explain": ["explain", "{}"],
    "explain, range": ["explain", "{}..main"],
}
"""Commands that measure a commit that is named."""

SAYING = {
    "triage": ["triage", "{}", "--accepted", "it has to"],
    "digest": ["digest", "--since", "{}"],
}
"""Commands that say something of a commit, or since it."""

RANGES = {"changes, range": ["changes", "{}..main"], "confirm, range": ["confirm", "{}..main"]}

EVERY = {
    **{name: [command, *rest] for name, (command, *rest) in {**STORED, **MEASURING}.items()},
    "publish": ["publish"],
    "digest": ["digest"],
    "portal": ["portal"],
    "triage": ["triage"],
    "claims": ["claims"],
    "score": ["score"],
    "demo": ["demo"],
    "migrate": ["migrate"],
    "patches": ["patches", "build"],
    "releases": ["releases", "update"],
}


@dataclass(frozen=True)
class Answer:
    code: int
    output: str
    errors: str

    @property
    def refusal(self) -> str:
        """The line that says what is wrong."""
        assert self.code == 2, self
        assert "Traceback" not in self.output + self.errors
        lines = self.errors.strip().splitlines()
        assert sum(line.startswith("unladen: ") for line in lines) == 1, self
        return lines[-1].removeprefix("unladen: ")


@dataclass(frozen=True)
class Table:
    """The project, and what asks it."""

    project: Project

    def ask(self, *lines: Sequence[str], within: Path | None = None) -> list[Answer]:
        """The answers to some command lines."""
        folder = within or self.project.folder
        home = str(self.project.folder)
        variables = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": home}
        answers = (run_unladen(line, folder, variables) for line in lines)
        return [Answer(one.returncode, one.stdout, one.stderr) for one in answers]

    def each(
        self, commands: dict[str, list[str]], commit: str = "", *more: str, **where: Path
    ) -> dict[str, Answer]:
        """The answers of some commands. ``commit``: the one that they are asked about."""
        lines = [
            [part.replace("{}", commit) for part in line] + list(more) for line in commands.values()
        ]
        return dict(zip(commands, self.ask(*lines, **where), strict=True))


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    project = write_project(tmp_path_factory.mktemp("commands"), [], *["f"] * 5)
    project.describe(CALLS, OUTCOME)
    for n in MEASURED:
        rows = {CALLS.name: [[n], [], "1"], OUTCOME.name: [[0], [["'offer: hangs'"]], "1"]}
        project.store(n, rows)
        path = project.file(n)
        stored = {**json.loads(path.read_text()), "params": {"machine": "lab", "os": "Linux"}}
        path.write_text(json.dumps(stored))
    driver = project.folder / "targets" / "sdk"
    driver.mkdir(parents=True)
    (driver / "levels.toml").write_text(LEVELS)
    machine = {"version": 1, "machine": "lab", "os": "Linux"}
    (project.results / "lab" / "machine.json").write_text(json.dumps(machine))
    repository = project.folder / "repository"
    subprocess.run(["git", "-C", str(repository), "tag", "v1", "main~1"], check=True)
    subprocess.run(["git", "-C", str(repository), "branch", "side", "main~1"], check=True)
    return Table(project)


def check_each(answers: dict[str, Answer], expected: str | Callable[[str], bool]) -> None:
    refusals = {name: answer.refusal for name, answer in answers.items()}
    if isinstance(expected, str):
        assert refusals == dict.fromkeys(answers, expected)
    else:
        assert all(map(expected, refusals.values())), refusals


def test_an_unknown_commit(table: Table) -> None:
    answers = table.each({**STORED, **MEASURING, **SAYING, **RANGES}, "nowhere")
    check_each(answers, "no such commit, branch or tag: nowhere")


def test_no_name_at_all(table: Table) -> None:
    check_each(
        {n: a for n, a in table.each({**STORED, **MEASURING}, "").items() if n not in _OPEN_ENDED},
        "no such commit, branch or tag: ''",
    )


_OPEN_ENDED = ("run, one", "run, range", "find")
"""Those whose argument is not empty without a name: git's ``..main`` begins at HEAD."""


@pytest.fixture(scope="module")
def by_hash(table: Table) -> dict[str, Answer]:
    return table.each(STORED, table.project.hashes[3])


@pytest.mark.rotated
@pytest.mark.parametrize("name", ["main~1", "v1", "side", "{hash:.7}"])
def test_a_commit_by_any_name(table: Table, by_hash: dict[str, Answer], name: str) -> None:
    by_name = table.each(STORED, name.format(hash=table.project.hashes[3]))
    assert {one: answer.code for one, answer in by_name.items()} == dict.fromkeys(STORED, 0)
    assert {n: a.output for n, a in by_name.items()} == {n: a.output for n, a in by_hash.items()}


def test_measuring_commands_know_the_same_names(table: Table) -> None:
    """They get as far as their benchmarks, which this project has not."""
    for name in ("v1", "main~1"):
        answers = table.each(MEASURING, name, within=table.project.folder)
        for command, answer in answers.items():
            assert "no such commit" not in answer.errors, (command, name)
            assert "Traceback" not in answer.errors, (command, name)


def test_a_commit_that_is_not_measured(table: Table) -> None:
    hashes = table.project.hashes
    answers = table.each(STORED, "main~2")
    near = f"{hashes[1][:8]} commit 1 \N{REPLACEMENT CHARACTER}[31mred (1 commit earlier)"
    said = f"main~2 ({hashes[2][:8]}) is not measured; the nearest that is: {near}"
    check_each(answers, said)
    newest = table.each(STORED, hashes[4])
    near = f"{hashes[3][:8]} commit 3 \N{REPLACEMENT CHARACTER}[31mred (1 commit earlier)"
    check_each(newest, f"{hashes[4][:8]} is not measured; the nearest that is: {near}")


def test_a_range_where_one_commit_is_wanted(table: Table) -> None:
    one = {name: STORED[name] for name in ("table", "faults", "report", "levels")}
    said = "one commit, please, not main~1..main: name main, say"
    check_each(table.each(one, "main~1..main"), said)


def test_an_unknown_series(table: Table) -> None:
    commands = {
        "changes": ["changes", "--series", "m.C.cals"],
        "confirm": ["confirm", "--series", "m.C.cals"],
        "show": ["show", "main~1", "--bench", "m.C.cals"],
        "table": ["table", "--series", "m.C.cals"],
    }
    check_each(table.each(commands), "no series is called 'm.C.cals'; did you mean m.C.calls?")


@pytest.mark.parametrize("name", ["m.C.calls", "m.C.track_calls", "C.calls", "C.track_calls"])
def test_a_series_by_any_name(table: Table, name: str) -> None:
    shown, stored, tabled = table.ask(
        ["changes", "--series", name],
        ["show", "main~1", "--bench", name],
        ["table", "main~1", "--series", name],
    )
    assert "m.C.calls" in shown.output
    assert "calls" in tabled.output
    assert "m.C.track_calls" in stored.output
    assert "Outcome" not in shown.output + stored.output + tabled.output


def test_an_unknown_target(table: Table) -> None:
    answers = table.each(EVERY, "main", "--target", "parly")
    said = "there is no target 'parly'; did you mean parley? known targets: "
    check_each(answers, lambda line: line.startswith(said) and " bare, " in line)
    check_each(table.each(EVERY, "main", "--target", ""), lambda line: "no target ''" in line)


def test_an_unknown_machine(table: Table) -> None:
    named = {name: line for name, line in STORED.items() if line[0] in _OF_A_MACHINE}
    results = table.project.results
    said = f"nothing is measured of sdk on labb in {results}; did you mean lab?"
    check_each(table.each(named, "main~1", "--machine", "labb"), said)


_OF_A_MACHINE = ("table", "faults", "changes", "report", "levels", "confirm")


def test_an_unknown_command(table: Table) -> None:
    near, far = table.ask(["tabel"], ["zzzz"])
    assert near.refusal.startswith("there is no command 'tabel'; did you mean table")
    assert far.refusal.startswith("there is no command 'zzzz' (see unladen --help)")


def test_from_a_folder_below(table: Table, by_hash: dict[str, Answer]) -> None:
    below = table.project.folder / "below" / "it"
    below.mkdir(parents=True)
    there = table.each(STORED, "main~1", within=below)
    assert {n: (a.code, a.output) for n, a in there.items()} == {
        n: (a.code, a.output) for n, a in by_hash.items()
    }


def test_where_no_conf_is(table: Table, tmp_path: Path) -> None:
    of_none = ("demo", "claims")  # it brings its own; they are of all targets that there are
    asking = {name: line for name, line in EVERY.items() if name not in of_none}
    answers = table.each(asking, "main", within=tmp_path)
    check_each(
        answers, lambda line: line.startswith("there is no asv.conf.json here or in a folder")
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["changes", "--limit", "x"], "must be a whole number above 0, not 'x'"),
        (["changes", "--limit", "0"], "must be a whole number above 0, not '0'"),
        (["gate", "main", "main", "--rounds", "-1"], "must be a whole number above 0, not '-1'"),
        (["gate", "main", "main", "--budget", "nan"], "must be a number of seconds, not 'nan'"),
        (["confirm", "--budget", "x"], "must be a number of seconds, not 'x'"),
        (["calibrate", "--runs", ""], "must be a whole number above 0, not ''"),
        (["score", "--repeats", "1e9"], "must be a number from 1 to 1000, not '1e9'"),
        (["run", "--steps", "x"], "'x' is not a positive integer"),
        (["changes", "--series", "("], "not a regular expression"),
        (["confirm", "--series", "("], "not a regular expression"),
        (["show", "main~1", "--bench", "("], "not a regular expression"),
        (["table", "--series", "("], "not a regular expression"),
        (["changes", "--series", ""], "must not be empty"),
        (["gate", "main", "main", "--series", ""], "must not be empty"),
        (["gate", "main", "main", "--threshold", "x"], "--threshold must be PATTERN=PERCENT"),
        (["--config", "", "table"], "--config must name a file"),
        (["portal", "--html-dir", ""], "must name a folder"),
    ],
)
def test_what_is_no_number_pattern_or_name(table: Table, line: list[str], said: str) -> None:
    (answer,) = table.ask(line)
    assert said in answer.refusal


WRITING = {
    "report": ["report", "-o"],
    "claims": ["claims", "-o"],
    "gate": ["gate", "main", "main", "--json"],
    "gate, markdown": ["gate", "main", "main", "--markdown"],
    "gate, junit": ["gate", "main", "main", "--junit"],
    "confirm": ["confirm", "--json"],
    "bisect": ["bisect", "m.C.calls", "main~1", "main", "--json"],
    "calibrate": ["calibrate", "--json"],
    "explain": ["explain", "main", "--json"],
    "explain, flame graph": ["explain", "main", "--flamegraph"],
    "explain, profile": ["explain", "main", "--profile"],
}


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("nowhere/file", "there is no folder nowhere"),
        ("results", "results is a folder: name a file"),
        ("", "must name a file"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused_at_once(
    table: Table, file: str, said: str
) -> None:
    check_each(table.each(WRITING, "", file), lambda line: said in line)


@pytest.mark.parametrize("value", ["text", {"a": 1}, [1, 2]])
def test_compare_and_show_take_what_is_no_number_for_a_failure(table: Table, value: object) -> None:
    path = table.project.file(3)
    kept = path.read_text()
    data = json.loads(kept)
    data["results"][CALLS.name][0] = [value]
    path.write_text(json.dumps(data))
    try:
        lines = (
            ["compare", "main~4", "main~1"],
            ["compare", "main~1", "main~4"],
            ["show", "main~1"],
        )
        for answer in table.ask(*lines):
            assert answer.code == 0, answer
            assert "failed" in answer.output
            assert "Traceback" not in answer.errors
    finally:
        path.write_text(kept)
