"""Loading stored results as a history, whatever is in the files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from made_history import Project, series, write_project
from spoilt_files import put_a_folder, put_a_pipe

from unladen.errors import UserError
from unladen.history.history import History
from unladen.history.loading import load_history
from unladen.history.source import Source, choose_source
from unladen.repo.repository import open_repository
from unladen.store.benchmarks_file import load_series
from unladen.store.results_file import read_results
from unladen.store.series import Status

PAIR = series("m.C.track_pair", axes={"scenario": ("'a'", "'b'")})
ONE = series("m.C.track_one")
CPU = series("m.C.time_cpu", kind="sampled", unit="seconds")
NAN = float("nan")


def pair(*values: object, version: str = "1", axes: object = None) -> list[object]:
    return [list(values), axes or [["'a'", "'b'"]], version]


def load(project: Project) -> History:
    source = choose_source("sdk", project.results).source
    return load_history(project.read(), open_repository(project.read()), source)


def statuses(history: History, name: str) -> list[list[Status]]:
    (found,) = (one for one in history.series if one.series.name == name)
    return [
        [found.status(commit, cell) for cell in range(len(found.series.cells))]
        for commit in range(len(history.commits))
    ]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Five commits; all but the second touch ``lib``."""
    project = write_project(tmp_path, ["lib"], "lib/f", "docs/f", "lib/f", "lib/f", "lib/f")
    project.describe(PAIR, ONE, CPU)
    return project


def test_commits_are_those_in_scope_oldest_first(project: Project) -> None:
    project.store(0, {PAIR.name: pair(1, 2)})
    history = load(project)
    assert [commit.hash for commit in history.commits] == [project.hashes[n] for n in (0, 2, 3, 4)]
    assert history.measured == [True, False, False, False]
    first = history.commits[0]
    assert (first.author, first.date) == ("Ann", 1_700_000_000_000)
    assert first.subject == "commit 0 \N{REPLACEMENT CHARACTER}[31mred"


def test_a_measured_commit_out_of_scope_is_there(project: Project) -> None:
    project.store(1, {PAIR.name: pair(1, 2)})
    assert project.hashes[1] in {commit.hash for commit in load(project).commits}


def test_values_failures_and_gaps_are_told_apart(project: Project) -> None:
    project.store(0, {PAIR.name: pair(1, 2.5)})
    project.store(2, {PAIR.name: pair(None, NAN)})
    project.record(2, [(PAIR.name, ["'a'"], "ValueError: broken")])
    project.store(3, {PAIR.name: pair(None, 3)})
    project.record(3, [])
    history = load(project)
    assert statuses(history, PAIR.name) == [
        [Status.MEASURED, Status.MEASURED],
        [Status.FAILED, Status.NOT_APPLICABLE],
        [Status.MISSING, Status.MEASURED],
        [Status.MISSING, Status.MISSING],
    ]
    (found,) = (one for one in history.series if one.series.name == PAIR.name)
    assert found.values[0].tolist() == [1, 2.5]
    assert np.isnan(found.values[1]).all()
    assert found.reasons == {(1, 0): "ValueError: broken"}


def test_without_a_record_null_is_a_failure_as_in_asv(project: Project) -> None:
    project.store(0, {PAIR.name: [None, [["'a'", "'b'"]], "1"]})
    assert statuses(load(project), PAIR.name)[0] == [Status.FAILED, Status.FAILED]


def test_another_version_of_a_benchmark_is_not_measured(project: Project) -> None:
    project.store(0, {PAIR.name: pair(1, 2, version="0")})
    assert statuses(load(project), PAIR.name)[0] == [Status.MISSING, Status.MISSING]


def test_values_are_found_by_their_parameters(project: Project) -> None:
    project.store(0, {PAIR.name: pair(7, 8, axes=[["'b'", "'gone'"]])})
    project.record(0, [])
    history = load(project)
    assert statuses(history, PAIR.name)[0] == [Status.MISSING, Status.MEASURED]
    assert [one.values[0, 1] for one in history.series if one.series.name == PAIR.name] == [7]


