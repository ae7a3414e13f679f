"""A wrong outcome stands beside its value: in changes, and wherever they are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from made_history import OLD_FAILURE, WRONG, Project, Value, history, series, write_project

from unladen.changes.by_commit import group_changes
from unladen.changes.exact import find_exact_changes
from unladen.changes.model import Change, ChangeKind, Direction
from unladen.changes.sampled import find_sampled_changes
from unladen.changes.summary import summarise
from unladen.changes.text import render
from unladen.labels.check import WrongValue
from unladen.results.changes import load_changes
from unladen.store.series import Status

SPAN = series("talk.baseline.Run.track_makespan", unit="seconds", group="virtual time")
WORK = series("talk.baseline.Run.track_bytecodes", unit="bytecodes", group="work")


def changes(*values: Value) -> list[Change]:
    return find_exact_changes(history((SPAN, list(values))))


@pytest.mark.parametrize(
    ("before", "after", "kind", "direction"),
    [
        (4, WrongValue(8), ChangeKind.WRONG, Direction.REGRESSION),
        (4, WrongValue(4), ChangeKind.WRONG, Direction.REGRESSION),
        (8, WrongValue(4), ChangeKind.WRONG, Direction.REGRESSION),
        (WrongValue(8), 4, ChangeKind.RIGHT, Direction.IMPROVEMENT),
        (WrongValue(4), 8, ChangeKind.RIGHT, Direction.IMPROVEMENT),
        (WrongValue(4), WrongValue(8), ChangeKind.VALUE, Direction.REGRESSION),
        (WrongValue(8), WrongValue(4), ChangeKind.VALUE, Direction.IMPROVEMENT),
        ("n/a", WrongValue(4), ChangeKind.WRONG, Direction.REGRESSION),
        (WrongValue(4), "n/a", ChangeKind.DISAPPEARS, Direction.NEITHER),
        ("failed", WrongValue(4), ChangeKind.WRONG, Direction.NEITHER),
        (WrongValue(4), "failed", ChangeKind.BROKE, Direction.NEITHER),
    ],
)
def test_wrong_outcomes_are_a_state_with_a_value(
    before: Value, after: Value, kind: ChangeKind, direction: Direction
) -> None:
    (change,) = changes(before, before, None, after, after)
    assert (change.kind, change.direction) == (kind, direction)
    for reading, value in ((change.before, before), (change.after, after)):
        assert reading.value == (value.value if isinstance(value, WrongValue) else value) or (
            isinstance(value, str) and reading.value is None
        )
        assert (reading.status is Status.WRONG) == isinstance(value, WrongValue)
        assert (reading.reason == WRONG) == isinstance(value, WrongValue)


def test_the_step_of_a_scenario_that_does_not_do_what_was_asked_is_seen() -> None:
    """4 s, then 8 s, both without the part that was asked for."""
    (change,) = changes(WrongValue(4), WrongValue(4), WrongValue(8), WrongValue(8))
    assert (change.before.value, change.after.value, change.ratio) == (4, 8, 2)


@pytest.mark.parametrize(
    ("values", "undone"),
    [
        ((4, WrongValue(8), WrongValue(4), 4), 3),
        ((4, WrongValue(8), 8), 2),
        ((4, WrongValue(8), "failed", 4), 3),
        ((4, "failed", WrongValue(4), 4), 3),
        ((4, WrongValue(8), "failed"), None),
        ((4, 8, WrongValue(4), 8), None),
        ((4, 8, WrongValue(4), 4), 3),
        ((WrongValue(4), WrongValue(8), WrongValue(4)), 2),
        ((WrongValue(8), 4, "failed"), 2),
        ((WrongValue(8), 4, WrongValue(4)), 2),
        (("failed", 4, WrongValue(4)), 2),
    ],
)
def test_no_wrong_outcome_undoes_damage(values: tuple[Value, ...], undone: int | None) -> None:
    commit = changes(*values)[0].undone_by
    assert (commit and int(commit.hash[:8])) == undone


def test_the_biggest_step_comes_first_and_the_same_figure_is_no_step() -> None:
    other = series("talk.baseline.Run.track_hangs", group="outcome")
    made = history((other, [0, WrongValue(0)]), (SPAN, [4, WrongValue(8)]))
    text = render(group_changes(made, find_exact_changes(made)), None)
    assert text.index("makespan") < text.index("hangs")
    assert "0 -> 0 (wrong)" in text
    assert "%" not in text


def test_what_is_right_again_remembers_its_last_right_value() -> None:
    _, right = changes(3, WrongValue(8), 4)
    assert (right.before.value, right.after.value, right.value_before_failure) == (8, 4, 3)


def test_a_failure_of_results_from_before_is_no_change_to_the_same_told_with_its_value() -> None:
    assert changes(OLD_FAILURE, WrongValue(8), OLD_FAILURE, WrongValue(8)) == []
    (broke,) = changes(4, OLD_FAILURE, WrongValue(8))
    assert (broke.kind, broke.undone_by) == (ChangeKind.BROKE, None)
    (right,) = changes(WrongValue(8), OLD_FAILURE, 4)
    assert right.kind is ChangeKind.WORKS
    assert [change.kind for change in changes("failed", WrongValue(8))] == [ChangeKind.WRONG]


def test_figures_of_right_and_wrong_outcomes_are_no_drift() -> None:
    found = changes(1000, 1010, 1020, WrongValue(1030), WrongValue(1040), 1050)
    assert [change.drift for change in found] == [None] * len(found)


def test_no_level_is_made_of_right_and_wrong_outcomes() -> None:
    info = series("m.C.time_x", kind="sampled", unit="seconds", group="cpu")
    right = [1.0 + n % 5 / 100 for n in range(40)]
    wrong = [WrongValue(value / 2) for value in right]
    found = find_sampled_changes(history((info, [*right, *wrong, *right])))
    assert [change.kind for change in found] == [ChangeKind.WRONG, ChangeKind.RIGHT]
    doubled = [WrongValue(value) for value in right]
    found = find_sampled_changes(history((info, [*right, *wrong, *doubled])))
    assert [change.kind for change in found] == [ChangeKind.WRONG, ChangeKind.VALUE]


def test_both_figures_are_told_and_the_wrong_one_is_marked() -> None:
    made = history((SPAN, [4, WrongValue(8), 8]), (WORK, [10, WrongValue(200_000), 200_000]))
    report = group_changes(made, find_exact_changes(made))
    text = " ".join(render(report, None).split())
    assert "WRONG talk.baseline.Run.makespan 4 s -> 8 s (wrong)" in text
    assert "x2 fixed 00000002 the" in text
    assert "10 -> 200,000 (wrong)" in text
    assert "right talk.baseline.Run.makespan 8 s (wrong) -> 8 s" in text
    assert "2 WRONG" in text
    assert "2 right" in text
    short = summarise(report)
    assert "Regressions: 1 commit, nothing of it still there" in short
    assert "Improvements: 1 commit" in short
    assert "10 -> 200 k (wrong)" in short


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """4 s; then wrong, as an earlier harness stored it; 8 s, wrong; 8 s."""
    made = write_project(tmp_path, ["lib"], *["lib/a.py"] * 4)
    made.describe(SPAN)
    rows: list[Any] = [4, None, 8, 8]
    for n, value in enumerate(rows):
        made.store(n, {SPAN.name: [[value], [], SPAN.version]})
        made.record(n)
    made.record(1, failed=[(SPAN.name, (), OLD_FAILURE)])
    made.record(2, wrong=[(SPAN.name, (), f"{WRONG}\x1b[31m")])
    return made


@pytest.mark.slow
def test_it_is_read_from_the_records(project: Project) -> None:
    report = load_changes(project.read())
    found = [change for commit in report.commits for change in commit.changes]
    assert [change.kind for change in found] == [ChangeKind.RIGHT, ChangeKind.BROKE]
    assert found[0].before.value == 8
    assert found[0].before.reason == f"{WRONG}\ufffd[31m"


@pytest.mark.slow
def test_the_commands_show_it(project: Project) -> None:
    shown = project.unladen("table", project.hashes[2])
    assert "8 s (wrong)" in shown.stdout, shown.stderr
    assert f"wrong outcome: makespan: {WRONG}" in shown.stdout
    (row,) = json.loads(project.unladen("table", project.hashes[2], "--json").stdout)[0]["rows"]
    assert (row["status"], row["value"]) == ("wrong outcome", 8)
    assert row["reason"].startswith(WRONG)
    data = json.loads(project.unladen("changes", "--json").stdout)
    (change, _) = data["changes"]
    assert (change["kind"], change["verdict"]) == ("right again", "improvement")
    assert (change["before"]["status"], change["before"]["value"]) == ("wrong outcome", 8)
