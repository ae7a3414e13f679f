"""The largest of many deviates, without reckoning all of them.

The exact laws of few ranks take long to reckon where the ranks in all are many. But sums of few
ranks are seldom those that look most unusual, and how unusual they can look at most is known from
the law of a smaller total: the draws from the smaller one are among those of the larger one, so
that in the larger one no tail holds fewer.
"""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np

from unladen.detection.ranks import (
    EXACT,
    KEPT,
    Floats,
    Ints,
    deviates,
    exact_tails,
    inflation,
    kept_table,
    lower_sums,
    most_exact,
    normal_deviates,
)

_STEP = 33 / 32
"""Ratio of neighbouring totals whose laws are known."""

_TAILS: Floats = 0.5 * 10.0 ** (-np.arange(160) / 8)
"""For which it is known from which sum on the lower tail is at least so large; descending."""

_SLACK = 1e-6
"""More than what rounding does to a deviate, or, relatively, to a tail."""


def largest_deviate(
    excess: Floats, taken: Ints, total: int, persistence: float = 0.0
) -> tuple[int, float]:
    """The index of the first largest of ``deviates``, and that deviate: to the bit what these are.
    Arguments as there, of one dimension, not empty."""
    if total > KEPT:
        candidates = np.flatnonzero(_can_be_largest(excess, taken, total, persistence))
        excess, taken = excess[candidates], taken[candidates]
    else:
        candidates = np.arange(excess.size)
    found = deviates(excess, taken, total, persistence)
    best = int(found.argmax())
    return int(candidates[best]), float(found[best])


def _can_be_largest(
    excess: Floats, taken: Ints, total: int, persistence: float
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Which deviates may be the largest one."""
    few = np.minimum(taken, total - taken)
    many = total - few
    plain = np.abs(excess) / np.sqrt(few * many * (total + 1) / 12)
    kurtosis = -1.2 * (few**2 + many**2 + few * many + total) / (few * many * (total + 1.0))
    highest: Floats = plain - kurtosis / 24 * plain * (plain * plain - 3)
    positions = np.flatnonzero(few <= most_exact(total))
    if positions.size:
        chosen = few[positions]
        highest[positions] = _bounds(total, chosen, lower_sums(excess[positions], chosen, total))
    if persistence:
        highest /= np.sqrt(inflation(few, many, persistence))
    lowest = highest.copy()
    lowest[positions] = 0.0
    floor = float(lowest.max())
    return highest >= floor - _SLACK * (1 + floor)


def _bounds(total: int, few: Ints, sums: Ints) -> Floats:
    """What the deviates of sums of few ranks are at most; infinite where that is not known."""
    smaller = _known_total(total)
    reached = (_thresholds(smaller)[few] <= sums[:, None]).sum(axis=1)
    known = _TAILS[np.minimum(_TAILS.size - reached, _TAILS.size - 1)]
    highest = normal_deviates(known * _shares(smaller, total)[few] * (1 - _SLACK)) + _SLACK
    return np.where(reached > 0, highest, np.inf)


def least_excess(taken: Ints, total: int, deviate: float) -> Floats:
    """An excess that sums of so many ranks surely do not reach if their deviate is less than this;
    the largest that is known at once. Arguments as of ``deviates``."""
    few = np.minimum(taken, total - taken)
    many = total - few
    kurtosis = -1.2 * (few**2 + many**2 + few * many + total) / (few * many * (total + 1.0))
    # The correction, which is no less at the deviate than at a smaller plain one.
    plain = deviate + kurtosis / 24 * deviate * max(deviate * deviate - 3, 0.0)
    least: Floats = plain * (1 - _SLACK) * np.sqrt(few * many * (total + 1) / 12)
    positions = np.flatnonzero(few <= most_exact(total))
    if positions.size:
        chosen = few[positions]
        sums = _most_sums(total, _tail(deviate))[chosen]
        least[positions] = chosen * (total - chosen) / 2 - sums + 1 - _SLACK
    return least


def _most_sums(total: int, tail: float) -> Ints:
    """By ranks taken, from which sum on the lower tail is surely larger than this."""
    if total <= KEPT:
        rows = kept_table(total)
        return np.array([np.searchsorted(row, tail, side="right") for row in rows])
    smaller = _known_total(total)
    wanted = tail / _shares(smaller, total) * (1 + _SLACK)
    number = _TAILS.size - 1 - np.searchsorted(_TAILS[::-1], wanted)
    found = _thresholds(smaller)[np.arange(EXACT + 1), np.maximum(number, 0)]
    return np.where(number >= 0, found, total * total)


def _tail(deviate: float) -> float:
    """A tail that is surely larger than all whose ``normal_deviates`` is at least this."""
    tails, found = _deviates_of_tails()
    number = int(np.searchsorted(-found, -deviate, side="right"))
    return float(tails[number]) if number < tails.size else 1.0


@cache
def _deviates_of_tails() -> tuple[Floats, Floats]:
    tails = np.geomspace(1e-15, 0.5, 5000)
    return tails, normal_deviates(tails)


@lru_cache(maxsize=1024)
def _shares(smaller: int, total: int) -> Floats:
    """By ranks taken, the part of the draws from ``total`` that are from the ``smaller`` one."""
    taken = np.arange(EXACT)
    return np.concatenate([[1.0], np.cumprod((smaller - taken) / (total - taken))])


def _known_total(total: int) -> int:
    """The largest number of ranks up to ``total`` whose law is known."""
    steps = int(np.log(total / KEPT) / np.log(_STEP))
    return min(int(KEPT * _STEP**steps), total)


@cache
def _thresholds(total: int) -> Ints:
    """By ranks taken and by ``_TAILS``: from which sum on the lower tail is at least so large."""
    table = exact_tails(total, EXACT)
    return np.array([np.searchsorted(tails, _TAILS) for tails in table])
