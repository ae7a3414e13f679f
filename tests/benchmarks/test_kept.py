"""What is left in memory, as the median of several readings."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import pytest

from benchmarks.core.kept import READINGS, median_kept
from benchmarks.core.on_machine import GRAIN_BYTES
from meters import memory


@pytest.fixture
def kept_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[Sequence[int]], tuple[int, int]]:
    """The median, in grains, where readings say these, and how many were taken."""

    def asked(readings: Sequence[int]) -> tuple[int, int]:
        taken = itertools.count()

        def traced(work: object, release: object) -> memory.Traced[None]:
            return memory.Traced(0, readings[next(taken)], None)

        monkeypatch.setattr(memory, "traced", traced)
        kept = median_kept(lambda: lambda: None)
        return kept // GRAIN_BYTES, next(taken)

    return asked


GRAINS = [number * GRAIN_BYTES for number in range(100)]


def test_once_most_readings_agree_no_more_are_taken(
    kept_by: Callable[[Sequence[int]], tuple[int, int]],
) -> None:
    assert kept_by([GRAINS[50] - 3, GRAINS[50], GRAINS[50] + 3]) == (50, READINGS // 2 + 1)
    assert kept_by([GRAINS[90], GRAINS[50], GRAINS[50], GRAINS[50]]) == (50, READINGS // 2 + 2)


def test_the_middle_one_counts_where_they_differ(
    kept_by: Callable[[Sequence[int]], tuple[int, int]],
) -> None:
    assert kept_by([GRAINS[number] for number in (90, 10, 50, 70, 30)]) == (50, READINGS)
    assert kept_by([GRAINS[number] for number in (50, 50, 10, 30, 70)]) == (50, READINGS)
