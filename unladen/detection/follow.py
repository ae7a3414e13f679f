"""Whether a noisy series follows an exact count of work, and how steeply.

Of CPU time a good part is known: the bytecodes executed are counted exactly, and where they change
CPU changes with them. What is left once that is taken off is steadier than CPU itself, because the
commits that change the count are no longer steps in it, and shows what no count sees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from unladen.detection.memory import remembered
from unladen.detection.ranks import Floats, Ints, midranks

NOTICEABLE = 0.005
"""A count changes where its logarithm does by at least so much."""

FEWEST = 3
"""Changes of a count that are needed to see what follows it."""

SIGNIFICANT = 0.01
"""A series follows a count if chance makes it look so at most this often."""

_DRAWS = 1999
_SEED = 20_261_121

_DEALT = 32
"""Ranks are dealt so many at a time, for all questions that need no more of them."""


@dataclass(frozen=True)
class Follower:
    """Logarithms of a series change by ``slope`` times those of the count with this ``number``."""

    number: int
    slope: float


def follows(logs: Floats, counts: Sequence[Floats]) -> Follower | None:
    """Which of several counts a series follows best; None if none.

    ``logs``: logarithms of the readings; ``counts``: of the counts, each as long. The differences
    of successive readings are looked at where a count changes. The slope is the median of their
    ratios, weighted with the change of the count. It must be above 0, and the ranks of the
    differences must go with the changes of the count as they would at most ``SIGNIFICANT`` of the
    times if they were dealt out at random.
    """
    best: tuple[float, Follower] | None = None
    steps = np.diff(logs)
    for number, count in enumerate(counts):
        changes = np.diff(count)
        chosen = _noticeable(changes)
        if chosen.size < FEWEST:
            continue
        slope = _weighted_median(steps[chosen] / changes[chosen], np.abs(changes[chosen]))
        rest = float(np.abs(steps - slope * changes).mean())
        is_better = best is None or rest < best[0]
        if slope > 0 and is_better and _chance(np.stack([steps, changes])) <= SIGNIFICANT:
            best = rest, Follower(number, slope)
    return best[1] if best else None


def _noticeable(changes: Floats) -> Ints:
    return np.flatnonzero(np.abs(changes) >= NOTICEABLE)


@remembered(lambda chance: (chance,), lambda of: of[0])
def _chance(both: Floats) -> float:
    """How often chance makes steps, the first row, go with the changes of a count, the second, as
    they do."""
    steps, changes = both
    chosen = _noticeable(changes)
    ranks = midranks(steps) - (steps.size + 1) / 2
    seen = float(ranks[chosen] @ changes[chosen])
    room = min(-(-chosen.size // _DEALT) * _DEALT, steps.size)
    dealt = _deals(steps.size, room)[:, : chosen.size]
    drawn = (dealt - (steps.size - 1) / 2) @ changes[chosen]
    return float((1 + np.count_nonzero(drawn >= seen)) / (_DRAWS + 1))


@lru_cache(maxsize=4)
def _deals(size: int, number: int) -> NDArray[np.int32]:
    """So many of the numbers below ``size`` in random orders, one a row. Those of fewer numbers are
    the first ones of more."""
    random = np.random.default_rng([_SEED, size])
    left = np.tile(np.arange(size, dtype=np.int32), (_DRAWS, 1))
    rows = np.arange(_DRAWS)
    for at in range(number):
        drawn = random.integers(at, size, _DRAWS)
        left[rows, at], left[rows, drawn] = left[rows, drawn], left[rows, at]
    return left[:, :number].copy()


def _weighted_median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    share = np.cumsum(weights[order])
    return float(values[order][int(np.searchsorted(share, share[-1] / 2))])
