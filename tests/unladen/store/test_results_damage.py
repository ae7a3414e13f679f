"""Results that are damaged: each says so by the name of its file, and what can be healed is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from made_history import COLUMNS, Project, series, write_project
from tiny_project import TinyProject

from unladen.history.history import History
from unladen.history.loading import load_history
from unladen.history.source import choose_source
from unladen.repo.repository import open_repository
from unladen.store.series import Status

CALLS = series("m.C.track_calls")
SIZES = series("m.C.track_sizes", axes={"size": ["1", "2", "3"]})


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two commits: one whose results are whole, and one to be damaged."""
    made = write_project(tmp_path, [], "a", "b")
    made.describe(CALLS, SIZES)
    for commit in range(2):
        store(made, commit, [7], [1, 2, 3])
        made.record(commit)
    return made


def store(project: Project, commit: int, calls: Any, sizes: Any, **changes: Any) -> None:
    """Results of both series."""
    rows = {
        "m.C.track_calls": [calls, [], "1", 5],
        "m.C.track_sizes": [sizes, [["1", "2", "3"]], "1", 5],
    }
    project.store(commit, rows)
    if changes:
        file = project.file(commit)
        file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def loaded(project: Project) -> History:
    """The history and what it says."""
    source = choose_source("sdk", project.results, "lab").source
    return load_history(project.read(), open_repository(project.read()), source)


@pytest.mark.slow
@pytest.mark.parametrize("column", ["result", "params", "version"])
def test_a_column_without_which_nothing_is_known(project: Project, column: str) -> None:
    columns = [one if one != column else "other" for one in COLUMNS]
    store(project, 1, [7], [1, 2, 3], result_columns=columns)
    history = loaded(project)
    file = project.file(1)
    assert history.remarks == [f"{file} is not readable: its column {column} is missing; skipped"]
    assert history.measured == [True, False]
    assert f"its column {column} is missing" in project.unladen("table").stderr


def test_other_columns_that_are_missing_are_named(project: Project) -> None:
    columns = [one for one in COLUMNS if one not in ("started_at", "stats_q_25")]
    rows = {"m.C.track_calls": [[7], [], "1"], "m.C.track_sizes": [[1, 2, 3], [[*"123"]], "1"]}
    store(project, 1, [], [], result_columns=columns, results=rows)
    history = loaded(project)
    assert history.remarks == [f"{project.file(1)} lacks the columns started_at, stats_q_25"]
    assert history.series[0].values[1, 0] == 7


@pytest.mark.rotated
@pytest.mark.slow
@pytest.mark.parametrize(
    ("value", "why"),
    [
        pytest.param(10**400, "too large", id="huge"),
        (float("inf"), "too large"),
        (1e-300, "too small"),
        ("7", "not a number: 7"),
        ({"a": 1}, "not a number: a dict"),
        ([], "not a number: a list"),
    ],
)
def test_values_that_are_none_are_named(project: Project, value: Any, why: str) -> None:
    store(project, 1, [value], [1, value, 3])
    history = loaded(project)
    said = f"{project.file(1)} has values that are none: m.C.track_calls: {why} and 1 more"
    assert history.remarks == [said]
    assert history.series[0].status(1, 0) is Status.FAILED
    table = project.unladen("table")
    assert said in table.stderr
    assert f"failed: calls and 1 more: {why}" in table.stdout


def test_nan_is_no_damage(project: Project) -> None:
    store(project, 1, [float("nan")], [1, 2, 3])
    assert loaded(project).remarks == []


@pytest.mark.parametrize("sizes", [[1, 2], [1, 2, 3, 4], []])
def test_a_wrong_number_of_values_is_named(project: Project, sizes: list[int]) -> None:
    store(project, 1, [7], sizes)
    said = f"{project.file(1)} has more or fewer values than parameters: m.C.track_sizes"
    assert loaded(project).remarks == [said]


@pytest.mark.slow
def test_without_a_record_what_is_absent_has_not_failed(project: Project) -> None:
    rows = {"m.C.track_sizes": [[1, None], [["1", "2"]], "1", 5]}
    project.store(1, rows)
    project.file(1).with_suffix(".record").unlink()
    history = loaded(project)
    calls, sizes = history.series
    assert calls.status(1, 0) is Status.MISSING
    assert [sizes.status(1, n) for n in range(3)] == [
        *(Status.MEASURED, Status.FAILED, Status.MISSING)
    ]
    (remark,) = history.remarks
    assert remark.startswith(f"{project.file(1)} has no record of why values are missing; ")
    table = project.unladen("table")
    assert "1 series not measured at this commit." in table.stdout
    assert "failed: sizes(2): no reason given" in table.stdout
    assert remark in table.stderr


@pytest.mark.slow
def test_run_measures_what_has_lost_its_record(measured: TinyProject) -> None:
    records = sorted(measured.results.glob("*.record"))
    before = {record: json.loads(record.read_text()) for record in records}
    lost = measured.results_file("good").with_suffix(".record")
    lost.unlink()
    values = json.loads(measured.results_file("good").read_text())["results"]
    done = measured.unladen("--target", "tiny", "run", "--machine", "lab")
    assert "Results of" in done.stdout, done.stderr
    again = json.loads(lost.read_text())
    assert again["environment"]["packages"] == before[lost]["environment"]["packages"]
    after = json.loads(measured.results_file("good").read_text())["results"]
    assert {name: row[0] for name, row in after.items()} == {
        name: row[0] for name, row in values.items()
    }