def test_what_is_no_finite_number_has_failed(project: Project) -> None:
    values = [float("inf"), 10**400, True, "7", {"a": 1}, [1]]
    for commit, value in zip((0, 2, 3), values[:3], strict=True):
        project.store(commit, {PAIR.name: pair(value, values[3 + commit % 3])})
    found = statuses(load(project), PAIR.name)
    assert [row[0] for row in found[:2]] == [Status.FAILED, Status.FAILED]
    assert {row[1] for row in found[:3]} == {Status.FAILED}


def test_statistics_and_samples_of_sampled_series_stay_within_reach(project: Project) -> None:
    row = [[0.5], [], "1", 0, 1.0, [0.4], [0.6], [0.45], [0.55], [1], [3], [[0.4, 0.5, 0.6]]]
    project.store(0, {CPU.name: row, ONE.name: [[3], [], "1"]})
    by_name = {one.series.name: one for one in load(project).series}
    cpu = by_name[CPU.name]
    assert {name: float(array[0, 0]) for name, array in cpu.stats.items()} == {
        "ci_99_a": 0.4,
        "ci_99_b": 0.6,
        "q_25": 0.45,
        "q_75": 0.55,
        "number": 1,
        "repeat": 3,
    }
    assert cpu.samples == {(0, 0): [0.4, 0.5, 0.6]}
    assert by_name[ONE.name].stats == {}


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def age(path: Path) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), "version": 1}))


def nest(path: Path) -> None:
    path.write_text("[" * 200_000)


def enlarge_number(path: Path) -> None:
    path.write_text('{"version": 2, "date": ' + "9" * 1_000_000 + "}")


def grow(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(1_000_000_000)


def replace_by_list(path: Path) -> None:
    path.write_text("[1, 2]")


def forge_commit(path: Path) -> None:
    forged = {**json.loads(path.read_text()), "commit_hash": "--output=/\x1b[31m"}
    path.write_text(json.dumps(forged))


def spoil_rows(path: Path) -> None:
    spoilt = {**json.loads(path.read_text()), "results": {PAIR.name: "text"}}
    path.write_text(json.dumps(spoilt))


def spoil_columns(path: Path) -> None:
    spoilt = {**json.loads(path.read_text()), "results": {PAIR.name: [{"a": 1}, 5, "1"]}}
    path.write_text(json.dumps(spoilt))


def put_bytes(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00{")


def date_far_away(path: Path) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), "date": 10**18}))


def spoil_parameters(path: Path) -> None:
    spoilt = {**json.loads(path.read_text()), "results": {PAIR.name: [[1, 2], "ab", "1"]}}
    path.write_text(json.dumps(spoilt))


def take_anothers_commit(path: Path) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), "commit_hash": "e" * 40}))


@pytest.mark.rotated
@pytest.mark.slow
@pytest.mark.parametrize(
    "damage",
    [
        *(truncate, age, nest, enlarge_number, grow, replace_by_list, forge_commit),
        *(spoil_rows, spoil_columns, put_a_folder, put_bytes, put_a_pipe, date_far_away),
        *(spoil_parameters, take_anothers_commit),
    ],
)
def test_a_bad_results_file_is_named_and_skipped(
    project: Project, damage: Callable[[Path], None]
) -> None:
    for commit in (0, 2, 3):
        project.store(commit, {PAIR.name: pair(commit, 1)})
    damage(project.file(2))
    history = load(project)
    (remark,) = history.remarks
    assert remark.startswith(f"{project.file(2)} is not readable: ")
    assert remark.isprintable()
    assert history.measured == [True, False, True, False]


def test_numbers_that_cannot_be_reckoned_with_have_failed(project: Project) -> None:
    for commit, value in zip((0, 2, 3), (1e308, -1e-300, 10**300), strict=True):
        project.store(commit, {PAIR.name: pair(value, 0)})
    history = load(project)
    assert [row[0] for row in statuses(history, PAIR.name)[:3]] == [Status.FAILED] * 3
    (found,) = (one for one in history.series if one.series.name == PAIR.name)
    assert found.reasons == {(0, 0): "too large", (1, 0): "too small", (2, 0): "too large"}
    assert found.values[:3, 1].tolist() == [0, 0, 0]


