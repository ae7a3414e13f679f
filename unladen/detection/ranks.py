"""How unusual a sum of ranks is, as a normal deviate, however few ranks are summed.

Of n exchangeable readings the ranks of any k are a random draw without replacement, so the law of
their sum (Wilcoxon 1945, Mann & Whitney 1947) does not depend on the noise. Standardised by its
variance alone, a sum of few ranks can never look unusual: its tails are far shorter than the
normal ones. So sums of up to ``EXACT`` ranks are read off the exact law, larger ones corrected
for its kurtosis (Cornish & Fisher 1938; Fix & Hodges 1955), which agree where they meet. Written
here, because no library has it: scipy knows two samples, and those for change points take a penalty
and promise no rate of false alarms.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

EXACT = 20
"""Up to so many ranks in the smaller group, the exact law is used."""

KEPT = 200
"""Of up to so many ranks, the exact laws are kept: 35 MB of all of them."""

_FEWEST_SUMS = 256
"""Of more ranks at least so many values of the lower tail are reckoned: fewer take as long."""

_MOST_SUMS = 4096
"""Laws of up to so many values are kept for the next question about as many ranks."""

NORMAL = 1.4826
"""The standard deviation of normal noise in units of its median absolute deviation."""


def midranks(values: Floats) -> Floats:
    """Ranks from 1 along the last axis; equal values share the mean of theirs."""
    if values.ndim == 1:
        return _midranks(values)
    flat = values.reshape(-1, values.shape[-1])
    return np.array([_midranks(row) for row in flat]).reshape(values.shape)


def _midranks(row: Floats) -> Floats:
    order = row.argsort()
    ordered = row[order]
    ranks = np.empty(row.size)
    is_new = ordered[1:] != ordered[:-1]
    if is_new.all():
        ranks[order] = np.arange(1.0, row.size + 1)
        return ranks
    ends = np.append(np.flatnonzero(is_new) + 1, row.size)
    counts = np.diff(ends, prepend=0)
    ranks[order] = np.repeat(ends - (counts - 1) / 2, counts)
    return ranks


def median(values: Floats) -> float:
    """The median of at least one number, all finite: numpy's, to the digit, without the many
    checks that take ten times as long as a short stretch needs."""
    ordered = values.copy()
    ordered.sort()
    middle = ordered.size // 2
    if ordered.size % 2:
        return float(ordered[middle])
    return float((ordered[middle - 1] + ordered[middle]) / 2)


def parts(values: Floats, bounds: Sequence[int]) -> list[Floats]:
    """The stretches of readings between bounds, ascending, without those that are empty."""
    edges = pairwise([0, *bounds, values.size])
    return [values[start:end] for start, end in edges if start < end]


def medians(rows: Floats) -> Floats:
    """The median of each column, of its numbers that are not NaN, of which it has one at least."""
    ordered = np.sort(rows, axis=0)
    sizes = (~np.isnan(rows)).sum(axis=0)
    columns = np.arange(rows.shape[1])
    found: Floats = (ordered[(sizes - 1) // 2, columns] + ordered[sizes // 2, columns]) / 2
    return found


def deviates(excess: Floats, taken: Ints, total: int, persistence: float = 0.0) -> Floats:
    """Absolute normal deviates of sums of ``taken`` of ``total`` ranks.

    ``excess``: the sums less their means; ``taken``: along its last axis. A sum of midranks
    counts as the nearest less unusual sum of whole ranks. ``persistence``: how much successive
    readings are alike, as ``inflation`` has it.
    """
    few = np.minimum(taken, total - taken)
    many = total - few
    plain = np.abs(excess) / np.sqrt(few * many * (total + 1) / 12)
    kurtosis = -1.2 * (few**2 + many**2 + few * many + total) / (few * many * (total + 1.0))
    corrected: Floats = plain - kurtosis / 24 * (plain**3 - 3 * plain)
    positions = np.flatnonzero(few <= most_exact(total))
    if positions.size:
        corrected[..., positions] = exact_deviates(excess[..., positions], taken[positions], total)
    if persistence:
        corrected /= np.sqrt(inflation(few, many, persistence))
    return corrected


def exact_deviates(excess: Floats, taken: Ints, total: int) -> Floats:
    """The same by the exact law, where few are taken, or few left."""
    few = np.minimum(taken, total - taken)
    return normal_deviates(_tails(total, few, lower_sums(excess, few, total)))


def most_exact(total: int) -> int:
    """Up to so many ranks of ``total`` in the smaller group, the exact law is used."""
    return min(EXACT, total // 2)


def lower_sums(excess: Floats, few: Ints, total: int) -> Ints:
    """U, Mann & Whitney's statistic, of sums with this excess, on the lower side; in no table there
    is one below 0."""
    lowest = few * (total - few) / 2 - np.abs(excess)
    return np.maximum(np.ceil(lowest - 1e-9).astype(np.intp), 0)


def inflation(taken: Ints, left: Ints, persistence: float) -> Floats:
    """By how much the variance of a sum of ``taken`` successive readings, beside ``left`` others,
    is larger than without a memory.

    ``persistence``: rho, the correlation of neighbours in noise that forgets geometrically, an
    AR(1) process; exact for a sum that begins or ends where the readings do.
    """
    rho, total = persistence, taken + left

    def within(size: Ints) -> Floats:
        return size * (1 + rho) / (1 - rho) - 2 * rho * _gone(rho, size) / (1 - rho) ** 2

    across = rho * _gone(rho, taken) * _gone(rho, left) / (1 - rho) ** 2
    variance = left**2 * within(taken) + taken**2 * within(left) - 2 * taken * left * across
    return np.asarray(variance / (taken * left * total), dtype=np.float64)


def _gone(rho: float, size: Ints) -> Floats:
    """What is forgotten after so many readings."""
    return 1 - np.power(rho, size, dtype=np.float64)


def _tails(total: int, taken: Ints, sums: Ints) -> Floats:
    """The lower tail of U at ``sums``, of so many ranks taken; 1 from its mean on."""
    if total <= KEPT:
        table = kept_table(total)
    elif sums.any():
        table = _lower_tails(total, int(sums.max()) + 1)
    else:
        return np.array([1.0 / math.comb(total, number) for number in taken.tolist()])
    found: Floats = table[taken, np.minimum(sums, table.shape[1] - 1)]
    return found


def _lower_tails(total: int, width: int) -> Floats:
    """The exact laws of more than ``KEPT`` ranks, as ``exact_tails`` has them."""
    room = max(_FEWEST_SUMS, 1 << (width - 1).bit_length())
    return _lower_table(total, room) if room <= _MOST_SUMS else exact_tails(total, EXACT, width)


@lru_cache(maxsize=64)
def _lower_table(total: int, width: int) -> Floats:
    """The same of up to ``_MOST_SUMS`` values: 44 MB of all that are kept."""
    return exact_tails(total, EXACT, width)


@lru_cache(maxsize=KEPT)
def kept_table(total: int) -> Floats:
    """The exact laws of up to ``KEPT`` ranks, as ``exact_tails`` has them."""
    return exact_tails(total, most_exact(total))


def exact_tails(total: int, largest: int, width: int | None = None) -> Floats:
    """The lower tail of U, Mann & Whitney's statistic, by ranks taken (0 to ``largest``) and by U;
    1 from its mean on. ``width``: so many values of U are enough; none depends on larger ones.

    The generating function of the number of draws with each U is the Gaussian binomial; only its
    lower half is computed, in which no digits are lost to cancellation.
    """
    whole = largest * (total - largest) // 2 + 1
    width = whole if width is None else min(width, whole)
    table = np.ones((largest + 1, width))
    draws = np.zeros(width + largest)  # rows of any number of ranks fill it up
    draws[0] = 1.0
    spare = np.empty(width)
    for taken in range(1, largest + 1):
        factor = total - taken + 1
        if factor < width:
            np.copyto(spare[: width - factor], draws[: width - factor])
            draws[factor:width] -= spare[: width - factor]
        by_ranks = draws[: -(-width // taken) * taken].reshape(-1, taken)
        np.add.accumulate(by_ranks, axis=0, out=by_ranks)
        half = min(taken * (total - taken) // 2 + 1, width)
        np.add.accumulate(draws[:half], out=table[taken, :half])
        table[taken, :half] /= math.comb(total, taken)
    return table


def normal_deviates(tail: Floats) -> Floats:
    """The normal deviate with this upper tail (Abramowitz & Stegun 26.2.23); 0 from a half on.

    Its error, below 5e-4, is of no consequence: the same function stands behind the critical
    values.
    """
    t = np.sqrt(-2 * np.log(np.minimum(tail, 0.5)))
    above = 2.515517 + 0.802853 * t + 0.010328 * t**2
    below = 1 + 1.432788 * t + 0.189269 * t**2 + 0.001308 * t**3
    deviate: Floats = np.maximum(t - above / below, 0.0)
    return deviate
