"""All steps in the level of a series of readings."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from unladen.detection.placement import Place, place
from unladen.detection.ranks import Floats, median
from unladen.detection.scan import scan

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
    """Readings as steps between levels. ``levels``: one more than ``steps``. ``spread``: how far
    readings lie from their level, typically: 1.4826 times the median absolute deviation, which is
    the standard deviation of normal noise."""

    steps: Sequence[Step]
    levels: Sequence[float]
    spread: float

    def level(self, reading: int) -> float:
        """The level at a reading."""
        return self.levels[sum(step.at <= reading for step in self.steps)]


def find_steps(readings: Floats, level: float, is_log: bool) -> Segmentation:
    """The steps in a sequence of finite readings.

    ``level``: the chance of finding any step if there is none. ``is_log``: the readings are
    logarithms.

    Binary segmentation: each stretch is scanned at ``level``, split where it changes, and its
    parts likewise. Then every split is put where the levels beside it meet best, and splits with
    too small an effect are taken out, the smallest first.
    """
    places = _placed(readings, sorted(_splits(readings, 0, readings.size, level)))
    while (least := _negligible(readings, [p.at for p in places], is_log)) is not None:
        places = _placed(readings, [p.at for p in places[:least] + places[least + 1 :]])
    return leveled(readings, places, is_log)


def leveled(readings: Floats, places: Sequence[Place], is_log: bool) -> Segmentation:
    """Steps at these places, in order, but for those whose effect is too small."""
    kept = list(places)
    while (least := _negligible(readings, [p.at for p in kept], is_log)) is not None:
        del kept[least]
    bounds = [p.at for p in kept]
    levels = _medians(readings, bounds)
    steps = [
        Step(p.at, p.first, p.last, before, after)
        for p, (before, after) in zip(kept, pairwise(levels), strict=True)
    ]
    return Segmentation(steps, levels, _spread(readings, bounds))


def triples(bounds: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Each bound but the outer ones, between its neighbours."""
    return zip(bounds, bounds[1:], bounds[2:], strict=False)


def _splits(readings: Floats, start: int, end: int, level: float) -> Iterator[int]:
    """The indices at which another level begins, in no order."""
    found = scan(readings[start:end])
    if found.p > level:
        return
    splits = [start + split for split in found.splits]
    yield from splits
    for first, last in pairwise([start, *splits, end]):
        yield from _splits(readings, first, last, level)


def _negligible(readings: Floats, bounds: Sequence[int], is_log: bool) -> int | None:
    """The number of the smallest step, if that is too small."""
    effects = [_effect(*pair, is_log) for pair in pairwise(_medians(readings, bounds))]
    if not effects or min(effects) >= MINIMUM_EFFECT:
        return None
    return effects.index(min(effects))


def _medians(readings: Floats, bounds: Sequence[int]) -> list[float]:
    """The levels between bounds; of no readings, none."""
    return [median(part) for part in np.split(readings, bounds) if part.size]


def _placed(readings: Floats, splits: Sequence[int]) -> list[Place]:
    """Each split in its best place between its neighbours, from left to right."""
    places: list[Place] = []
    for number, split in enumerate(splits):
        start = places[-1].at if places else 0
        end = splits[number + 1] if number + 1 < len(splits) else readings.size
        found = place(readings[start:end], split - start, min(_MARGIN, split - start, end - split))
        places.append(Place(start + found.at, start + found.first, start + found.last))
    return places


def _effect(before: float, after: float, is_log: bool) -> float:
    """The size of a step, as a share of the smaller level."""
    if is_log:
        return float(np.expm1(abs(after - before)))
    smaller = min(abs(before), abs(after))
    if smaller == 0:
        return 0.0 if before == after else math.inf
    return abs(after - before) / smaller


def _spread(readings: Floats, bounds: Sequence[int]) -> float:
    parts = [part for part in np.split(readings, bounds) if part.size]
    deviations = [np.abs(part - median(part)) for part in parts]
    return float(1.4826 * median(np.concatenate(deviations))) if deviations else 0.0
