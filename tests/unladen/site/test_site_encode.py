"""The short forms of values: what a page unpacks is what was measured, and data ends no script."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unladen.history.series_history import CODES
from unladen.site.encode import (
    SMALLEST_SPREAD,
    SPREAD_STEP,
    SPREADS,
    Encoded,
    exact_runs,
    rounded,
    sampled_cell,
)
from unladen.site.scripts import script
from unladen.store.series import Status

MEASURED, FAILED, NOT_APPLICABLE, MISSING, WRONG = (CODES[status] for status in Status)
Reading = float | str | None


def unpacked_runs(runs: list[Encoded], positions: int) -> list[Encoded]:
    """As static/values.js does."""
    values: list[Encoded] = [None] * positions
    for run in range(0, len(runs), 2):
        start = runs[run]
        assert isinstance(start, int)
        values[start:] = [runs[run + 1]] * (positions - start)
    return values


def arrays(readings: list[Reading]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values, statuses and reasons of readings: numbers, "n", "f3", "w3:8" or None."""
    values = np.full(len(readings), np.nan)
    statuses = np.full(len(readings), MISSING, dtype=np.uint8)
    reasons = np.zeros(len(readings), dtype=np.int64)
    for n, reading in enumerate(readings):
        if isinstance(reading, int | float):
            values[n], statuses[n] = reading, MEASURED
        elif isinstance(reading, str) and reading[0] == "f":
            statuses[n], reasons[n] = FAILED, int(reading[1:])
        elif isinstance(reading, str) and reading[0] == "w":
            reason, _, number = reading[1:].partition(":")
            values[n], statuses[n], reasons[n] = float(number), WRONG, int(reason)
        elif reading == "n":
            statuses[n] = NOT_APPLICABLE
    return values, statuses, reasons


counts = st.integers(min_value=-(2**52), max_value=2**52).map(float)
kinds = st.one_of(counts, st.sampled_from(["n", "f0", "f1", "w0:8", "w1:8", "w1:9", None]))


@given(st.lists(kinds, max_size=30))
def test_runs_of_counts_are_exact(readings: list[Reading]) -> None:
    runs = exact_runs(*arrays(readings))
    unpacked = unpacked_runs(runs, len(readings))
    for reading, value in zip(readings, unpacked, strict=True):
        if isinstance(reading, float):
            assert isinstance(value, int | float)
            assert math.isclose(value, reading, rel_tol=1e-9)
        else:
            assert value == reading


def test_what_does_not_change_is_one_run() -> None:
    assert exact_runs(*arrays([7.0] * 500)) == [0, 7]
    assert exact_runs(*arrays([0.3, 0.1 + 0.2, 0.5, "f0", "f0", "f1", "n", None])) == [
        *(0, 0.3, 2, 0.5, 3, "f0", 5, "f1", 6, "n", 7, None)
    ]
    assert exact_runs(*arrays([])) == []


sizes = st.floats(min_value=1e-7, max_value=1e9)


@given(sizes, st.lists(st.floats(min_value=0.2, max_value=5), min_size=1, max_size=20))
def test_sampled_values_have_four_digits(base: float, factors: list[float]) -> None:
    readings: list[Reading] = [base * factor for factor in factors]
    values, statuses, reasons = arrays(readings)
    cell = sampled_cell(values, statuses, reasons, None, None)
    assert cell["from"] == 0
    for reading, value in zip(readings, cell["values"], strict=True):
        assert isinstance(reading, float)
        assert value * cell["unit"] == pytest.approx(reading, rel=6e-4)


@given(sizes, st.floats(min_value=2e-4, max_value=5))
def test_spreads_are_told_to_a_tenth(value: float, spread: float) -> None:
    values, statuses, reasons = arrays([value])
    cell = sampled_cell(values, statuses, reasons, values * (1 - spread), values * (1 + spread))
    for name in ("low", "high"):
        told = SMALLEST_SPREAD * SPREAD_STEP ** (SPREADS.index(cell[name]) - 1)
        assert told == pytest.approx(spread, rel=0.1)


def test_sampled_gaps_keep_what_they_are() -> None:
    values, statuses, reasons = arrays([None, 2.0, "f1", "n", None, 0.0, None])
    cell = sampled_cell(values, statuses, reasons, values, values)
    assert cell["from"] == 1
    assert cell["values"][1:4] == ["f1", "n", None]
    assert cell["values"][0] * cell["unit"] == 2
    assert cell["low"] == "0   0"
    nothing = sampled_cell(*arrays([None, None]), None, None)
    assert nothing == {"from": 0, "unit": 1, "values": []}


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(123456.0, 4, 123500), (123456789012.0, 10, 123456789012), (0.1234567, 4, 0.1235)],
)
def test_rounding(value: float, digits: int, text: float) -> None:
    assert rounded(value, digits) == text


HOSTILE = "</script><!--<script>]]>\u2028\u2029\ud800'\"&\x00"


def test_no_text_ends_a_script() -> None:
    made = script("name", {HOSTILE: [HOSTILE, 1, None]})
    assert made.isascii()
    assert not any(character in made for character in "<>&\u2028\u2029")
    inside = made.removeprefix('Unladen.receive("name",').removesuffix(");\n")
    assert json.loads(inside) == {HOSTILE: [HOSTILE, 1, None]}


def test_data_is_strict_json() -> None:
    with pytest.raises(ValueError, match="JSON"):
        script("name", [math.nan])
