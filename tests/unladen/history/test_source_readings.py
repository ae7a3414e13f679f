"""What a history says is the same with a cache and without, and only what is new is parsed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_history import Project, series, write_project
from spoilt_files import put_a_folder, put_a_pipe

from unladen.history import source_readings
from unladen.history.history import History
from unladen.results.commit import values_of_commit
from unladen.results.open import open_results
from unladen.results.readings import stored_numbers
from unladen.store import caches, json_files
from unladen.store.series import SeriesInfo

EXACT = series("m.C.track_x", axes={"size": ("1", "2")})
SAMPLED = series("m.C.time_y", kind="sampled", unit="seconds", group="cpu")
COMMITS = 6


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Six commits, the last of which is not measured, with a failure, an n/a and odd values."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    made = write_project(tmp_path, [], *["file"] * COMMITS)
    made.describe(EXACT, SAMPLED)
    for commit in range(COMMITS - 1):
        _store(made, commit)
    made.record(2, [("m.C.track_x", ("2",), "ValueError: broken")])
    made.record(3, notes=[("m.C.track_x", ("1",), "a note")], wrong=[(EXACT.name, ("2",), "bad")])
    return made


def _store(project: Project, commit: int, value: Any = None, **rows: Any) -> None:
    points = [list(axis) for axis in EXACT.axes.values()]
    second: Any = None if commit == 2 else float("nan") if commit == 0 else 20.0
    first = float(commit // 2) if value is None else value
    stats = [[1.0], [2.0], [1.4], [1.6], [1], [3]]
    stored = {
        EXACT.name: [[first, second], points, "1", 1_000 + commit, 1.0],
        SAMPLED.name: [[1.5], [], "1", 2_000 + commit, 1.0, *stats, [[1.4, 1, 1.6]]],
    }
    project.store(commit, {**stored, **rows})


def _parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Filled with the names of results files and records as they are parsed."""
    names: list[str] = []
    original = json_files._parsed

    def noting(path: Path, content: bytes) -> Any:
        names.append(path.name)
        return original(path, content)

    monkeypatch.setattr(json_files, "_parsed", noting)
    return names


def _of_commits(names: list[str]) -> list[str]:
    return [name for name in names if name not in ("benchmarks.json", "target.json")]


def _history(project: Project) -> History:
    return open_results(project.folder).history


def _without_cache(project: Project) -> History:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(caches, "load", lambda *_: None)
        patch.setattr(caches, "save", lambda *_: None)
        return _history(project)


def assert_same(one: History, other: History) -> None:
    """Both histories say the same."""
    for name in ("commits", "measured", "sessions", "records", "conditions", "remarks"):
        assert list(getattr(one, name)) == list(getattr(other, name)), name
    for left, right in zip(one.series, other.series, strict=True):
        assert left.series == right.series
        for name in ("values", "statuses", "started"):
            np.testing.assert_array_equal(getattr(left, name), getattr(right, name))
        assert left.stats.keys() == right.stats.keys()
        for name, values in left.stats.items():
            np.testing.assert_array_equal(values, right.stats[name])
        assert left.reasons == right.reasons
        assert left.samples == right.samples
        assert repr(left.samples) == repr(right.samples)