def test_deep_parameters_match_nothing(project: Project) -> None:
    project.store(0, {PAIR.name: pair(1, 2)})
    path = project.file(0)
    path.write_text(path.read_text().replace("\"'a'\"", "[" * 900 + "]" * 900))
    project.record(0, [])
    assert statuses(load(project), PAIR.name)[0] == [Status.MISSING, Status.MEASURED]


def test_it_is_known_when_each_series_was_measured(project: Project) -> None:
    project.store(0, {PAIR.name: [*pair(1, 2), 1234], CPU.name: [[1.0], [], "1", "noon"]})
    by_name = {one.series.name: one.started for one in load(project).series}
    assert by_name[PAIR.name][0] == 1234
    assert np.isnan(by_name[PAIR.name][1:]).all()
    assert np.isnan(by_name[CPU.name]).all()


def test_a_bad_record_is_named_and_nothing_is_taken_for_broken(project: Project) -> None:
    project.store(0, {PAIR.name: pair(None, 1)})
    project.file(0).with_suffix(".record").write_text("{")
    history = load(project)
    (remark,) = history.remarks
    assert ".record is not readable: " in remark
    assert statuses(history, PAIR.name)[0] == [Status.MISSING, Status.MEASURED]


@pytest.mark.slow
def test_commits_that_are_gone_are_counted(project: Project) -> None:
    project.store(0, {PAIR.name: pair(1, 1)})
    project.store(2, {PAIR.name: pair(1, 1)})
    path = project.file(2)
    text = path.read_text().replace(project.hashes[2], "d" * 40)
    path.unlink()
    path.with_name("dddddddd-env.json").write_text(text)
    assert load(project).remarks == [
        "left out: results of 1 commit that the repository has no more, as after a rebase or "
        "force-push: dddddddd"
    ]


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{", '{"version": 1}', '{"version": 2, "m.C.x": {}}'),
        '{"version": 2, "m.C.x": {"param_names": ["a"], "params": [], "version": "1"}}',
        '{"version": 2, "m.C.x": {"param_names": [], "params": [], "version": "1", '
        '"tolerance": "much"}}',
        json.dumps(
            {
                "version": 2,
                "x": {"version": "1", "param_names": list("abc")} | {"params": [["1"] * 1000] * 3},
            }
        ),
    ],
)
def test_a_bad_benchmarks_file_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "benchmarks.json").write_text(text)
    with pytest.raises(UserError, match=r"benchmarks\.json is not readable") as refused:
        load_series(tmp_path)
    assert "\n" not in str(refused.value)


@pytest.mark.slow
def test_no_usable_results_are_refused(project: Project) -> None:
    with pytest.raises(UserError, match="nothing is measured of sdk in"):
        load(project)
    project.store(0, {})
    truncate(project.file(0))
    with pytest.raises(UserError, match=r"no results of sdk in .*is not readable"):
        load(project)


def test_the_source_with_most_results_is_chosen(project: Project) -> None:
    for commit, machine in ((0, "lab"), (2, "lab"), (0, "other")):
        project.store(commit, {PAIR.name: pair(1, 1)}, machine)
    choice = choose_source("sdk", project.results)
    assert choice.source == Source(project.results / "lab", "env")
    assert choice.others == (Source(project.results / "other", "env"),)
    assert choose_source("sdk", project.results, "other").source.folder.name == "other"
    with pytest.raises(UserError, match="nothing is measured of sdk on nowhere"):
        choose_source("sdk", project.results, "nowhere")
    with pytest.raises(UserError, match="on lab in nothing"):
        choose_source("sdk", project.results, "lab", "nothing")


def test_a_results_file_of_this_repository_is_readable() -> None:
    results = Path(__file__).resolve().parents[3] / "results" / "bare" / "reference"
    file = next(results.glob("*-*.json"))
    assert read_results(file).environment == "unladen-py3.11"
