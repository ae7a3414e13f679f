"""The largest of many deviates, without reckoning all of them.

The exact laws of few ranks take long to reckon where the ranks in all are many. But sums of few
ranks are seldom those that look most unusual, and how unusual they can look at most is known from
the law of a smaller total: the draws from the smaller one are among those of the larger one, so
that in the larger one no tail holds fewer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from unladen.detection.memory import remembered
from unladen.detection.ranks import (
    EXACT,
    KEPT,
    Floats,
    Ints,
    exact_deviates,
    exact_tails,
    inflation,
    kept_table,
    lower_sums,
    most_exact,
    normal_deviates,
)

_STEP = 33 / 32
"""Ratio of neighbouring totals whose laws are known."""

_FEWEST = 8
"""The smallest total of which a law is wanted."""

_TAILS: Floats = 0.5 * 10.0 ** (-np.arange(160) / 8)
"""For which it is known from which sum on the lower tail is at least so large; descending."""

_SLACK = 1e-6
"""More than what rounding does to a deviate, or, relatively, to a tail."""


@dataclass(frozen=True)
class _Places:
    """What of the deviates of ``total`` ranks does not depend on readings, by how many ranks are
    ``taken``: as ``deviates`` has it. ``exact``: where the exact law is used (``is_exact``); there
    the ranks of the smaller group are ``few``, and no deviate is larger than ``most``."""

    total: int
    taken: Ints
    width: Floats
    correction: Floats
    is_exact: NDArray[np.bool_]
    exact: Ints
    few: Ints
    most: Floats

    def inflation(self, persistence: float) -> Floats:
        """As ``ranks.inflation`` has it."""
        few = np.minimum(self.taken, self.total - self.taken)
        return inflation(few, self.total - few, persistence)

    def first(self, number: int) -> _Places:
        """Those of the first so many numbers of ranks."""
        here = int(np.searchsorted(self.exact, number))
        return _Places(
            total=self.total,
            taken=self.taken[:number],
            width=self.width[:number],
            correction=self.correction[:number],
            is_exact=self.is_exact[:number],
            exact=self.exact[:here],
            few=self.few[:here],
            most=self.most[:here],
        )


@lru_cache(maxsize=256)
def _places(total: int, first: int) -> _Places:
    """Of all numbers of ranks from the ``first`` on that leave as many."""
    taken: Ints = np.arange(first, total - first + 1)
    pairs = taken * (total - taken)
    kurtosis = -1.2 * (total * total + total - pairs) / (pairs * (total + 1.0))
    few = np.minimum(taken, total - taken)
    is_exact = few <= most_exact(total)
    exact = np.flatnonzero(is_exact)
    few = few[exact]
    return _Places(
        total=total,
        taken=taken,
        width=np.sqrt(pairs * (total + 1) / 12),
        correction=kurtosis / 24,
        is_exact=is_exact,
        exact=exact,
        few=few,
        most=_most(total)[few],
    )


def _places_of(taken: Ints, total: int) -> _Places:
    """Of numbers of ranks that ascend without gaps."""
    places = _places(total, int(taken[0]))
    return places if taken.size == places.taken.size else places.first(taken.size)


def _most(total: int) -> Floats:
    """By ranks taken, more than any deviate of their sum, as of the lowest ones."""
    taken = np.arange(most_exact(total))
    rarest = np.cumprod((taken + 1) / (total - taken), dtype=np.float64)
    return np.concatenate([[0.0], normal_deviates(rarest * (1 - _SLACK)) + _SLACK])


def largest_deviate(
    excess: Floats, taken: Ints, total: int, persistence: float = 0.0
) -> tuple[int, float]:
    """The index of the first largest of ``deviates``, and that deviate: to the bit what these are.
    Arguments as there, of one dimension, not empty; ``taken``: ascending, without gaps."""
    places = _places_of(taken, total)
    bounds, least = _upper_bounds(excess, places, persistence)

    def reckoned(at: Ints) -> Floats:
        return _deviates(excess[at], places, at, persistence)

    best, largest = -1, -np.inf
    is_candidate = bounds >= least
    together = np.flatnonzero(is_candidate if total <= KEPT else is_candidate & ~places.is_exact)
    if together.size:
        found = reckoned(together)
        first = int(found.argmax())
        best, largest = int(together[first]), float(found[first])
    if total <= KEPT:
        return best, largest
    # An exact law takes longest: most are not needed once the likeliest is known.
    for at in places.exact[np.argsort(-bounds[places.exact], kind="stable")].tolist():
        if bounds[at] < max(least, largest):
            break
        deviate = float(reckoned(np.array([at]))[0])
        if deviate > largest or (deviate == largest and at < best):
            best, largest = at, deviate
    return best, largest


def _deviates(excess: Floats, places: _Places, at: Ints, persistence: float) -> Floats:
    """``deviates`` of sums with this excess, at these places."""
    plain = np.abs(excess) / places.width[at]
    found: Floats = plain - places.correction[at] * (plain**3 - 3 * plain)
    is_exact = places.is_exact[at]
    if is_exact.any():
        found[is_exact] = exact_deviates(excess[is_exact], places.taken[at][is_exact], places.total)
    if persistence:
        found /= np.sqrt(places.inflation(persistence)[at])
    return found


def _upper_bounds(excess: Floats, places: _Places, persistence: float) -> tuple[Floats, float]:
    """What each deviate is at most; and what the largest is at least."""
    plain = np.abs(excess) / places.width
    highest: Floats = plain - places.correction * plain * (plain * plain - 3)
    most = places.most
    wider = np.sqrt(places.inflation(persistence)) if persistence else None
    if wider is not None:
        highest /= wider
        most = most / wider[places.exact]
    highest[places.exact] = 0.0
    floor = float(highest.max())
    least = floor - _SLACK * (1 + floor)
    chosen = np.flatnonzero(most >= least)
    if chosen.size:
        exact, few, bounds = places.exact[chosen], places.few[chosen], most[chosen]
        if places.total > KEPT:
            bounds = _bounds(places.total, few, lower_sums(excess[exact], few, places.total))
            if wider is not None:
                bounds /= wider[exact]
        highest[exact] = bounds
    return highest + _SLACK * (1 + highest), least


def _bounds(total: int, few: Ints, sums: Ints) -> Floats:
    """What the deviates of sums of few ranks are at most; infinite where that is not known."""
    smaller = _known_total(total)
    reached = (_thresholds(smaller)[few] <= sums[:, None]).sum(axis=1)
    known = _TAILS[np.minimum(_TAILS.size - reached, _TAILS.size - 1)]
    highest = normal_deviates(known * _shares(smaller, total)[few] * (1 - _SLACK)) + _SLACK
    return np.where(reached > 0, highest, np.inf)


def least_excess(taken: Ints, total: int, deviate: float) -> Floats:
    """An excess that sums of so many ranks surely do not reach if their deviate is less than this;
    the largest that is known at once. Arguments as of ``largest_deviate``."""
    if not taken.size:
        return np.empty(0)
    places = _places_of(taken, total)
    # The correction, which is no less at the deviate than at a smaller plain one.
    plain = deviate + places.correction * deviate * max(deviate * deviate - 3, 0.0)
    least: Floats = plain * (1 - _SLACK) * places.width
    few = places.few
    sums = _most_sums(_total_above(total), _tail(deviate))[few]
    least[places.exact] = few * (total - few) / 2 - sums + 1 - _SLACK
    return least


@lru_cache(maxsize=1024)
def _most_sums(total: int, tail: float) -> Ints:
    """By ranks taken, from which sum on the lower tail is surely larger than this; of fewer ranks
    in all too, of which no tail is smaller."""
    return _found_sums(np.array([total, tail]))


@remembered(tuple, lambda of: np.array(of, dtype=np.intp))
def _found_sums(total_and_tail: Floats) -> Ints:
    total, tail = int(total_and_tail[0]), float(total_and_tail[1])
    if total <= KEPT:
        rows = kept_table(total)
        return np.array([np.searchsorted(row, tail, side="right") for row in rows])
    number = _TAILS.size - 1 - np.searchsorted(_TAILS[::-1], tail * (1 + _SLACK))
    found = _thresholds(total)[np.arange(EXACT + 1), np.maximum(number, 0)]
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


@lru_cache(maxsize=1024)
def _total_above(total: int) -> int:
    """The smallest number of ranks from ``total`` on whose law is known."""
    above = float(KEPT if total > KEPT else _FEWEST)
    while int(above) < total:
        above = max(above * _STEP, int(above) + 1.0) if total <= KEPT else above * _STEP
    return int(above)


@cache
def _thresholds(total: int) -> Ints:
    """By ranks taken and by ``_TAILS``: from which sum on the lower tail is at least so large."""
    return _found_thresholds(np.array([float(total)]))


@remembered(
    lambda found: tuple(found.ravel().tolist()),
    lambda of: np.array(of, dtype=np.intp).reshape(-1, _TAILS.size),
)
def _found_thresholds(total: Floats) -> Ints:
    table = exact_tails(int(total[0]), EXACT)
    return np.array([np.searchsorted(tails, _TAILS) for tails in table])
