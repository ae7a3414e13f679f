"""Results from Python: what docs/api.md says."""

from __future__ import annotations

import builtins
import math
import shutil
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest
from made_history import Project, series, write_project

import unladen
from unladen.results.changes import load_changes

EXACT = series("m.C.track_x", axes={"size": ("'a'", "'b'")})
SAMPLED = series("m.C.time_y", kind="sampled", unit="seconds", group="cpu")
POINTS = [list(axis) for axis in EXACT.axes.values()]
NAN = float("nan")
VALUES: list[list[Any]] = [[1.0, NAN], [1.0, 5.0], [2.0, None], [2.0, 5.0]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Five commits, the last of which is not measured, with a change, a failure and an n/a."""
    monkeypatch.chdir(tmp_path)
    made = write_project(tmp_path, [], *["file"] * 5)
    made.describe(EXACT, SAMPLED)
    for commit, values in enumerate(VALUES):
        rows = {EXACT.name: [values, POINTS, "1", 1_000, 1.0]}
        made.store(commit, rows)
    made.record(2, [(EXACT.name, ("'b'",), "ValueError: broken")])
    return made


def test_commits_series_and_values(project: Project) -> None:
    results = unladen.open_results(project.folder)
    assert (results.target, results.machine, results.branch) == ("sdk", "lab", "main")
    assert [one.hash for one in results.commits] == project.hashes[:4]
    assert results.commits[0].subject
    assert list(results.series) == sorted([EXACT.name, SAMPLED.name])
    assert results.series[EXACT.name].is_exact
    values = results.values(EXACT.name)
    assert [(one.commit.hash, one.cell, one.status.value) for one in values[:4]] == [
        (project.hashes[0], "a", "measured"),
        (project.hashes[0], "b", "n/a"),
        (project.hashes[1], "a", "measured"),
        (project.hashes[1], "b", "measured"),
    ]
    assert [one.value for one in values] == [1.0, None, 1.0, 5.0, 2.0, None, 2.0, 5.0]
    assert values[5].reason == "ValueError: broken"
    assert results.values(SAMPLED.name) == []
    assert results.values(commit=project.hashes[1][:10]) == values[2:4]


def test_a_value_has_what_the_benchmark_said_of_it(project: Project) -> None:
    project.record(2, notes=[(EXACT.name, ("'a'",), "slow\nbecause")])
    values = unladen.open_results(project.folder).values(EXACT.name)
    assert [one.note for one in values[3:6]] == ["", "slow\nbecause", ""]


@pytest.mark.slow
def test_changes_are_those_of_the_command(project: Project) -> None:
    results = unladen.open_results(project.folder / "asv.conf.json")
    told = [change for one in load_changes(project.read()).commits for change in one.changes]
    assert sorted(map(repr, results.changes)) == sorted(map(repr, told))
    (found,) = (one for one in results.changes if one.kind is unladen.ChangeKind.VALUE)
    assert found.direction is unladen.Direction.REGRESSION
    assert (found.commit.hash, found.ratio) == (project.hashes[2], 2.0)


def test_a_folder_of_results_alone_is_enough(project: Project, tmp_path: Path) -> None:
    alone = tmp_path / "artifact"
    shutil.copytree(project.results, alone)
    results = unladen.open_results(alone)
    assert {one.hash for one in results.commits} == {*project.hashes[:4]}
    assert results.commits[0].subject == ""
    assert any("in the order of their authors' dates" in one for one in results.remarks)
    whole = unladen.open_results(project.folder)
    for commit in project.hashes[:4]:
        values, expected = (one.values(commit=commit) for one in (results, whole))
        assert [one.reading for one in values] == [one.reading for one in expected]


def test_what_cannot_be_used_is_a_remark(project: Project) -> None:
    project.file(3).write_text("{")
    results = unladen.open_results(project.folder)
    assert len(results.commits) == 3
    assert any(project.file(3).name in remark for remark in results.remarks)


def test_nothing_of_it_can_be_changed(project: Project) -> None:
    results = unladen.open_results(project.folder)
    value = results.values()[0]
    for one, name in ((results, "history"), (value, "lender"), (value.reading, "value")):
        with pytest.raises(FrozenInstanceError):
            setattr(one, name, None)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda results: results.values("m.C.track_z"), "track_z"),
        (lambda results: results.values(commit="ffffffffff"), "none is called ffffffffff"),
        (lambda results: results.values(commit=""), "several are called"),
    ],
)
def test_what_is_not_there_is_said_in_a_line(project: Project, ask: Any, said: str) -> None:
    with pytest.raises(unladen.UserError, match=said) as raised:
        ask(unladen.open_results(project.folder))
    assert "\n" not in str(raised.value)


def test_a_folder_without_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(unladen.UserError, match=r"neither asv\.conf\.json nor benchmarks\.json"):
        unladen.open_results(tmp_path)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        unladen.nothing  # noqa: B018


@pytest.mark.slow
def test_a_data_frame(project: Project) -> None:
    frame = unladen.open_results(project.folder).to_frame()
    assert list(frame.columns) == [
        *("commit", "date", "series", "cell", "value", "status", "reason"),
        *("unit", "kind", "group", "lender", "carried"),
    ]
    assert len(frame) == 8
    assert frame["value"].dtype == "float64"
    assert [None if math.isnan(v) else v for v in frame["value"]][:4] == [1.0, None, 1.0, 5.0]
    assert str(frame["date"].dtype).startswith("datetime64")
    means = frame.groupby("cell")["value"].mean()
    assert dict(means) == {"a": 1.5, "b": 5.0}


def test_without_pandas_a_line_says_so(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    load = builtins.__import__

    def refusing(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "pandas":
            raise ImportError(name)
        return load(name, *args, **kwargs)

    results = unladen.open_results(project.folder)
    monkeypatch.setattr(builtins, "__import__", refusing)
    with pytest.raises(unladen.UserError, match=r"pip install 'unladen\[pandas\]'"):
        results.to_frame()


def test_importing_unladen_loads_nothing() -> None:
    program = (
        "import sys, unladen; assert unladen.__version__;"
        "print([m for m in sys.modules if m.split('.')[0] in ('asv', 'numpy', 'msgspec')"
        " or m.startswith('unladen.')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_every_name_that_is_offered_is_there() -> None:
    assert all(getattr(unladen, name).__name__ == name for name in unladen.__all__)
