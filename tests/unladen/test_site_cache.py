"""The site reads only what is new, and tells what it would tell without its cache."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_history import Project, series, write_project

from unladen.changes.load import load_changes
from unladen.history import history as history_module
from unladen.history.history import History, load_history
from unladen.history.source import choose_source
from unladen.repo.repository import open_repository
from unladen.site.source_report import cache_folder, load_source_report

EXACT = series("m.C.track_x", axes={"size": ("1", "2")})
SAMPLED = series("m.C.time_y", kind="sampled", unit="seconds", group="cpu")
COMMITS = 6


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Six commits, the last of which is not measured, with a failure and an n/a."""
    monkeypatch.chdir(tmp_path)
    made = write_project(tmp_path, [], *["file"] * COMMITS)
    made.describe(EXACT, SAMPLED)
    for commit in range(COMMITS - 1):
        _store(made, commit)
    made.record(2, [("m.C.track_x", ("2",), "ValueError: broken")])
    return made


def _store(project: Project, commit: int, value: float | None = None) -> None:
    points = [list(axis) for axis in EXACT.axes.values()]
    second: Any = None if commit == 2 else float("nan") if commit == 0 else 20.0
    first = float(commit // 2) if value is None else value
    stats = [[1.0], [2.0], [1.4], [1.6], [1], [3]]
    project.store(
        commit,
        {
            EXACT.name: [[first, second], points, "1", 1_000 + commit, 1.0],
            SAMPLED.name: [[1.5], [], "1", 2_000 + commit, 1.0, *stats, [[1.4, 1.5, 1.6]]],
        },
    )


def _read_files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Filled with the names of results files as they are parsed."""
    names: list[str] = []
    original = history_module.read_results

    def noting(path: Path) -> Any:
        names.append(path.name)
        return original(path)

    monkeypatch.setattr(history_module, "read_results", noting)
    return names


def _fresh(project: Project) -> History:
    target = project.read()
    choice = choose_source(target.name, target.results)
    return load_history(target, open_repository(target), choice.source)


def assert_same(one: History, other: History) -> None:
    """Both histories say the same, but for the folder in remarks."""
    assert list(one.commits) == list(other.commits)
    assert list(one.measured) == list(other.measured)
    assert [list(sessions) for sessions in one.sessions] == [
        list(sessions) for sessions in other.sessions
    ]
    for left, right in zip(one.series, other.series, strict=True):
        assert left.series == right.series
        np.testing.assert_array_equal(left.values, right.values)
        np.testing.assert_array_equal(left.statuses, right.statuses)
        np.testing.assert_array_equal(left.started, right.started)
        assert left.stats.keys() == right.stats.keys()
        for name, values in left.stats.items():
            np.testing.assert_array_equal(values, right.stats[name])
        assert left.reasons == right.reasons
        assert left.samples == right.samples


def test_with_and_without_cache_it_is_the_same(project: Project) -> None:
    expected = _fresh(project)
    for _ in range(2):
        report = load_source_report(project.read()).report
        assert_same(report.history, expected)
    plain = load_changes(project.read())
    assert [c.commit for c in report.commits] == [c.commit for c in plain.commits]
    assert [c.changes for c in report.commits] == [c.changes for c in plain.commits]


def test_one_more_commit_is_one_more_file(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_source_report(project.read())
    _store(project, COMMITS - 1)
    names = _read_files(monkeypatch)
    report = load_source_report(project.read()).report
    new = project.file(COMMITS - 1).name
    assert new in names
    assert len(names) == 2  # and one that is known to be good
    assert_same(report.history, _fresh(project))
    names.clear()
    load_source_report(project.read())
    assert len(names) == 1


def test_a_file_that_changed_is_read_again(project: Project) -> None:
    load_source_report(project.read())
    _store(project, 1, value=77.0)
    os.utime(project.file(1), (1, 1))
    report = load_source_report(project.read()).report
    assert report.history.series[1].values[1, 0] == 77
    assert_same(report.history, _fresh(project))


def test_a_record_that_changed_is_read_again(project: Project) -> None:
    load_source_report(project.read())
    project.record(2, [("m.C.track_x", ("2",), "TypeError: other")])
    report = load_source_report(project.read()).report
    assert report.history.series[1].reasons == {(2, 1): "TypeError: other"}


def test_a_file_that_is_gone_is_gone(project: Project) -> None:
    load_source_report(project.read())
    project.file(3).unlink()
    report = load_source_report(project.read()).report
    assert not report.history.measured[3]
    assert_same(report.history, _fresh(project))


def test_other_series_make_another_cache(project: Project) -> None:
    load_source_report(project.read())
    project.describe(SAMPLED)
    report = load_source_report(project.read()).report
    assert [one.series.name for one in report.history.series] == [SAMPLED.name]


@pytest.mark.parametrize("damage", [b"", b"PK", b"\0" * 400, None])
def test_a_damaged_cache_is_made_anew(project: Project, damage: bytes | None) -> None:
    load_source_report(project.read())
    (cache,) = cache_folder(project.read()).glob("*-rows.npz")
    whole = cache.read_bytes()
    cache.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    report = load_source_report(project.read()).report
    assert_same(report.history, _fresh(project))
    assert len(cache.read_bytes()) == len(whole)


@pytest.mark.slow
def test_a_flipped_byte_changes_nothing(project: Project) -> None:
    load_source_report(project.read())
    expected = _fresh(project)
    (cache,) = cache_folder(project.read()).glob("*-rows.npz")
    whole = cache.read_bytes()
    for at in range(0, len(whole), 97):
        content = bytearray(whole)
        content[at] ^= 0x55
        cache.write_bytes(bytes(content))
        assert_same(load_source_report(project.read()).report.history, expected)


def truncate(file: Path) -> None:
    file.write_text("{")


def put_a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def put_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("spoil", [truncate, put_a_pipe, put_a_folder])
def test_a_bad_file_is_named_each_time_and_without_a_path_of_this_machine(
    project: Project, spoil: Callable[[Path], None]
) -> None:
    load_source_report(project.read())
    spoil(project.file(4))
    for _ in range(3):
        report = load_source_report(project.read()).report
        (remark,) = report.history.remarks
        assert remark.startswith(f"lab/{project.file(4).name} is not readable")
        assert not report.history.measured[4]


def test_a_bad_record_is_named_each_time(project: Project) -> None:
    project.file(1).with_suffix(".record").write_text("{")
    for _ in range(3):
        report = load_source_report(project.read()).report
        (remark,) = report.history.remarks
        assert project.file(1).stem in remark
        assert report.history.measured[1]


def test_a_cache_that_cannot_be_written_is_no_failure(project: Project) -> None:
    cache_folder(project.read()).write_text("a file where the folder should be")
    assert load_source_report(project.read()).report.history.measured[0]
