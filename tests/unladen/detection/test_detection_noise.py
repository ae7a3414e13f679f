"""Noise that is no permutation: with a memory, drifting, unevenly wide; and dips of two readings.

Counts of windows are held against binomial bounds: with the share that the documentation states, or
the goal, so many or more would be seen once in a thousand seeds.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from unladen.detection import find_steps, noise_of, p_value
from unladen.detection.dips import find_dip
from unladen.detection.noise import splits
from unladen.detection.ranks import Floats, inflation
from unladen.detection.trends import find_trends
from unladen.labels.score import made
from unladen.labels.score.noise import ALERT, our_steps

WINDOWS = 150
RARELY = 0.001

KINDS = list(made.KINDS)
INDEPENDENT, SLIGHT, STRONG, BURSTS, DRIFT, WIDER = KINDS


def most(share: float, trials: int) -> int:
    """The number that is passed at most ``RARELY`` if each trial has this chance."""
    left = 1.0
    for count in range(trials + 1):
        left -= math.comb(trials, count) * share**count * (1 - share) ** (trials - count)
        if left <= RARELY:
            return count
    return trials


def counted(kind: str, is_hit: Callable[[Floats], bool], seed: int = 11) -> int:
    """Of ``WINDOWS`` windows of noise, those that are hit; logarithms are given."""
    windows = made.windows(kind, WINDOWS, np.random.default_rng(seed))
    return sum(is_hit(np.log(window.values)) for window in windows)


def has_steps(logs: Floats) -> bool:
    return bool(find_steps(logs, 0.01, is_log=True).steps)


def test_bounds_are_those_of_the_binomial_law() -> None:
    assert most(0.0, 100) == 0
    assert most(0.5, 1000) == 549
    assert most(0.05, 150) == 17


@pytest.mark.parametrize(
    ("kind", "share"), [(INDEPENDENT, 0.01), (SLIGHT, 0.04), (STRONG, 0.05), (WIDER, 0.04)]
)
def test_noise_of_any_memory_and_width_rarely_has_a_step(kind: str, share: float) -> None:
    def has_alert(logs: Floats) -> bool:
        window = made.Window(np.exp(logs), np.full(logs.size, math.nan))
        return any(step.effect >= ALERT for step in our_steps(window))

    assert counted(kind, has_alert) <= most(share, WINDOWS)


@pytest.mark.slow
def test_without_the_memory_the_same_noise_would_have_steps_mostly() -> None:
    assert counted(STRONG, lambda logs: bool(list(splits(logs, 0.01)))) > WINDOWS / 2
    assert counted(STRONG, lambda logs: p_value(logs) <= 0.01) <= most(0.08, WINDOWS)


def test_a_memory_is_seen_and_its_size() -> None:
    seen = [
        noise_of(np.log(window.values)).persistence
        for window in made.windows(STRONG, WINDOWS, np.random.default_rng(2))
    ]
    known = [rho for rho in seen if rho]
    assert len(known) > WINDOWS / 2
    assert 0.4 < float(np.median(known)) < 0.7
    random = np.random.default_rng(3)
    stepping = random.normal(size=100)
    stepping[50:] += 5
    assert noise_of(stepping).persistence == 0  # what a step does to neighbours is no memory


@pytest.mark.slow
def test_steps_of_noise_without_a_memory_are_found_as_without_looking_for_one() -> None:
    found = plain = 0
    random = np.random.default_rng(4)
    for window in made.windows(INDEPENDENT, WINDOWS, random):
        logs = np.log(window.values)
        place = int(random.integers(10, 90))
        logs[place:] += math.log1p(0.1)
        plain += any(abs(split - place) <= 4 for split in splits(logs, 0.01))
        found += any(abs(s.at - place) <= 4 for s in find_steps(logs, 0.01, is_log=True).steps)
    assert found >= 0.97 * plain > 0.8 * WINDOWS


@pytest.mark.parametrize("rho", [0.3, 0.6, 0.9])
@pytest.mark.parametrize(("taken", "left"), [(3, 20), (10, 10), (1, 1)])
def test_the_variance_of_sums_with_a_memory_is_exact(rho: float, taken: int, left: int) -> None:
    places = np.arange(taken + left)
    covariance = rho ** np.abs(places[:, None] - places)
    weights = np.where(places < taken, left, -taken) / (taken + left)
    expected = weights @ covariance @ weights / (weights @ weights)
    (found,) = inflation(np.array([taken]), np.array([left]), rho)
    assert found == pytest.approx(expected)


@pytest.mark.slow
def test_a_drift_is_mostly_one_and_a_step_never() -> None:
    drifts = counted(DRIFT, lambda logs: bool(find_steps(logs, 0.01, is_log=True).trends))
    steps = counted(DRIFT, has_steps)
    assert drifts > 0.75 * WINDOWS
    assert steps <= most(0.2, WINDOWS)
    random = np.random.default_rng(6)
    for _ in range(30):
        logs = random.normal(scale=0.01, size=100)
        logs[int(random.integers(20, 80)) :] += 0.04
        found = find_steps(logs, 0.01, is_log=True)
        assert (len(found.steps), len(found.trends)) == (1, 0)


def test_a_step_on_a_drift_is_both() -> None:
    logs = np.random.default_rng(7).normal(scale=0.01, size=200) + np.linspace(0, 0.15, 200)
    logs[120:] += 0.1
    found = find_steps(logs, 0.01, is_log=True)
    assert [step.at for step in found.steps] == [120]
    (trend,) = found.trends
    assert (trend.first, trend.last) == (0, 199)
    assert trend.slope == pytest.approx(0.15 / 200, rel=0.2)
    assert found.spread == pytest.approx(0.01, rel=0.3)
    assert found.curve[-1] - found.curve[0] == pytest.approx(0.25, abs=0.02)


def test_a_drift_of_a_part_is_one_of_that_part() -> None:
    slow = np.concatenate([np.linspace(0, 0.3, 100), np.zeros(60)])
    logs = np.random.default_rng(8).normal(scale=0.01, size=160) + slow
    found = find_steps(logs, 0.01, is_log=True)
    assert [step.at for step in found.steps] == [100]
    (trend,) = found.trends
    assert (trend.first, trend.last) == (0, 99)


def test_there_is_no_trend_without_steps() -> None:
    assert find_trends(np.array([]), []) == []
    assert find_trends(np.arange(50.0), []) == []


@pytest.mark.parametrize("sign", [1, -1])
def test_two_readings_far_out_are_a_dip_or_a_bump(sign: int) -> None:
    logs = np.random.default_rng(9).normal(scale=0.01, size=80)
    logs[40:42] += sign * 0.4
    steps = find_steps(logs, 0.01, is_log=True).steps
    assert [(step.at, step.first, step.last) for step in steps] == [(40, 40, 40), (42, 42, 42)]
    assert [round(step.after - step.before, 1) for step in steps] == [sign * 0.4, -sign * 0.4]


@pytest.mark.parametrize(
    "places",
    [
        {40: 0.4, 42: 0.4},  # no neighbours
        {40: 0.4, 41: -0.4},  # not alike
        {40: 0.4, 41: 0.1},
        {40: 0.4, 41: 0.4, 60: 0.3},  # others as far out
        {40: 0.035, 41: 0.035},  # not far
        {1: 0.4, 2: 0.4},  # not seen to come, or to go
        {77: 0.4, 78: 0.4},
    ],
)
def test_other_outliers_are_none(places: dict[int, float]) -> None:
    logs = np.random.default_rng(9).normal(scale=0.01, size=80)
    for place, size in places.items():
        logs[place] += size
    assert not find_steps(logs, 0.01, is_log=True).steps


def test_of_exchangeable_noise_few_have_a_dip_however_heavy_its_tails() -> None:
    random = np.random.default_rng(10)
    found = 0
    for _ in range(2000):
        deviations = random.standard_cauchy(100)
        spread = 1.4826 * float(np.median(np.abs(deviations)))
        found += find_dip(deviations, spread, []) is not None
    assert found <= most(2 / 100, 2000)
