"""Paired statistics: against brute force, tables, and simulated noise."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unladen.compare.ab.statistics import (
    StoppingRule,
    decide,
    estimate,
    p_above,
    rules_out,
    share_interval,
)

logs_lists = st.lists(st.integers(-6, 6).map(float), min_size=1, max_size=8)


def brute_force(logs: list[float]) -> float:
    """The share of sign patterns whose positive rank sum is at least the one seen."""
    values = [x for x in logs if x != 0]
    sizes = [abs(x) for x in values]
    ranks = [(sum(o < s for o in sizes) + sum(o <= s for o in sizes) + 1) / 2 for s in sizes]
    seen = sum(rank for rank, x in zip(ranks, values, strict=True) if x > 0)
    patterns = itertools.product((0, 1), repeat=len(values))
    sums = [sum(r for r, sign in zip(ranks, p, strict=True) if sign) for p in patterns]
    return sum(one >= seen - 1e-9 for one in sums) / len(sums)


@given(logs_lists)
def test_the_signed_rank_test_is_exact_with_ties_and_zeros(logs: list[float]) -> None:
    assert p_above(logs) == pytest.approx(brute_force(logs))


def test_n_rounds_give_at_least_two_to_the_minus_n() -> None:
    assert p_above([0.1 * n for n in range(1, 11)]) == pytest.approx(2**-10)
    assert p_above([]) == 1.0
    assert p_above([0.0, 0.0]) == 1.0


def test_a_margin_moves_the_test() -> None:
    logs = [0.04, 0.05, 0.06, 0.05, 0.04, 0.055, 0.045, 0.052]
    assert p_above(logs, 0.03) < 0.01
    assert p_above(logs, 0.07) > 0.99
    assert decide(logs, 0.03, 0.01) == 1
    assert decide(logs, 0.07, 0.01) == -1
    assert decide(logs, 0.049, 0.01) == 0


def test_giving_up_is_easier_only_downwards() -> None:
    logs = [0.01, -0.02, 0.0, -0.03, 0.015]
    assert decide(logs, 0.025, 0.001) == 0
    assert decide(logs, 0.025, 0.001, give_up=0.05) == -1
    assert decide([-x for x in logs], -0.025, 0.001, give_up=0.05) == 0


def test_the_estimate_is_the_median_of_walsh_averages() -> None:
    found = estimate([1.0, 2.0, 6.0])
    assert found.change == pytest.approx(2.75)  # of 1, 1.5, 2, 3.5, 4, 6
    assert found.ratio == pytest.approx(math.exp(2.75))
    assert (found.low, found.high) == (-math.inf, math.inf)


def test_the_interval_is_the_one_of_the_tables() -> None:
    # n = 8 at 95 %: P(W <= 3) = 5/256, so the interval goes from the 4th average to the 4th last.
    logs = [0.1, 0.15, 0.2, 0.12, 0.3, 0.22, 0.18, 0.11]
    averages = sorted((a + b) / 2 for i, a in enumerate(logs) for b in logs[i:])
    found = estimate(logs)
    assert (found.low, found.high) == (pytest.approx(averages[3]), pytest.approx(averages[-4]))


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    random = np.random.default_rng(1)
    hits = 0
    for _ in range(400):
        found = estimate(list(random.laplace(0.1, 1, 12)))
        hits += found.low <= 0.1 <= found.high
    assert 0.92 <= hits / 400 <= 0.98


def test_the_looks_share_alpha() -> None:
    stopping = StoppingRule((4, 8), 0.02)
    assert stopping.level * len(stopping.at) == pytest.approx(0.02)


@pytest.mark.slow
def test_looking_again_and_again_keeps_alpha() -> None:
    random = np.random.default_rng(2)
    stopping = StoppingRule((10, 14, 20, 28), 0.05)
    wrong = 0
    for _ in range(600):
        logs = list(random.standard_cauchy(28))
        wrong += any(decide(logs[:n], 0.0, stopping.level) == 1 for n in stopping.at)
    assert wrong / 600 <= 0.05


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [(0, 50, 0.0, 0.0711), (1, 50, 0.0005, 0.1065), (5, 10, 0.1871, 0.8129), (3, 3, 0.2924, 1.0)],
)
def test_shares_have_clopper_and_pearsons_interval(
    hits: int, trials: int, low: float, high: float
) -> None:
    found = share_interval(hits, trials)
    assert found == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_low_figures_by_chance_rule_nothing_out_where_noise_is_large() -> None:
    calm = [0.01, -0.02, 0.0, 0.015, -0.01, 0.005, -0.005, 0.02]
    wild = [-3.0, -0.1, -2.0, -0.5, -1.5, 0.01, -0.3, -0.9]
    assert rules_out(calm, 0.1, 0.01)
    assert not rules_out([x + 0.1 for x in calm], 0.1, 0.01)
    assert not rules_out(wild, 0.1, 0.01)
    assert not rules_out(calm[:4], 0.1, 0.1)  # no interval
