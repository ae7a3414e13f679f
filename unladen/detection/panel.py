"""The steps of a benchmark's cells: each by itself, and all of them together.

The cells of one benchmark run the same code, so that one commit mostly moves them all. Their
median, cell levels taken off, has less noise than each of them; a step in it is a step of every
cell that goes at least half the way.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from unladen.detection.noise import p_value
from unladen.detection.placement import StepPosition
from unladen.detection.ranks import Floats, Ints, median, medians
from unladen.detection.scan import MINIMUM_READINGS
from unladen.detection.steps import (
    MINIMUM_EFFECT,
    Segmentation,
    Step,
    find_steps,
    leveled,
    triples,
)
from unladen.detection.trends import lines

FEWEST_CELLS = 3
"""Cells of which a median is taken."""

SHARE = 0.5
"""Of a common step, a cell must go so much of the way to have it."""

NEAR = 2
"""Readings between two places of what may be one step."""


@dataclass(frozen=True)
class CellReadings:
    """The readings of one cell. ``at``: of which commits, ascending; ``readings``: finite;
    ``is_log``: they are logarithms."""

    at: Ints
    readings: Floats
    is_log: bool


class Panel:
    """The cells of one benchmark over ``commits`` commits."""

    def __init__(self, lines: Sequence[CellReadings], commits: int) -> None:
        """``lines``: one for each cell."""
        self.lines = lines
        self._common = _common(lines, commits)
        self._p_values = [p_value(line.readings) for line in lines]
        self._common_p = p_value(self._common.readings) if self._common else 1.0

    @property
    def tests(self) -> list[float]:
        """The p values of all tests that could have found something."""
        own = [
            p
            for p, line in zip(self._p_values, self.lines, strict=True)
            if line.readings.size >= MINIMUM_READINGS
        ]
        return [*own, self._common_p] if self._common else own

    def p_value(self, cell: int) -> float:
        """The smallest p of those that tell of a cell."""
        return min(self._p_values[cell], self._common_p)

    def steps(self, level: float) -> list[Segmentation]:
        """The steps of each cell, at this level of its tests, in readings of its line."""
        common: list[Step] = []
        if self._common is not None:
            own = level if self._common_p <= level else 0.0
            found = find_steps(self._common.readings, own, is_log=True)
            common = [_moved(step, self._common.at) for step in found.steps]
        return [
            _merged(
                line, find_steps(line.readings, level if p <= level else 0.0, line.is_log), common
            )
            for line, p in zip(self.lines, self._p_values, strict=True)
        ]


def _common(lines: Sequence[CellReadings], commits: int) -> CellReadings | None:
    """The median of the cells, each less its own level."""
    usable = [line for line in lines if line.is_log and line.readings.size >= MINIMUM_READINGS]
    if len(usable) < FEWEST_CELLS:
        return None
    grid = np.full((len(usable), commits), np.nan)
    for row, line in zip(grid, usable, strict=True):
        row[line.at] = line.readings - _level(line.readings)
    at = np.flatnonzero((~np.isnan(grid)).sum(axis=0) >= FEWEST_CELLS)
    return CellReadings(at, medians(grid[:, at]), is_log=True)


def _level(readings: Floats) -> float:
    """The median, to an eighth or a quarter of what the readings differ from one to the next: one
    reading more mostly leaves it as it is, so that what is remembered of the cells still holds."""
    level, noise = median(readings), median(np.abs(np.diff(readings)))
    if noise == 0:
        return level
    grid = 2.0 ** (math.frexp(noise)[1] - 3)
    return round(level / grid) * grid


def _moved(step: Step, at: Ints) -> Step:
    """A step in readings as one in commits."""
    return Step(int(at[step.at]), int(at[step.first]), int(at[step.last]), step.before, step.after)


def _merged(line: CellReadings, own: Segmentation, common: Sequence[Step]) -> Segmentation:
    """The steps of a line: its own, and its share in the common ones. Of one step that both have,
    the narrower range is taken."""
    steps = list(own.steps)
    flat = replace(line, readings=line.readings - lines(own.trends, line.readings.size))
    for step in _shared(flat, common):
        same = [one for one in steps if _is_one(one, step)]
        if not any(one.last - one.first <= step.last - step.first for one in same):
            steps = [one for one in steps if one not in same] + [step]
    by_place = {step.at: step for step in sorted(steps, key=lambda step: step.at)}
    positions = [StepPosition(step.at, step.first, step.last) for step in by_place.values()]
    return leveled(line.readings, positions, line.is_log, own.trends)


def _is_one(step: Step, other: Step) -> bool:
    """Whether two steps may be one, in two sequences."""
    same_way = (step.after > step.before) == (other.after > other.before)
    return same_way and step.first - NEAR <= other.at <= step.last + NEAR


def _shared(line: CellReadings, common: Sequence[Step]) -> list[Step]:
    """The common steps that this line has too, in its readings."""
    if not line.is_log:
        return []
    found = []
    bounds = [0, *(int(np.searchsorted(line.at, step.at)) for step in common), line.readings.size]
    for step, (start, at, end) in zip(common, triples(bounds), strict=True):
        if at - start < 1 or end - at < 1:
            continue
        way = median(line.readings[at:end]) - median(line.readings[start:at])
        needed = max(SHARE * abs(step.after - step.before), MINIMUM_EFFECT)
        if way * np.sign(step.after - step.before) >= needed:
            first = int(np.searchsorted(line.at, step.first))
            last = int(np.searchsorted(line.at, step.last, side="right")) - 1
            # A line that begins within the range has nothing before its first reading.
            first = max(1, min(first, at))
            found.append(Step(at, first, max(last, at), step.before, step.after))
    return found
