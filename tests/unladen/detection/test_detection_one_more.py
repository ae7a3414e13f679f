"""One reading more mostly leaves what is known of those before as it is, so that it is not found
out anew; what is rounded for that is less than anybody can know."""

from __future__ import annotations

import math

import numpy as np
import pytest

from unladen.detection.follow import _deals
from unladen.detection.noise import noise_of
from unladen.detection.panel import _level
from unladen.detection.ranks import Floats, deviates, exact_tails, medians, normal_deviates

GRID = 64
"""Into so many parts correlations are told."""


def _with_memory(size: int, seed: int) -> Floats:
    """A step in noise of which each reading has 0.6 of the one before."""
    readings = np.random.default_rng(seed).normal(0, 0.02, size)
    for at in range(1, size):
        readings[at] += 0.6 * readings[at - 1]
    readings[size // 2 :] += 0.3
    return readings


@pytest.mark.parametrize("size", [2, 9, 100, 1_000])
def test_a_level_is_the_median_to_a_part_of_the_noise(size: int) -> None:
    readings = np.random.default_rng(size).lognormal(0, 0.02, size)
    noise = float(np.median(np.abs(np.diff(readings))))
    assert abs(_level(readings) - np.median(readings)) <= noise / 8 * (1 + 1e-9)


def test_a_level_mostly_stays_with_one_reading_more() -> None:
    readings = np.random.default_rng(3).normal(1, 0.02, 600)
    levels = [_level(readings[:size]) for size in range(400, 601)]
    medians_ = [float(np.median(readings[:size])) for size in range(400, 601)]
    assert np.count_nonzero(np.diff(levels)) < 10 < np.count_nonzero(np.diff(medians_))


def test_a_level_without_noise_is_the_median() -> None:
    assert _level(np.array([0.1, 0.1, 0.1, 0.7])) == 0.1


def test_a_correlation_is_told_in_steps_and_mostly_stays() -> None:
    readings = _with_memory(940, 5)
    found = [noise_of(readings[:size]).persistence for size in range(900, 941)]
    assert all(0.3 < one < 0.9 and (one * GRID).is_integer() for one in found)
    assert np.count_nonzero(np.diff(found)) < 20


def test_deals_are_of_different_numbers_and_begin_alike() -> None:
    dealt = _deals(40, 32)
    assert all(len({*row}) == 32 and {*row} <= {*range(40)} for row in dealt.tolist())
    np.testing.assert_array_equal(_deals(40, 5), dealt[:, :5])
    means = dealt.mean(axis=0)
    assert abs(means - 19.5).max() < 6 * 11.5 / math.sqrt(len(dealt))


def test_medians_are_those_of_numpy() -> None:
    random = np.random.default_rng(8)
    rows = random.normal(0, 1, (6, 50))
    rows[random.random(rows.shape) < 0.4] = np.nan
    rows[0, np.isnan(rows).all(axis=0)] = 1.0
    np.testing.assert_array_equal(medians(rows), np.nanmedian(rows, axis=0))


@pytest.mark.parametrize("total", [201, 1_000, 3_000])
def test_deviates_of_many_ranks_are_those_of_their_exact_laws(total: int) -> None:
    """Whichever sums are asked for together, and whatever was asked before."""
    taken = np.array([3, 7, 20])
    tails = exact_tails(total, 20)
    for below in (0, 40, 0, 900, 11_000):
        sums = np.minimum([below, below // 2, 0], taken * (total - taken) // 2)
        excess = taken * (total - taken) / 2 - sums
        expected = normal_deviates(tails[taken, sums])
        np.testing.assert_array_equal(deviates(excess, taken, total), expected)
