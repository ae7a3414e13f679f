"""Within one look at a history nothing is found out twice, and what is found is the same."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
from made_history import Value, history, series

from unladen.changes import sampled
from unladen.changes.sampled import find_sampled_changes
from unladen.detection import find_steps, remembering
from unladen.detection import placement as placement_module
from unladen.detection import scan as scan_module

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
