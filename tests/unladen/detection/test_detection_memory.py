"""Within one look at a history nothing is found out twice, and what is found is the same."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_history import Value, history, series

from unladen.changes import sampled
from unladen.changes.model import Change
from unladen.changes.sampled import find_sampled_changes
from unladen.detection import find_steps, memory, noise_of, p_value, remembering
from unladen.detection import placement as placement_module
from unladen.detection import scan as scan_module
from unladen.detection.ranks import Floats
from unladen.store import caches

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


def test_nothing_is_looked_for_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = history((CPU, _rows(COMMITS)))
    sizes = _scans(monkeypatch)
    expected = find_sampled_changes(whole)
    assert len(expected) >= 9
    alone = len(sizes)
    sizes.clear()
    readings = np.log([row[0] for row in _rows(COMMITS) if isinstance(row[0], float)])
    with remembering():
        found = find_steps(readings, 0.01, is_log=True)
        once = len(sizes)
        assert find_steps(readings, 0.01, is_log=True) == found
        assert len(sizes) == once > 0
    assert find_steps(readings, 0.01, is_log=True) == found
    assert len(sizes) > once
    monkeypatch.setattr(sampled, "remembering", nullcontext)
    sizes.clear()
    assert find_sampled_changes(whole) == expected
    assert len(sizes) > alone


def test_the_same_readings_are_another_question_to_another_function() -> None:
    readings = np.repeat([1.0, 2.0], 10) + np.linspace(0, 0.1, 20)

    def answers() -> list[object]:
        positions = [placement_module.locate(readings, split, 2) for split in (10, 7)]
        return [scan_module.scan(readings), *positions]

    expected = answers()
    assert len(set(map(repr, expected))) > 1
    with remembering():
        assert answers() == expected
        assert answers() == expected


def _changes(file: Path | None, commits: int = COMMITS) -> list[Change]:
    with remembering(file):
        return find_sampled_changes(history((CPU, _rows(commits))))


def test_what_was_found_the_last_time_gives_the_same_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "cache" / "steps.npz"
    expected = _changes(None)
    assert _changes(file) == expected
    sizes = _scans(monkeypatch)
    for _ in range(2):
        assert _changes(file) == expected
        assert sizes == []
    for commits in (COMMITS + 1, COMMITS + 2, COMMITS - 20, COMMITS):
        assert _changes(file, commits) == _changes(None, commits)


def test_after_one_more_commit_only_what_ends_there_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "steps.npz"
    readings = np.log([row[0] for row in _rows(COMMITS + 1) if isinstance(row[0], float)])
    with remembering(file):
        find_steps(readings[:-1], 0.01, is_log=True)
    sizes = _scans(monkeypatch)
    with remembering(file):
        again = find_steps(readings, 0.01, is_log=True)
    new = len(sizes)
    sizes.clear()
    assert find_steps(readings, 0.01, is_log=True) == again
    assert 0 < new < len(sizes)


def test_answers_of_other_code_are_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "steps.npz"
    expected = _changes(None)
    with monkeypatch.context() as patch:
        patch.setattr(caches, "code_digest", lambda *_: "an older one")
        _changes(file)
    sizes = _scans(monkeypatch)
    assert _changes(file) == expected
    assert sizes


def test_a_damaged_file_is_made_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "steps.npz"
    expected = _changes(file)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert _changes(file) == expected
    assert capsys.readouterr().err.count("is damaged") == 1
    assert file.read_bytes() == whole


def test_what_was_not_asked_is_forgotten_when_there_is_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "steps.npz"
    _changes(file)
    _changes(file, COMMITS - 1)
    both = file.stat().st_size
    monkeypatch.setattr(memory, "MOST", 0)
    _changes(file, COMMITS - 2)
    assert file.stat().st_size < both
    sizes = _scans(monkeypatch)
    _changes(file, COMMITS - 2)
    assert sizes == []


def _edited(random: np.random.Generator, readings: Floats) -> Floats:
    """One reading more, mostly; else one changed, taken out, or put in the middle."""
    at = int(random.integers(readings.size))
    match int(random.integers(8)):
        case 0:
            return np.delete(readings, at)
        case 1:
            return np.insert(readings, at, random.normal())
        case 2:
            changed = readings.copy()
            changed[at] += random.normal(0, 5)
            return changed
    return np.append(readings, readings[-1] + random.normal())


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("total", [60, 215])
def test_what_is_remembered_of_other_readings_changes_no_answer(
    tmp_path: Path, seed: int, total: int
) -> None:
    """Step by step, with what was found of the readings before, as with nothing."""
    random = np.random.default_rng([seed, total])
    readings = random.normal(0, 1, total) + np.cumsum(
        random.choice([0.0, 4.0], total, p=[0.97, 0.03])
    )
    if seed % 2:
        readings = readings.round()
    file = tmp_path / "steps.npz"
    for _ in range(6):
        with remembering(file):
            kept = [find_steps(readings, level, is_log=False) for level in (0.01, 0.04)]
            chance, noise = p_value(readings), noise_of(readings)
        anew = [find_steps(readings, level, is_log=False) for level in (0.01, 0.04)]
        assert kept == anew
        assert all((one.curve == other.curve).all() for one, other in zip(kept, anew, strict=True))
        assert chance == p_value(readings)
        assert noise.persistence == noise_of(readings).persistence
        readings = _edited(random, readings)
