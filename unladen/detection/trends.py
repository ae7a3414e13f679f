"""Levels that move slowly: where a straight line tells more than steps.

A step is a commit's, a drift is nobody's: the host, the data or the world changed meanwhile, or
many commits a little each. Scans for steps find some in every drift. So successive steps the same
way are compared with a straight line in their place, by the likelihood that each gives the readings
(Laplace noise, as for places). One step is as simple as a line; several pay for the place and the
size of each as the Bayesian information criterion has it (Schwarz 1978).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np

from unladen.detection.memory import remembered
from unladen.detection.ranks import Floats, median

_ROUNDS = 8
"""Of weighted least squares, on the way to the least absolute deviations."""

_SLACK = 1e-6
"""More, relatively, than what rounding does to a sum of deviations; its square: to a reading."""


@dataclass(frozen=True)
class Trend:
    """Readings ``first`` to ``last`` rise by ``slope`` from each to the next, steps aside."""

    first: int
    last: int
    slope: float

    def line(self, size: int) -> Floats:
        """What to take off ``size`` readings: 0 at the middle of the trend, and outside it."""
        line = np.zeros(size)
        positions = np.arange(self.first, self.last + 1.0)
        line[self.first : self.last + 1] = self.slope * (positions - positions.mean())
        return line


def lines(trends: Sequence[Trend], size: int) -> Floats:
    """What trends make of ``size`` readings, less their means."""
    total = np.zeros(size)
    for trend in trends:
        total += trend.line(size)
    return total


def find_trends(readings: Floats, bounds: Sequence[int]) -> list[Trend]:
    """Where steps at ``bounds``, ascending, are a trend rather."""
    if not bounds:
        return []
    edges = [0, *bounds, readings.size]
    levels = [median(readings[start:end]) for start, end in pairwise(edges)]
    found = []
    numbers = range(len(bounds))
    for _, run in groupby(numbers, lambda n: levels[n + 1] > levels[n]):
        steps = list(run)
        start, end = edges[steps[0]], edges[steps[-1] + 2]
        inner = [bound - start for bound in bounds[steps[0] : steps[-1] + 1]]
        slope = _better_slope(readings[start:end], inner)
        if slope is not None:
            found.append(Trend(start, end - 1, slope))
    return found


@remembered(lambda slope: () if slope is None else (slope,), lambda of: of[0] if of else None)
def _better_slope(readings: Floats, bounds: Sequence[int]) -> float | None:
    """The slope of a line, whole or with the largest of these steps in it, that is likelier than
    the steps; None if none is."""
    price = math.log(readings.size)
    edges = [0, *bounds, readings.size]
    parts = [readings[start:end] for start, end in pairwise(edges)]
    stepwise = float(np.concatenate([np.abs(part - median(part)) for part in parts]).sum())
    if len(bounds) == 1:
        if _least(readings, []) >= stepwise:
            return None
        slope, deviations = _line(readings, [])
        return slope if deviations < stepwise else None
    jumps = [abs(median(after) - median(before)) for before, after in pairwise(parts)]
    cut = bounds[int(np.argmax(jumps))]
    steps = _cost(stepwise, readings.size) + price * len(bounds)
    least = min(
        _cost(_least(readings, []), readings.size),
        _cost(_least(readings, [cut]), readings.size) + price,
    )
    if least >= steps:
        return None
    slope, deviations = _line(readings, [])
    broken, fewer = _line(readings, [cut])
    costs = {
        None: steps,
        slope: _cost(deviations, readings.size),
        broken: _cost(fewer, readings.size) + price,
    }
    return min(costs, key=lambda one: costs[one])


def _cost(deviations: float, size: int) -> float:
    """Minus the logarithm of the likelihood, less a constant."""
    return size * math.log(deviations) if deviations > 0 else -math.inf


def _least(readings: Floats, cuts: Sequence[int]) -> float:
    """What the deviations from any such line as ``_line`` looks for add up to at least, rounding
    allowed for.

    Of three readings as far apart from each other the middle one twice, less both others, is not
    changed by a straight line; so its size is at most the deviations of these, the middle's twice.
    """
    least = 0.0
    for part in np.split(readings, cuts):
        third = part.size // 3
        first, middle, last = (part[n * third : (n + 1) * third] for n in range(3))
        least += float(np.abs(first - 2 * middle + last).sum()) / 2
    return least * (1 - _SLACK) - _SLACK * _SLACK * float(np.abs(readings).sum())


def _line(readings: Floats, cuts: Sequence[int]) -> tuple[float, float]:
    """The slope of the line with the least sum of absolute deviations, and that sum; its height is
    another one from each of the ``cuts`` on.

    By least squares, weighted again and again with the deviations (Schlossmacher 1973).
    """
    positions = np.arange(float(readings.size))
    parts = [slice(start, end) for start, end in pairwise([0, *cuts, readings.size])]
    weights = np.ones(readings.size)
    across, up, deviations = (np.empty(readings.size) for _ in range(3))
    best = 0.0, math.inf
    for _ in range(_ROUNDS):
        for part in parts:
            weight = weights[part]
            whole = weight.sum()
            for values, centred in ((positions[part], across), (readings[part], up)):
                np.subtract(values, (weight @ values) / whole, out=centred[part])
        slope = float(weights @ (across * up)) / float(weights @ across**2)
        left = readings - slope * positions
        for part in parts:
            np.abs(left[part] - median(left[part]), out=deviations[part])
        total = float(deviations.sum())
        if total < best[1]:
            best = slope, total
        weights = 1 / np.maximum(deviations, total / readings.size / 100 or 1.0)
    return best
