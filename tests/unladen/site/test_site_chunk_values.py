"""By the values of chunks any two commits can be compared: they are what was known at each."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_history import WrongValue, history, series

from unladen.changes.load import find_changes
from unladen.changes.model import State
from unladen.history.history import History
from unladen.site.chunk_values import chunk_values
from unladen.site.encode import Encoded
from unladen.store.verdicts import Verdicts

CPU = series("m.C.time_y", kind="sampled", unit="seconds", group="cpu")
CHUNK = 4


def chunks(made: History) -> list[dict[str, Any]]:
    found: dict[str, list[Any]] = {}
    for change in find_changes(made, Verdicts({})):
        found.setdefault(change.series.name, []).append(change)
    for changes in found.values():
        changes.sort(key=lambda change: change.commit.date)
    return [*chunk_values(made, found, CHUNK)]


def value_at(found: list[dict[str, Any]], position: int, cell: int = 0) -> Encoded:
    """As static/values_at.js does."""
    runs = found[position // CHUNK]["runs"][0][cell]
    value: Encoded = None
    for n in range(0, len(runs), 2):
        if runs[n] <= position:
            value = runs[n + 1]
    return value


values = st.one_of(st.integers(0, 3).map(float), st.sampled_from(["failed", "n/a", None]))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(values, values), min_size=1, max_size=14))
def test_a_value_is_the_last_that_was_known(rows: list[tuple[Any, Any]]) -> None:
    made = history((series(axes={"n": ("1", "2")}), rows))
    found = chunks(made)
    at = [n for n, is_measured in enumerate(made.measured) if is_measured]
    for position, n in enumerate(at):
        for cell in range(2):
            known = [row[cell] for row in rows[: n + 1] if row[cell] is not None]
            told = {"failed": "f0", "n/a": "n"}
            expected = told.get(known[-1], known[-1]) if known else None
            assert value_at(found, position, cell) == expected


def test_a_wrong_outcome_is_told_from_a_right_one() -> None:
    found = chunks(history((series(), [1.0, WrongValue(1.0), 1.0])))
    assert found[0]["runs"] == [[[0, 1, 1, "w0:1", 2, 1]]]


def readings(step: float) -> list[float]:
    return [1e-3 * (1 + 0.002 * math.sin(7 * n)) * (step if n >= 20 else 1) for n in range(40)]


def test_a_sampled_series_has_levels_and_says_which_are_suspected() -> None:
    made = history((CPU, readings(1.5)))
    found = chunks(made)
    (change,) = find_changes(made, Verdicts({}))
    assert change.state is State.SUSPECTED
    levels = [value_at(found, position) for position in range(40)]
    assert (
        levels
        == [pytest.approx(change.before.value, rel=1e-3)] * 20
        + [pytest.approx(change.after.value, rel=1e-3)] * 20
    )
    assert [chunk["open"] for chunk in found[:5]] == [{0: [[]]}] * 5
    assert [chunk["open"] for chunk in found[5:]] == [{0: [[20, 0, 1, 0]]}] * 5


def test_without_a_step_there_is_one_level() -> None:
    found = chunks(history((CPU, readings(1.0))))
    (level,) = {value_at(found, position) for position in range(40)}
    assert level == pytest.approx(1e-3, rel=1e-2)
    assert [chunk["open"] for chunk in found] == [{}] * 10