def test_what_was_read_before_says_the_same_and_nothing_is_parsed(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = _without_cache(project)
    assert_same(_history(project), expected)
    names = _parsed(monkeypatch)
    again = _history(project)
    assert _of_commits(names) == []
    assert_same(again, expected)
    assert again.series[1].reasons == {(2, 1): "ValueError: broken", (3, 1): "bad"}
    record = again.record(3)
    assert record is not None
    assert [note.text for note in record.notes] == ["a note"]
    assert again.up_to(3).record(3) == record


def test_one_more_commit_is_one_more_file(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    _history(project)
    _store(project, COMMITS - 1)
    names = _parsed(monkeypatch)
    history = _history(project)
    assert _of_commits(names) == [project.file(COMMITS - 1).name]
    assert_same(history, _without_cache(project))
    names.clear()
    _history(project)
    assert _of_commits(names) == []


def test_a_file_of_the_same_size_and_time_is_read_again(project: Project) -> None:
    _store(project, 1, value=7.0)
    before = project.file(1).stat()
    assert _history(project).series[1].values[1, 0] == 7
    _store(project, 1, value=8.0)
    os.utime(project.file(1), ns=(before.st_atime_ns, before.st_mtime_ns))
    assert project.file(1).stat().st_size == before.st_size
    assert _history(project).series[1].values[1, 0] == 8


def test_a_file_that_was_only_copied_is_not(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    _history(project)
    content = project.file(1).read_bytes()
    project.file(1).unlink()
    project.file(1).write_bytes(content)
    names = _parsed(monkeypatch)
    _history(project)
    assert _of_commits(names) == []


def test_a_record_that_changed_appeared_or_is_gone_is_seen(project: Project) -> None:
    _history(project)
    project.record(2, [("m.C.track_x", ("2",), "TypeError: other")])
    assert _history(project).series[1].reasons[2, 1] == "TypeError: other"
    project.record(1, notes=[("m.C.track_x", ("1",), "new")])
    assert_same(_history(project), _without_cache(project))
    project.file(3).with_suffix(".record").unlink()
    history = _history(project)
    assert (3, 1) not in history.series[1].reasons
    assert_same(history, _without_cache(project))


def test_a_file_that_is_gone_is_gone(project: Project) -> None:
    _history(project)
    project.file(3).unlink()
    history = _history(project)
    assert not history.measured[3]
    assert_same(history, _without_cache(project))


def test_series_that_are_described_otherwise_are_read_anew(project: Project) -> None:
    _history(project)
    project.describe(SAMPLED)
    assert [one.series.name for one in _history(project).series] == [SAMPLED.name]
    project.describe(series("m.C.track_x", axes={"size": ("2", "1")}), SAMPLED)
    assert_same(_history(project), _without_cache(project))
    project.describe(series("m.C.track_x", axes={"size": ("1", "2")}, version="2"), SAMPLED)
    assert_same(_history(project), _without_cache(project))


def test_other_code_reads_anew(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    _history(project)
    monkeypatch.setattr(caches, "code_digest", lambda *_: "other")
    names = _parsed(monkeypatch)
    _history(project)
    assert len(_of_commits(names)) == COMMITS - 1 + 2  # results and records


def _cache_of(project: Project) -> Path:
    (file,) = (project.folder / "caches" / "unladen" / "results").glob("*.readings.npz")
    return file


def test_a_damaged_cache_is_made_anew_and_said_once(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = _history(project)
    file = _cache_of(project)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert_same(_history(project), expected)
    assert capsys.readouterr().err.count("is damaged") == 1
    assert_same(_history(project), expected)
    assert capsys.readouterr().err == ""
    assert file.stat().st_size == len(whole)


def truncate(file: Path) -> None:
    file.write_text("{")


@pytest.mark.parametrize("spoil", [truncate, put_a_pipe, put_a_folder])
@pytest.mark.parametrize("suffix", [".json", ".record"])
def test_a_bad_file_is_named_each_time(
    project: Project, spoil: Callable[[Path], None], suffix: str
) -> None:
    project.record(4)
    _history(project)
    spoil(project.file(4).with_suffix(suffix))
    for _ in range(3):
        history = _history(project)
        (remark,) = (one for one in history.remarks if "is not readable" in one)
        assert f"{project.file(4).stem}{suffix}" in remark
        assert history.measured[4] == (suffix == ".record")
        assert_same(history, _without_cache(project))


def test_odd_values_leave_the_same_remarks(project: Project) -> None:
    points = [list(axis) for axis in EXACT.axes.values()]
    odd = [["text", 10**400], points, "1", 1, 1.0]
    _store(project, 1, **{EXACT.name: odd, "m.C.old": [[1e200], [], "1", 1, 1.0]})
    expected = _without_cache(project)
    assert any("has values that are none" in remark for remark in expected.remarks)
    assert expected.series[1].reasons[1, 1] == "too large"
    for _ in range(2):
        assert_same(_history(project), expected)


def test_a_file_that_grows_while_nothing_is_kept_is_read_whole(project: Project) -> None:
    (project.folder / "caches").write_text("a file where the folder should be")
    for value in (5.0, 6.0):
        _store(project, 0, value=value)
        assert _history(project).series[1].values[0, 0] == value


def test_values_of_a_commit_are_read_from_its_file_alone(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = project.read()
    (expected,) = values_of_commit(target, project.hashes[3], tell=lambda lines: None)
    names = _parsed(monkeypatch)
    (found,) = values_of_commit(target, project.hashes[3], tell=lambda lines: None)
    assert found == expected
    beside = project.file(3).with_suffix(".record")
    assert sorted(_of_commits(names)) == [project.file(3).name, beside.name]


@pytest.mark.parametrize(
    "asked", [EXACT, series("m.C.track_x", axes={"size": ("2", "1")}, unit="bytes")]
)
def test_numbers_of_a_cell_however_it_is_described(
    project: Project, asked: SeriesInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = asked.cells.index(("2",))
    _history(project)
    for _ in range(2):
        found = stored_numbers(project.read(), asked, cell)
        assert found.numbers == {project.hashes[n]: 20.0 for n in (1, 3, 4)}
    names = _parsed(monkeypatch)
    _history(project)
    assert _of_commits(names) == []


def test_two_that_read_at_once_both_read_right(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One loads the cache, another one replaces it, the first one writes what it has read."""
    _history(project)
    _store(project, 1, value=3.0)
    original = source_readings._read
    between: list[History] = []

    def interrupted(*args: Any) -> Any:
        monkeypatch.setattr(source_readings, "_read", original)
        _store(project, 2, value=4.0)
        between.append(_history(project))
        return original(*args)

    monkeypatch.setattr(source_readings, "_read", interrupted)
    first = _history(project)
    assert_same(first, between[0])
    assert_same(_history(project), first)
