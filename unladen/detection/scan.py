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

import numpy as np

from unladen.detection import null
from unladen.detection.largest import largest_deviate
from unladen.detection.memory import remembered
from unladen.detection.ranks import Floats, Ints, deviates, midranks

SEGMENT = 3
"""Readings on each side of a change, at least: one or two outliers are no step."""

LONGEST = 50
"""Readings of the longest stretch that the second scan looks for; the first one sees longer."""

STEP_SHARE = 0.75
"""The part of the level that the first scan may spend; the second one has the rest."""

MINIMUM_READINGS = 8
"""Of fewer readings nothing can be said at an error rate worth having."""


@dataclass(frozen=True)
class Found:
    """The most likely change of a stretch of readings. ``splits``: the indices where another
    level begins, one or two; ``p``: how often exchangeable readings look as unusual."""

    p: float
    splits: tuple[int, ...]


@remembered(lambda found: (found.p, *found.splits), lambda of: Found(of[0], _indices(of[1:])))
def scan(values: Floats, persistence: float = 0.0) -> Found:
    """Test whether readings share one level: the smaller p of both scans, each over its share.

    ``persistence``: how much successive readings are alike, as ``ranks.inflation`` has it.
    """
    total = values.size
    if total < MINIMUM_READINGS:
        return Found(1.0, ())
    sums = centred_sums(midranks(values))
    best, deviate = largest_deviate(*_steps(sums), total, persistence)
    p = null.p_value("step", total, deviate) / STEP_SHARE
    found = Found(p, (best + SEGMENT,))
    lengths = stretch_lengths(total)
    if lengths.size:
        excess, starts = largest_stretches(sums)
        best, deviate = largest_deviate(excess, lengths, total, persistence)
        p = null.p_value("stretch", total, deviate) / (1 - STEP_SHARE)
        if p < found.p:
            found = Found(p, (int(starts[best]), int(starts[best] + lengths[best])))
    return Found(min(1.0, found.p), found.splits)


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
    largest = np.empty((*sums.shape[:-1], lengths.size))
    starts: Ints = np.empty(largest.shape, dtype=np.intp)
    space = np.empty((*sums.shape[:-1], max(total - 3 * SEGMENT + 1, 0)))
    for number, length in enumerate(lengths.tolist()):
        last = total - SEGMENT - length
        excess = space[..., : last - SEGMENT + 1]
        before = sums[..., SEGMENT : last + 1]
        np.subtract(sums[..., SEGMENT + length : last + length + 1], before, out=excess)
        np.abs(excess, out=excess)
        best = excess.argmax(axis=-1)
        starts[..., number] = best + SEGMENT
        largest[..., number] = excess[best] if excess.ndim == 1 else excess.max(axis=-1)
    return largest, starts
