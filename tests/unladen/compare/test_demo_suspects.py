"""A demo names no suspect that measuring side by side did not confirm: asv runs for real."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from made_conf import made_project
from made_history import history, ruled, series
from tiny_project import TinyProject, empty_history, write_project

from unladen.changes.by_commit import HistoryChanges, group_changes
from unladen.changes.load import find_changes
from unladen.changes.summary import summarise, suspected_items
from unladen.compare import demo_suspects
from unladen.compare.ab.confirm import Suspect
from unladen.compare.demo_suspects import Settled, suspects_told
from unladen.store.verdicts import Ruling, Verdict, Verdicts

COMMITS = 20
BUSY_FROM, SLOW_FROM = 7, 14

BENCHMARKS = f"""
import pathlib

CALLS = pathlib.Path("FOLDER", "calls")


def track_seconds():
    import tiny

    with CALLS.open("a") as file:
        file.write(".")
    number = CALLS.stat().st_size - 1
    busy = 1.5 if {BUSY_FROM} <= number < {COMMITS} else 1.0
    return tiny.SECONDS * busy * (1 + 0.001 * (number * 7 % 5))


track_seconds.unit = "seconds"
track_seconds.kind = "sampled"
track_seconds.demo = True
"""
"""The machine is busy while the history is measured, from its eighth commit on, not afterwards."""


@pytest.fixture
def project(tmp_path: Path) -> TinyProject:
    """20 commits, the fifteenth of which makes the SDK slower."""
    clone = tmp_path / "clone"
    made = empty_history(clone)
    for n in range(COMMITS):
        seconds = 1.3 if n >= SLOW_FROM else 1.0
        made.commit(
            f"number {n}", {"lib/tiny/__init__.py": f"SECONDS = {seconds}\nN = {n}\n"}, n + 1
        )
    project = write_project(tmp_path / "project", made)
    text = BENCHMARKS.replace("FOLDER", str(tmp_path))
    (project.folder / "benchmarks" / "work.py").write_text(text)
    return project


@pytest.mark.rotated(name="longest", one_in=4)
@pytest.mark.slow
def test_a_demo_confirms_what_is_the_commits_and_clears_what_was_the_machines(
    project: TinyProject,
) -> None:
    # One process: the machine is busy from one commit on, in their order.
    demo = ("--target", "tiny", "demo", "--machine", "lab", "--processes", "1", "--budget")
    unsettled = project.unladen(*demo, "0")
    assert unsettled.returncode == 0, unsettled.stdout + unsettled.stderr
    said = unsettled.stdout
    assert not re.search(r"number \d", said)
    assert "2 commits are suspected, not confirmed, and not named: unladen --target tiny" in said

    settled = project.unladen(*demo, "600")
    assert settled.returncode == 0, settled.stdout + settled.stderr
    assert "Suspects measured again side by side: 1 confirmed, 1 cleared." in settled.stdout
    assert [n for n in range(COMMITS) if re.search(rf"number {n}\b", settled.stdout)] == [SLOW_FROM]
    assert "not named" not in settled.stdout
    changes = project.unladen("--target", "tiny", "changes", "--all", "--json")
    states = {change["commit"]: change["state"] for change in json.loads(changes.stdout)["changes"]}
    commits = project.history.commits
    assert states[commits[f"number {SLOW_FROM}"]] == "confirmed"
    assert states[commits[f"number {BUSY_FROM}"]] == "cleared"
    portal = (project.folder / "html" / "index.html").read_text()
    assert f"number {SLOW_FROM}" in portal
    assert not re.search(rf"number {BUSY_FROM}\b", portal)

    calls = (project.folder.parent / "calls").stat().st_size
    again = project.unladen(*demo, "600")
    assert (project.folder.parent / "calls").stat().st_size == calls
    assert "measured again" not in again.stdout


def suspected() -> HistoryChanges:
    cpu = series("m.C.time_cpu", kind="sampled", unit="seconds", group="cpu")
    work = series("m.C.track_work", group="work")
    values = [1 + 0.001 * (n * 7 % 5) + 0.5 * (n >= 15) + 0.5 * (n >= 30) for n in range(45)]
    made = history((cpu, values), (work, [1.0] * 15 + [2.0] * 30))
    return group_changes(made, find_changes(made, Verdicts()))


def test_only_what_would_be_named_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[Suspect]] = []

    def confirm_all(conf: object, suspects: list[Suspect], *_: object) -> list[list[Verdict]]:
        asked.append(suspects)
        return []

    monkeypatch.setattr(demo_suspects, "confirm_all", confirm_all)
    report = suspected()
    measured = made_project(results_dir=tmp_path)
    (tmp_path / report.history.machine).mkdir()
    assert demo_suspects.settle(measured, report, 60, lambda _: None) == Settled(0, 0)
    (suspect,) = asked.pop()  # what changes the count as well is named anyway, and certain
    assert suspect.commit == report.history.commits[30]
    (item,) = suspected_items(report)
    undecided = ruled(report.history, item.biggest, Ruling.UNDECIDED)
    undecided.save(tmp_path / report.history.machine)
    demo_suspects.settle(measured, report, 60, lambda _: None)
    assert asked == [[]]  # tried before: confirm goes on with it
    assert report.history.commits[30].short in summarise(report)
    assert report.history.commits[30].short not in summarise(report, with_suspects=False)


@pytest.mark.parametrize(
    ("settled", "left", "said"),
    [
        (Settled(0, 0), 0, []),
        (Settled(2, 1), 0, ["Suspects measured again side by side: 2 confirmed, 1 cleared."]),
        (
            Settled(0, 0),
            1,
            ["1 commit is suspected, not confirmed, and not named: me confirm measures on."],
        ),
        (Settled(0, 0, "no pip"), 0, ["Suspects could not be measured again: no pip"]),
    ],
)
def test_what_became_of_suspects_is_told(settled: Settled, left: int, said: list[str]) -> None:
    assert list(suspects_told(settled, left, "me")) == said
