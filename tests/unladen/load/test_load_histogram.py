"""The histogram's quantiles, against those of the sorted values."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unladen.load.histogram import PARTS, Histogram

SHARES = (0.001, 0.5, 0.9, 0.95, 0.99, 1.0)


def histogram(values: list[float]) -> Histogram:
    made = Histogram()
    for value in values:
        made.add(value)
    return made


def nearest_rank(values: list[float], share: float) -> float:
    return sorted(values)[max(math.ceil(share * len(values) - 1e-9), 1) - 1]


@given(st.lists(st.floats(0, 1e7), min_size=1, max_size=200), st.sampled_from(SHARES))
def test_a_quantile_was_measured_and_is_at_most_a_256th_too_long(
    values: list[float], share: float
) -> None:
    found = histogram(values).quantile(share)
    assert found in values
    true = nearest_rank(values, share)
    assert true <= found
    # What is smaller than any time has fewer digits, and so wider buckets.
    assert found <= true * (1 + 1 / PARTS) or found < 1e-300


def test_equal_durations_are_exact() -> None:
    made = histogram([1.1] * 99 + [2.2])
    assert [made.quantile(share) for share in (0.5, 0.99, 1.0)] == [1.1, 1.1, 2.2]


def test_the_rank_does_not_slip_by_a_rounding_error() -> None:
    """0.95 x 20 is a little over 19 in binary."""
    values = [float(n) for n in range(1, 21)]
    assert histogram(values).quantile(0.95) == 19.0


@pytest.mark.parametrize("draw", [random.Random(1).random, lambda: random.expovariate(0.1)])
def test_many_durations(draw: Callable[[], float]) -> None:
    values = [draw() for _ in range(20_000)]
    made = histogram(values)
    for share in SHARES:
        true = nearest_rank(values, share)
        assert true <= made.quantile(share) <= true * (1 + 1 / PARTS)
    assert made.mean == pytest.approx(math.fsum(values) / len(values))
    assert sum(bucket.number for bucket in made.buckets()) == len(values)


def test_a_value_lies_in_its_bucket() -> None:
    for value in (0.0, 1e-6, 0.25, 0.5, 1.0, 1.1, 3599.9):
        (bucket,) = histogram([value]).buckets()
        assert bucket.low <= value < bucket.high or value == bucket.low == bucket.high == 0
        assert bucket.high - bucket.low <= bucket.low / PARTS


def test_memory_is_bounded_by_the_span() -> None:
    made = Histogram()
    for n in range(200_000):
        made.add(1e-6 * 1.0001**n if n < 150_000 else 1.0)
        if 1e-6 * 1.0001**n > 3600:
            break
    assert len(list(made.buckets())) <= 8200


def test_nothing_has_no_quantile() -> None:
    assert (Histogram().quantile(0.5), Histogram().mean) == (None, None)


@pytest.mark.parametrize("value", [-1.0, math.inf, math.nan])
def test_what_is_no_duration_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="is no duration"):
        Histogram().add(value)
