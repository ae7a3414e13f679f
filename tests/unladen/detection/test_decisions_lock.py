"""The detection and the gate decide about made-up figures what they decided when it was last
written down: see ``decisions_lock.py``."""

from __future__ import annotations

import json
from typing import Any

import pytest
from decisions_lock import FILE, decisions


def _alike(one: Any, other: Any) -> bool:
    """Whether they say the same, figures but for the last digits."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return one == pytest.approx(other, rel=1e-6, abs=1e-9)
    return bool(one == other)


@pytest.mark.slow
def test_decisions_are_those_that_are_written_down() -> None:
    written, made = json.loads(FILE.read_text()), decisions()
    assert written.keys() == made.keys()
    assert [key for key, said in written.items() if not _alike(said, made[key])] == []


def test_what_is_written_down_decides_something() -> None:
    text = FILE.read_text()
    for word in ("REGRESSION", "IMPROVEMENT", "CLEARED", "UNDECIDED", "SAME", "FLAGGED", "DRIFT"):
        assert text.count(f'"{word}"') > 1, word
