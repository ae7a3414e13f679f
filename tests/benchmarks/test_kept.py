"""What is left in memory, as the median of several readings."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable

import pytest

from benchmarks.core.kept import READINGS, median_kept


def kept_by(sizes: Iterable[int]) -> tuple[int, int]:
    """The median of what pieces of work leave that keep so many bytes, and how many were done."""
    done = itertools.count()
    left = iter(sizes)

    def ready() -> Callable[[], object]:
        next(done)
        size = next(left)
        return lambda: bytes(size)

    return median_kept(ready), next(done) - 1


def test_once_most_readings_agree_no_more_are_taken() -> None:
    bytes_kept, readings = kept_by([0, 5000, 5000, 5000])
    assert bytes_kept == pytest.approx(5000, rel=0.05)
    assert readings == READINGS // 2 + 1


def test_the_middle_one_counts_where_they_differ() -> None:
    bytes_kept, readings = kept_by([0, 9000, 1000, 5000, 7000, 3000])
    assert bytes_kept == pytest.approx(5000, rel=0.05)
    assert readings == READINGS


def test_one_that_is_off_is_no_reason_to_believe_it() -> None:
    bytes_kept, readings = kept_by([0, 90_000, 5000, 5000, 5000])
    assert bytes_kept == pytest.approx(5000, rel=0.05)
    assert readings == READINGS // 2 + 2
