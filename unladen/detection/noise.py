"""Noise as it is: with a memory, and not equally wide everywhere.

A host that is busy now is mostly busy a minute later, so that readings measured one after the other
move together for a while without any change; and some days are noisier than others. Of such noise
the ranks are no random permutation: the mean of a stretch wanders further than its number of
readings says, and where the noise is wide all extreme ranks are. So where readings look as if they
had several levels, it is asked what is left without those levels. If neighbours are still alike
there, the scans are repeated with variances that fit (``ranks.inflation``); if it is wider in some
stretches than in others, with readings in units of their spread as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from unladen.detection.jumps import jumps
from unladen.detection.levels import FALSE_DISCOVERY_RATE
from unladen.detection.memory import remembered
from unladen.detection.ranks import Floats, median, midranks, parts
from unladen.detection.scan import Found, scan
from unladen.detection.trends import find_trends, lines

FIRST_LEVEL = 0.01
"""The level at which readings are split before their noise is looked at."""

NOTICEABLE = 2.0
"""Standard errors (of the correlation in noise without a memory) from which on there is one."""

MOST = 0.9
"""The largest correlation that is believed."""

_GRID = 1 / 64
"""To so much a correlation is told, upwards: less than anybody can know of it, and one reading more
mostly leaves it as it is, so that what is remembered of the readings before still holds."""

_BIAS = 1.5
"""How much more than in one stretch the splits, chosen to take off what they can, take off."""


@dataclass(frozen=True)
class Noise:
    """Of some readings. ``persistence``: the correlation of neighbours, 0 if it is not noticeable;
    ``spreads``: how wide the noise is at each reading, None if nothing says that it varies."""

    persistence: float = 0.0
    spreads: Floats | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it has no memory, and is everywhere the same."""
        return not self.persistence and self.spreads is None

    def scan(self, values: Floats, start: int, end: int, limit: float = 1.0) -> Found:
        """``scan`` of the readings from index ``start`` up to ``end``, this noise allowed for."""
        part = values[start:end]
        found = self._scan(part, limit)
        if self.spreads is None or not part.size or found.p > limit:
            return found
        even = self._scan((part - median(part)) / self.spreads[start:end], limit)
        return Found(max(found.p, even.p), found.splits)

    def _scan(self, values: Floats, limit: float) -> Found:
        if limit < 1:
            return scan(values, self.persistence, limit)
        return scan(values, self.persistence) if self.persistence else scan(values)


_Split = tuple[int, float]
"""Where another level begins, and the least level of the tests at which it is found."""

PLAIN = Noise()
"""Without a memory, and everywhere the same."""


@remembered(lambda noise: (noise.persistence, *_packed(noise.spreads)), lambda of: _unpacked(of))
def noise_of(values: Floats) -> Noise:
    """What noise finite readings have."""
    bounds = sorted(splits(values, FIRST_LEVEL, PLAIN, scan(values)))
    if not bounds:
        return PLAIN
    if trends := find_trends(values, bounds):
        values = values - lines(trends, values.size)
        bounds = sorted(splits(values, FIRST_LEVEL))
    left = np.concatenate([part - median(part) for part in parts(values, bounds)])
    return Noise(_persistence(left, len(bounds) + 1), _spreads(np.abs(left)))


def splits(
    values: Floats, level: float, noise: Noise = PLAIN, whole: Found | None = None
) -> Iterator[int]:
    """The indices at which another level begins, in no order: each stretch is scanned at ``level``,
    split where it changes, and its parts likewise. ``whole``: what is found in all of them, if that
    is known."""
    limit = max(level, FALSE_DISCOVERY_RATE)  # the same for all levels, to be remembered
    start = 0
    while True:
        found, whole = whole or noise.scan(values, start, values.size, limit), None
        if found.p > level:
            return
        positions = [start + split for split in found.splits]
        yield from positions
        for one, other in pairwise([start, *positions]):
            yield from (
                one + at for at, p in _inner(values, one, other, limit, noise) if p <= level
            )
        start = positions[-1]  # after one reading more, only what begins here is new


