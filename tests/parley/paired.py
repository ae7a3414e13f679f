"""The ratio of two noisy quantities from rounds in which both were measured side by side."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

CONFIDENCE = 0.95


@dataclass(frozen=True)
class PairedRatio:
    """``median`` of the rounds' ratios, and an interval that holds the true one with at least
    ``CONFIDENCE``, whatever the noise's distribution (infinite if there are too few rounds)."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.4f} [{self.low:.4f}, {self.high:.4f}]"


def paired_ratio(old: Sequence[float], new: Sequence[float]) -> PairedRatio:
    """new / old, round by round. Of six rounds or more the interval is finite."""
    ratios = sorted(after / before for before, after in zip(old, new, strict=True))
    left_out = _left_out(len(ratios))
    if left_out == 0:
        return PairedRatio(statistics.median(ratios), 0.0, math.inf)
    return PairedRatio(statistics.median(ratios), ratios[left_out - 1], ratios[-left_out])


def _left_out(count: int) -> int:
    """The largest k such that the k-th smallest and k-th largest of ``count`` values enclose the
    median with at least ``CONFIDENCE`` (the sign test's interval); 0 if there is none."""
    outside, k = 0, 0
    while True:
        outside += 2 * math.comb(count, k)
        if outside > (1 - CONFIDENCE) * 2**count:
            return k
        k += 1
