"""Paired statistics of two commits measured side by side, one pair of figures a round.

What is looked at is the logarithm of the ratio of the two figures of a round. Rounds are
independent repetitions: new processes, the order of the commits alternating. If the commits are
equal, a ratio is as likely on one side of 1 as on the other, so each sign is a fair coin;
everything here follows from that and assumes no distribution.

- Test: Wilcoxon's signed-rank test with its exact distribution (Wilcoxon, Biometrics Bulletin 1,
  1945), given the ranks that were seen, so that ties are right.
- Estimate: the median of all Walsh averages (Hodges and Lehmann, Ann. Math. Stat. 34, 1963).
- Interval: the Walsh averages that the test does not reject (Tukey; Hollander, Wolfe and Chicken,
  Nonparametric Statistical Methods, 3rd edition, section 3.3).
- Looking several times: each look may spend a share of alpha, the shares sum to 1, so that by
  Bonferroni's inequality the whole is wrong at most with probability alpha.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95
"""Of the intervals that are shown."""


@dataclass(frozen=True)
class Estimate:
    """What rounds say of a change. ``change``, ``low``, ``high``: logarithms of a ratio; ``low``
    and ``high`` may be infinite. ``p``: two-sided, that there is no change. ``rounds``: how many
    pairs."""

    rounds: int
    change: float
    low: float
    high: float
    p: float

    @property
    def ratio(self) -> float:
        """After over before."""
        return math.exp(self.change)


@dataclass(frozen=True)
class StoppingRule:
    """When to look, and how much of ``alpha`` each look may spend. ``at``: rounds, rising.

    ``give_up``: a level for "below", at every look, where a wrong "below" does no harm and
    measuring on costs time; by default as strict as for "above". ``rule_out``: how much all looks
    may spend on ruling something out for one cell, whatever others do; ``alpha`` by default.
    """

    at: tuple[int, ...]
    alpha: float
    give_up: float = 0.0
    rule_out: float | None = None

    @property
    def level(self) -> float:
        """What each look may spend: equal shares of ``alpha``."""
        return self.alpha / len(self.at)

    @property
    def rule_out_level(self) -> float:
        """Likewise of ``rule_out``."""
        return (self.alpha if self.rule_out is None else self.rule_out) / len(self.at)


def estimate(logs: Sequence[float], confidence: float = CONFIDENCE) -> Estimate:
    """The change that ``logs``, one log ratio a round, at least one, show."""
    values = np.asarray(logs, dtype=np.float64)
    averages = _walsh_averages(values)
    low, high = _interval(averages, len(values), 1 - confidence)
    p = min(1.0, 2 * min(p_above(logs), p_above([-x for x in logs])))
    return Estimate(len(values), float(np.median(averages)), low, high, p)


def p_above(logs: Sequence[float], margin: float = 0.0) -> float:
    """One-sided p of the signed-rank test that the logs are not above ``margin``.

    1 without any. The least that n rounds can give is 2 ** -n.
    """
    differences = np.asarray(logs, dtype=np.float64) - margin
    differences = differences[differences != 0]
    if not differences.size:
        return 1.0
    ranks = _doubled_midranks(np.abs(differences))
    observed = int(ranks[differences > 0].sum())
    return min(1.0, float(_distribution(ranks)[observed:].sum()))


def decide(logs: Sequence[float], margin: float, level: float, give_up: float = 0.0) -> int:
    """1 if the logs lie above ``margin``, at ``level`` one-sided; -1 if below, at ``level`` or
    ``give_up``, whichever is easier; else 0."""
    if p_above(logs, margin) <= level:
        return 1
    if p_above([-x for x in logs], -margin) <= max(level, give_up):
        return -1
    return 0


def rules_out(logs: Sequence[float], bound: float, level: float) -> bool:
    """Whether the logs rule out, at ``level`` one-sided, that they lie above ``bound``, above 0.

    Their interval must not be wider than twice the bound either: where noise is much larger, a few
    logs that happen to be low say nothing.
    """
    if p_above([-x for x in logs], -bound) > level:
        return False
    seen = estimate(logs)
    return seen.high - seen.low <= 2 * bound


def share_interval(hits: int, trials: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Interval of a share, exact (Clopper and Pearson, Biometrika 26, 1934)."""
    tail = (1 - confidence) / 2
    low = _root(lambda p: _at_least(hits, trials, p) - tail) if hits else 0.0
    high = _root(lambda p: tail - _at_most(hits, trials, p)) if hits < trials else 1.0
    return low, high


def _walsh_averages(values: NDArray[np.float64]) -> NDArray[np.float64]:
    one, other = np.triu_indices(len(values))
    return np.sort((values[one] + values[other]) / 2)


def _interval(averages: NDArray[np.float64], rounds: int, alpha: float) -> tuple[float, float]:
    """The averages that a two-sided test at ``alpha`` leaves; infinite with too few rounds."""
    cumulated = np.cumsum(_distribution(2 * np.arange(1, rounds + 1))[::2])
    left_out = int(np.searchsorted(cumulated, alpha / 2, side="right"))
    if left_out == 0:
        return -math.inf, math.inf
    return float(averages[left_out - 1]), float(averages[-left_out])


def _doubled_midranks(sizes: NDArray[np.float64]) -> NDArray[np.intp]:
    """Twice the rank of each, equal ones sharing the mean of theirs: whole numbers."""
    ordered = np.sort(sizes)
    first = np.searchsorted(ordered, sizes, side="left")
    last = np.searchsorted(ordered, sizes, side="right")
    return (first + last + 1).astype(np.intp)


def _distribution(ranks: NDArray[np.intp]) -> NDArray[np.float64]:
    """Probability of each sum of ranks if each is taken with probability a half."""
    chances = np.zeros(int(ranks.sum()) + 1)
    chances[0] = 1.0
    for rank in ranks:
        shifted = np.zeros_like(chances)
        shifted[rank:] = chances[: len(chances) - rank]
        chances = (chances + shifted) / 2
    return chances


def _at_most(hits: int, trials: int, p: float) -> float:
    return math.fsum(math.comb(trials, k) * p**k * (1 - p) ** (trials - k) for k in range(hits + 1))


def _at_least(hits: int, trials: int, p: float) -> float:
    return 1 - _at_most(hits - 1, trials, p)


def _root(rising: Callable[[float], float]) -> float:
    """Where a function that rises on [0, 1] is 0, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
