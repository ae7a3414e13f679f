"""Steps are found once: with what is known from before they are the same, damaged or not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_history import Value, history, series, write_project

from unladen.changes.model import Change
from unladen.changes.sampled import find_sampled_changes
from unladen.detection import Memory, find_steps, remembering
from unladen.detection import placement as placement_module
from unladen.detection import scan as scan_module
from unladen.site import cached_steps
from unladen.site.cached_steps import remembered_steps
from unladen.site.source_report import load_source_report

COMMITS = 60
CPU = series(
    "m.C.time_cpu", kind="sampled", unit="seconds", group="cpu", axes={"size": ("1", "2", "3", "4")}
)


def _rows(commits: int, seed: int = 3) -> list[list[Value]]:
    """CPU times by commit and cell, with steps that all cells share and one of a single cell."""
    random = np.random.default_rng(seed)
    levels = np.ones((COMMITS + 10, len(CPU.cells)))
    levels[20:] *= 1.3
    levels[40:] *= 1.2
    levels[30:, 1] *= 1.5
    values = levels * random.lognormal(0, 0.01, levels.shape)
    return [[float(value) for value in row] for row in values[:commits]]


def _changes(file: Path | None, commits: int = COMMITS) -> list[Change]:
    whole = history((CPU, _rows(commits)))
    if file is None:
        return find_sampled_changes(whole)
    with remembered_steps(file):
        return find_sampled_changes(whole)


def _noting(sizes: list[int], function: Callable[..., object]) -> Callable[..., object]:
    def noting(*args: Any) -> object:
        sizes.append(np.size(args[0]))
        return function(*args)

    return noting


def _scans(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Filled with the numbers of readings that are really scanned or placed."""
    sizes: list[int] = []
    for module, name in ((scan_module, "midranks"), (placement_module, "_scale")):
        monkeypatch.setattr(module, name, _noting(sizes, getattr(module, name)))
    return sizes


def test_what_is_known_gives_the_same_changes(tmp_path: Path) -> None:
    file = tmp_path / "cache" / "steps.npz"
    expected = _changes(None)
    assert len(expected) >= 9
    for _ in range(3):
        assert _changes(file) == expected
    for commits in (COMMITS + 1, COMMITS + 2, COMMITS - 20, COMMITS):
        assert _changes(file, commits) == _changes(None, commits)


def test_nothing_is_looked_for_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = _scans(monkeypatch)
    _changes(tmp_path / "steps.npz")
    assert sizes
    sizes.clear()
    _changes(tmp_path / "steps.npz")
    assert sizes == []


def test_after_one_more_commit_only_what_ends_there_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    readings = np.log([row[0] for row in _rows(COMMITS + 1) if isinstance(row[0], float)])
    memory = Memory()
    with remembering(memory):
        find_steps(readings[:-1], 0.01, is_log=True)
    sizes = _scans(monkeypatch)
    with remembering(Memory(memory.used)):
        again = find_steps(readings, 0.01, is_log=True)
    new = len(sizes)
    sizes.clear()
    assert find_steps(readings, 0.01, is_log=True) == again
    assert 0 < new < len(sizes)


def test_what_is_asked_for_no_more_is_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "steps.npz"
    _changes(file)
    size = file.stat().st_size
    _changes(file, COMMITS - 30)
    assert file.stat().st_size < size


@pytest.mark.parametrize("damage", [b"", b"PK", b"\0" * 400, None])
def test_a_damaged_file_is_made_anew(tmp_path: Path, damage: bytes | None) -> None:
    file = tmp_path / "steps.npz"
    expected = _changes(file)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    assert _changes(file) == expected
    assert len(file.read_bytes()) == len(whole)


def test_a_flipped_byte_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "steps.npz"
    expected = _changes(file)
    whole = file.read_bytes()
    for at in range(0, len(whole), 499):
        content = bytearray(whole)
        content[at] ^= 0x55
        file.write_bytes(bytes(content))
        assert _changes(file) == expected


def test_answers_of_another_version_are_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "steps.npz"
    expected = _changes(None)
    with monkeypatch.context() as patch:
        patch.setattr(cached_steps, "version", lambda: "an older one")
        with remembered_steps(file) as memory:
            find_sampled_changes(history((CPU, _rows(COMMITS))))
            memory.used.update(dict.fromkeys(memory.used, (1.0,)))
        assert not _changes(file)  # it would be believed if it were of this version
    assert _changes(file) == expected


def test_the_same_readings_are_another_question_to_another_function() -> None:
    readings = np.repeat([1.0, 2.0], 10) + np.linspace(0, 0.1, 20)
    memory = Memory()
    with remembering(memory):
        scanned = scan_module.scan(readings)
        places = [placement_module.place(readings, split, 2) for split in (10, 9)]
    assert len(memory.used) == 3
    assert scanned == scan_module.scan(readings)
    assert places == [placement_module.place(readings, split, 2) for split in (10, 9)]


def test_a_folder_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert _changes(tmp_path / "cache" / "steps.npz") == _changes(None)


def test_a_site_that_is_published_again_looks_for_no_step_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    project = write_project(tmp_path, [], *["file"] * 12)
    project.describe(CPU)
    points = [list(axis) for axis in CPU.axes.values()]
    for commit, row in enumerate(_rows(12)):
        project.store(commit, {CPU.name: [row, points, "1", commit, 1.0]})
    first = load_source_report(project.read()).report
    sizes = _scans(monkeypatch)
    again = load_source_report(project.read()).report
    assert sizes == []
    assert [one.changes for one in again.commits] == [one.changes for one in first.commits]
