"""Changes of level that are so large beside what the noise does from reading to reading that no
memory of it explains them.

Ranks do not tell how far readings lie apart, so that in noise with a memory (``noise``) a few
readings far out prove nothing, however far. Where the level changes for good, the readings right
before and right after differ by as much at once; noise that forgets slowly gets there in many small
ways. How far neighbouring medians lie apart all along is what the noise does, and real changes that
are few do not widen it.
"""

from __future__ import annotations

import numpy as np

from unladen.detection.ranks import NORMAL, Floats, median

BESIDE = 3
"""Readings on each side that are compared."""

FAR = 6.0
"""Spreads that a jump is wide, at least: in normal noise one place in 5e8 is."""

LEAST = 1e-3
"""Of the widest difference, the part that the spread must be: readings that hardly ever move have
no noise to measure a jump by."""


def jumps(readings: Floats, spreads: Floats | None = None) -> list[int]:
    """Where finite readings jump, as the first indices of the new levels, ascending: all
    ``BESIDE`` readings before lie on one side of all after, and their medians lie ``FAR`` spreads
    of such differences apart.

    ``spreads``: how wide the noise is at each reading, None if everywhere the same; the widest
    beside a place counts.
    """
    if readings.size < 2 * BESIDE:
        return []
    windows = np.lib.stride_tricks.sliding_window_view(readings, BESIDE).T
    lowest, middle, highest = _ordered(*windows)
    apart = np.abs(middle[BESIDE:] - middle[:-BESIDE])
    if spreads is not None:
        apart /= np.lib.stride_tricks.sliding_window_view(spreads, 2 * BESIDE).max(axis=1)
    spread = NORMAL * median(apart)
    if spread <= LEAST * apart.max():
        return []
    gaps = np.maximum(lowest[BESIDE:] - highest[:-BESIDE], lowest[:-BESIDE] - highest[BESIDE:])
    gaps[apart < FAR * spread] = -1.0
    return [at + BESIDE for at in np.flatnonzero(gaps > 0).tolist() if _is_widest(gaps, at)]


def _ordered(one: Floats, two: Floats, three: Floats) -> tuple[Floats, Floats, Floats]:
    """Of ``BESIDE`` readings the least, the median and the largest, for each index."""
    less, more = np.minimum(one, two), np.maximum(one, two)
    middle = np.maximum(less, np.minimum(more, three))
    return np.minimum(less, three), middle, np.maximum(more, three)


def _is_widest(gaps: Floats, at: int) -> bool:
    """Whether no gap is wider so near that it is the same jump's; of two alike, the first is."""
    near = gaps[max(0, at - BESIDE + 1) : at + BESIDE]
    return int(near.argmax()) == min(at, BESIDE - 1)
