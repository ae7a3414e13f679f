"""Between which readings a level changes, once it is known that it does."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from unladen.detection.memory import remembered
from unladen.detection.ranks import Floats, median

DOUBT = 0.05
"""The chance that the change is outside the range, as far as the noise is as assumed."""


@dataclass(frozen=True)
class StepPosition:
    """A change at ``at``, the first index of the new level; it may be at ``first`` to ``last``."""

    at: int
    first: int
    last: int


@remembered(
    lambda found: (found.at, found.first, found.last), lambda of: StepPosition(*map(int, of))
)
def locate(values: Floats, split: int, margin: int) -> StepPosition:
    """Where two levels, guessed to meet at ``split``, meet best.

    With both medians known, the index is taken that makes the sum of absolute deviations least,
    which is the likeliest one under Laplace noise; the range holds the likeliest indices with
    ``1 - DOUBT`` of the likelihood. At least ``margin`` readings are left on each side.
    """
    before, after = median(values[:split]), median(values[split:])
    gain = np.abs(values - before) - np.abs(values - after)
    costs = np.concatenate([[0.0], np.cumsum(gain)])[margin : values.size - margin + 1]
    at = int(costs.argmin())
    first, last = _range(costs - costs[at], _scale(values, margin + at))
    return StepPosition(margin + at, margin + first, margin + last)


def _scale(values: Floats, split: int) -> float:
    """Laplace noise's scale: the mean absolute deviation from both medians."""
    deviations = [np.abs(part - median(part)) for part in (values[:split], values[split:])]
    return float(np.concatenate(deviations).mean())


def _range(costs: Floats, scale: float) -> tuple[int, int]:
    """The first and last of the likeliest indices; ``costs``: above the least."""
    if scale == 0 or not math.isfinite(scale):
        best = np.flatnonzero(costs <= 0)
        return int(best[0]), int(best[-1])
    likelihood = np.exp(-costs / scale)
    order = np.argsort(-likelihood, kind="stable")
    share = np.cumsum(likelihood[order]) / likelihood.sum()
    chosen = order[: int(np.searchsorted(share, 1 - DOUBT)) + 1]
    return int(chosen.min()), int(chosen.max())
