"""The two scans: for one step, and for a stretch that comes back.

Each takes the largest deviate of a rank sum over all places where a change may be, so that its law
over exchangeable readings depends on their number only; ``unladen.detection.null`` knows it. The
first is the change-point test of Pettitt (1979) with every place on one scale, the second the
epidemic alternative of Levin & Kline (1985), which circular binary segmentation (Olshen et al.
2004) uses for the same purpose: of a stretch that comes back, the first sees little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from unladen.detection import null
from unladen.detection.largest import largest_deviate, least_excess
from unladen.detection.memory import remembered
from unladen.detection.ranks import Floats, Ints, deviates, midranks

SEGMENT = 3
"""Readings on each side of a change, at least: one or two outliers are no step."""

LONGEST = 50
"""Readings of the longest stretch that the second scan looks for; the first one sees longer."""

STEP_SHARE = 0.75
"""The part of the level that the first scan may spend; the second one has the rest."""

_MOST_WHOLE = 60_000
"""Sums of fewer ranks, doubled, and their differences are below 2**31."""

MINIMUM_READINGS = 8
"""Of fewer readings nothing can be said at an error rate worth having."""


@dataclass(frozen=True)
class Found:
    """The most likely change of a stretch of readings. ``splits``: the indices where another
    level begins, one or two; ``p``: how often exchangeable readings look as unusual."""

    p: float
    splits: tuple[int, ...]


@remembered(lambda found: (found.p, *found.splits), lambda of: Found(of[0], _indices(of[1:])))
def scan(values: Floats, persistence: float = 0.0, limit: float = 1.0) -> Found:
    """Test whether readings share one level: the smaller p of both scans, each over its share.

    ``persistence``: how much successive readings are alike, as ``ranks.inflation`` has it;
    ``limit``: a p above it is given as 1, without splits, which is known much sooner.
    """
    if values.size < MINIMUM_READINGS:
        return _NOTHING
    return _Scans(centred_sums(midranks(values)), persistence, limit).found()


_NOTHING = Found(1.0, ())


class _Scans:
    """Both scans of some readings, by the sums of their centred ranks."""

    def __init__(self, sums: Floats, persistence: float, limit: float) -> None:
        self._sums = sums
        self._total = sums.size - 1
        self._persistence = persistence
        self._limit = limit
        self._lengths = stretch_lengths(self._total)
        self._least = _least_excess(self._total, limit) if limit < 1 and not persistence else None

    def found(self) -> Found:
        """The likelier of what both find."""
        found = self._step() if self._may_step() else _NOTHING
        if self._lengths.size and self._may_stretch(found.p):
            found = min(found, self._stretch(), key=lambda one: one.p)
        return found if found.p <= self._limit else _NOTHING

    def _may_step(self) -> bool:
        if self._least is None:
            return True
        return bool((np.abs(_steps(self._sums)[0]) >= self._least.step).any())

    def _may_stretch(self, p: float) -> bool:
        """Whether a stretch can be likelier than this, and within the limit."""
        most = _largest_of_stretches(self._total, self._persistence)
        if self._p_of_stretch(most) >= p:
            return False
        return self._least is None or bool((self._stretches[0] >= self._least.stretch).any())

    def _step(self) -> Found:
        best, deviate = largest_deviate(*_steps(self._sums), self._total, self._persistence)
        p = null.p_value("step", self._total, deviate) / STEP_SHARE
        return Found(p, (best + SEGMENT,))

    def _stretch(self) -> Found:
        excess, starts = self._stretches
        best, deviate = largest_deviate(excess, self._lengths, self._total, self._persistence)
        start = int(starts[best])
        return Found(self._p_of_stretch(deviate), (start, start + int(self._lengths[best])))

    def _p_of_stretch(self, deviate: float) -> float:
        return null.p_value("stretch", self._total, deviate) / (1 - STEP_SHARE)

    @cached_property
    def _stretches(self) -> tuple[Floats, Ints]:
        return largest_stretches(self._sums)


@lru_cache(maxsize=1024)
def _largest_of_stretches(total: int, persistence: float) -> float:
    """The largest deviate that a stretch can have: one of those that hold the lowest readings."""
    lengths = stretch_lengths(total)
    return largest_deviate(lengths * (total - lengths) / 2, lengths, total, persistence)[1]


@dataclass(frozen=True)
class _Least:
    """What is surely not reached by any excess whose p is above a limit: by place of the step, and
    by length of the stretch."""

    step: Floats
    stretch: Floats


@lru_cache(maxsize=1024)
def _least_excess(total: int, limit: float) -> _Least:
    step = null.least_deviate("step", total, limit * STEP_SHARE)
    stretch = null.least_deviate("stretch", total, limit * (1 - STEP_SHARE))
    return _Least(
        least_excess(np.arange(SEGMENT, total - SEGMENT + 1), total, step),
        least_excess(stretch_lengths(total), total, stretch),
    )


def _indices(numbers: Sequence[float]) -> tuple[int, ...]:
    return tuple(map(int, numbers))


def centred_sums(ranks: Floats) -> Floats:
    """Sums of the first 0, 1, 2... ranks less their mean, along the last axis."""
    centred = ranks - (ranks.shape[-1] + 1) / 2
    sums = np.zeros((*ranks.shape[:-1], ranks.shape[-1] + 1))
    np.cumsum(centred, axis=-1, out=sums[..., 1:])
    return sums


def step_deviates(sums: Floats, persistence: float = 0.0) -> Floats:
    """For a step at each index from ``SEGMENT`` on: how unusual the sum before it is."""
    return deviates(*_steps(sums), sums.shape[-1] - 1, persistence)


def _steps(sums: Floats) -> tuple[Floats, Ints]:
    """The excess of the sum before each step, and of how many ranks it is."""
    total = sums.shape[-1] - 1
    taken: Ints = np.arange(SEGMENT, total - SEGMENT + 1)
    return sums[..., SEGMENT : total - SEGMENT + 1], taken


def stretch_lengths(total: int) -> Ints:
    """The lengths of stretches that are looked for among ``total`` readings."""
    return np.arange(SEGMENT, min(LONGEST, total // 2, total - 2 * SEGMENT) + 1)


def largest_stretches(sums: Floats) -> tuple[Floats, Ints]:
    """For each length the excess of the stretch whose sum is furthest from its mean, and where it
    starts. A stretch has at least ``SEGMENT`` readings before and after it."""
    total = sums.shape[-1] - 1
    lengths = stretch_lengths(total)
    if sums.ndim > 1:
        rows = [largest_stretches(row) for row in sums.reshape(-1, total + 1)]
        shape = (*sums.shape[:-1], lengths.size)
        largest, starts = (np.array(part).reshape(shape) for part in zip(*rows, strict=True))
        return largest, starts
    inner = _whole(sums[SEGMENT : total - SEGMENT + 1])
    after = np.concatenate([inner[SEGMENT:], np.zeros(lengths.size + SEGMENT - 1, inner.dtype)])
    shape, strides = (lengths.size, inner.size), (after.itemsize, after.itemsize)
    excess = np.ndarray(shape, after.dtype, after, strides=strides) - inner
    np.abs(excess, out=excess)
    for row, length in enumerate(lengths.tolist()):
        excess[row, inner.size - length :] = -1  # these would end outside
    best = excess.argmax(axis=1)
    return excess[np.arange(lengths.size), best] / 2, best + SEGMENT


def _whole(sums: Floats) -> NDArray[np.int32] | Floats:
    """Twice the sums of centred ranks: whole numbers, which take half of the time if they are not
    too large for that."""
    doubled: Floats = sums * 2
    return doubled.astype(np.int32) if sums.size < _MOST_WHOLE else doubled