def _inner(values: Floats, start: int, end: int, limit: float, noise: Noise) -> list[_Split]:
    """The splits within a stretch that has readings after it."""
    if noise.spreads is None:
        return _found_within(values[start:end], limit, noise.persistence)
    part = Noise(noise.persistence, noise.spreads[start:end])
    return [*_within(values[start:end], limit, part)]


@remembered(
    lambda found: tuple(float(n) for split in found for n in split),
    lambda of: [(int(at), p) for at, p in zip(of[::2], of[1::2], strict=True)],
)
def _found_within(values: Floats, limit: float, persistence: float) -> list[_Split]:
    return [*_within(values, limit, Noise(persistence))]


def _within(values: Floats, limit: float, noise: Noise) -> Iterator[_Split]:
    """All splits of readings, as far as they are within the limit."""
    pending = [(0, values.size, 0.0)]
    while pending:
        start, end, least = pending.pop()
        found = noise.scan(values, start, end, limit)
        if found.p > limit:
            continue
        level = max(found.p, least)
        positions = [start + split for split in found.splits]
        yield from ((position, level) for position in positions)
        pending += [(*part, level) for part in pairwise([start, *positions, end])]


@remembered(lambda p: (p,), lambda of: of[0])
def p_value(values: Floats) -> float:
    """How often readings of one level, with noise as these have, look as unusual as these; 1 for
    too few of them.

    Where they are not unusual even for noise without a memory, the noise is not looked at; nor
    where a level jumps as no memory explains.
    """
    found = scan(values).p
    if found > FIRST_LEVEL:
        return found
    noise = noise_of(values)
    if noise.is_plain or jumps(values, noise.spreads):
        return found
    return max(found, noise.scan(values, 0, values.size).p)


def _persistence(left: Floats, levels: int) -> float:
    """The correlation of the ranks of neighbours in what is left without so many ``levels``.

    Each level taken off makes it too small by (1 + 3 rho) / n (Kendall 1954), and as the levels are
    those that fit best, by more.
    """
    ranks = midranks(left) - (left.size + 1) / 2
    squares = float(ranks @ ranks)
    if squares == 0:
        return 0.0
    seen = float(ranks[1:] @ ranks[:-1]) / squares
    found = seen + _BIAS * (1 + 3 * max(seen, 0.0)) * levels / left.size
    if found < NOTICEABLE / math.sqrt(left.size):
        return 0.0
    return min(math.ceil(found / _GRID) * _GRID, MOST)


def _spreads(sizes: Floats) -> Floats | None:
    """How wide the noise is at each reading, from the sizes of what is left without levels: those
    have levels of their own, if the noise is wider somewhere."""
    bounds = sorted(splits(sizes, FIRST_LEVEL))
    widths = [float(part.mean()) for part in parts(sizes, bounds)]
    if not bounds or min(widths) == 0:
        return None
    return np.repeat(widths, _lengths(bounds, sizes.size))


def _packed(spreads: Floats | None) -> tuple[float, ...]:
    """Spreads as how wide they are, and for how many readings, in turn."""
    if spreads is None:
        return ()
    starts = [0, *(np.flatnonzero(np.diff(spreads)) + 1).tolist()]
    sizes = np.diff([*starts, spreads.size]).tolist()
    return tuple(n for pair in zip(spreads[starts].tolist(), sizes, strict=True) for n in pair)


def _unpacked(numbers: Sequence[float]) -> Noise:
    if len(numbers) == 1:
        return Noise(numbers[0])
    return Noise(numbers[0], np.repeat(numbers[1::2], [int(size) for size in numbers[2::2]]))


def _lengths(bounds: Sequence[int], size: int) -> list[int]:
    return [end - start for start, end in pairwise([0, *bounds, size])]
