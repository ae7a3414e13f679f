"""All steps in the level of a series of readings."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from unladen.detection.dips import LENGTH, find_dip
from unladen.detection.jumps import jumps
from unladen.detection.memory import remembered
from unladen.detection.noise import FIRST_LEVEL, noise_of, splits
from unladen.detection.placement import StepPosition, locate
from unladen.detection.ranks import NORMAL, Floats, median, parts
from unladen.detection.scan import scan
from unladen.detection.trends import Trend, find_trends, lines

MINIMUM_EFFECT = 0.01
"""Steps of less than this share of the level are not reported."""

_MARGIN = 2
"""Readings between two steps, at least: where both lie is found out after that they are there."""


@dataclass(frozen=True)
class Step:
    """A level gives way to another at the reading with index ``at``, or one in ``first``..``last``.

    ``before``, ``after``: the medians of the readings between this step and its neighbours.
    """

    at: int
    first: int
    last: int
    before: float
    after: float


@dataclass(frozen=True)
class Segmentation:
    """Readings as steps between levels. ``curve``: the level at each reading; ``spread``: how far
    readings lie from it, typically: 1.4826 times the median absolute deviation, which is the
    standard deviation of normal noise; ``trends``: where the curve is no level but a slope."""

    steps: Sequence[Step]
    curve: Floats = field(compare=False)
    spread: float
    trends: Sequence[Trend] = ()


def find_steps(readings: Floats, level: float, is_log: bool) -> Segmentation:
    """The steps in a sequence of finite readings, and where it drifts instead.

    ``level``: the chance of finding any step if there is none; 0: only dips are looked for.
    ``is_log``: the readings are logarithms.

    Binary segmentation, with the memory that the noise has. Then every split is put where the
    levels beside it meet best, and splits with too small an effect are taken out, the smallest
    first. Where trends tell more than steps, they are taken off, and steps are looked for again.
    A dip or bump of two readings is two steps.
    """
    positions = _stepwise(readings, level, is_log)
    trends = find_trends(readings, [position.at for position in positions])
    if trends:
        positions = _stepwise(readings - lines(trends, readings.size), level, is_log)
    found = leveled(readings, positions, is_log, trends)
    dip = find_dip(readings - found.curve, found.spread, [step.at for step in found.steps])
    if dip is None:
        return found
    ends = [StepPosition(at, at, at) for at in (dip, dip + LENGTH)]
    positions = [StepPosition(step.at, step.first, step.last) for step in found.steps]
    return leveled(readings, sorted([*positions, *ends], key=lambda p: p.at), is_log, trends)


def leveled(
    readings: Floats, positions: Sequence[StepPosition], is_log: bool, trends: Sequence[Trend] = ()
) -> Segmentation:
    """Steps at these positions, in order, but for those with too small an effect; on ``trends``."""
    slopes = lines(trends, readings.size)
    flat = readings - slopes
    kept = list(positions)
    while (least := _negligible(flat, [p.at for p in kept], is_log)) is not None:
        del kept[least]
    bounds = [p.at for p in kept]
    levels = _medians(flat, bounds)
    steps = [
        Step(p.at, p.first, p.last, before, after)
        for p, (before, after) in zip(kept, pairwise(levels), strict=True)
    ]
    sizes = [part.size for part in parts(readings, bounds)]
    curve = np.repeat(levels, sizes) + slopes
    return Segmentation(steps, curve, spread_of(readings - curve), trends)


def spread_of(deviations: Floats) -> float:
    """The standard deviation by their median absolute one, as normal noise has it; 0 of none."""
    return NORMAL * median(np.abs(deviations)) if deviations.size else 0.0


def triples(bounds: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Each bound but the outer ones, between its neighbours."""
    return zip(bounds, bounds[1:], bounds[2:], strict=False)


@remembered(
    lambda found: tuple(n for one in found for n in (one.at, one.first, one.last)),
    lambda of: [StepPosition(*map(int, of[n : n + 3])) for n in range(0, len(of), 3)],
)
def _stepwise(readings: Floats, level: float, is_log: bool) -> list[StepPosition]:
    """The positions of steps that readings have without any trend."""
    if level == 0 or (whole := scan(readings)).p > level:
        return []
    noise = noise_of(readings)
    found = list(splits(readings, level, noise, whole if noise.is_plain else None))
    if whole.p <= FIRST_LEVEL:
        found += [
            jump
            for jump in jumps(readings, noise.spreads)
            if all(abs(jump - split) > _MARGIN for split in found)
        ]
    positions = _located(readings, sorted(found))
    while (least := _negligible(readings, [p.at for p in positions], is_log)) is not None:
        positions = _located(readings, [p.at for p in positions[:least] + positions[least + 1 :]])
    return positions


def _negligible(readings: Floats, bounds: Sequence[int], is_log: bool) -> int | None:
    """The number of the smallest step, if that is too small."""
    effects = [_effect(*pair, is_log) for pair in pairwise(_medians(readings, bounds))]
    if not effects or min(effects) >= MINIMUM_EFFECT:
        return None
    return effects.index(min(effects))


def _medians(readings: Floats, bounds: Sequence[int]) -> list[float]:
    """The levels between bounds; of no readings, none."""
    return [median(part) for part in parts(readings, bounds)]


def _located(readings: Floats, splits: Sequence[int]) -> list[StepPosition]:
    """Each split in its best position between its neighbours, from left to right."""
    positions: list[StepPosition] = []
    for number, split in enumerate(splits):
        start = positions[-1].at if positions else 0
        end = splits[number + 1] if number + 1 < len(splits) else readings.size
        found = locate(readings[start:end], split - start, min(_MARGIN, split - start, end - split))
        positions.append(StepPosition(start + found.at, start + found.first, start + found.last))
    return positions


def _effect(before: float, after: float, is_log: bool) -> float:
    """The size of a step, as a share of the smaller level."""
    if is_log:
        return float(np.expm1(abs(after - before)))
    smaller = min(abs(before), abs(after))
    if smaller == 0:
        return 0.0 if before == after else math.inf
    return abs(after - before) / smaller
