"""Counts of durations, of any number, in bounded memory, with quantiles whose error is known."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

PARTS = 256
"""Buckets from one power of two to the next."""


@dataclass(slots=True)
class _Counted:
    number: int
    longest: float


@dataclass(frozen=True)
class Bucket:
    """Durations from ``low`` up to ``high`` seconds, ``high`` not included; at 0 both are 0."""

    low: float
    high: float
    number: int


class Histogram:
    """Durations in seconds, counted in buckets.

    A bucket is one of ``PARTS`` equal parts between two powers of two (as in HdrHistogram), so it
    is at most 1/256 (0.4 %) as wide as the durations in it. A quantile is the longest duration that
    was seen in the bucket where it lies: one that was measured, never under the true quantile (by
    nearest rank: the smallest value that at least that share does not exceed) and at most 0.4 %
    above. Where the durations of a bucket are all the same, as often in virtual time, it is exact.
    Nothing else is rounded. Memory is bounded by the span of the durations: from a microsecond to
    an hour there are 8,000 buckets.
    """

    def __init__(self) -> None:
        """Empty."""
        self._buckets: dict[int, _Counted] = {}
        self.number = 0
        self.total = 0.0

    def add(self, seconds: float) -> None:
        """Count one. Raises ``ValueError`` for what is no duration."""
        if not 0 <= seconds < math.inf:
            raise ValueError(f"{seconds!r} is no duration")
        self.number += 1
        self.total += seconds
        key = _key(seconds)
        found = self._buckets.get(key)
        if found is None:
            self._buckets[key] = _Counted(1, seconds)
        else:
            found.number += 1
            found.longest = max(found.longest, seconds)

    @property
    def mean(self) -> float | None:
        """The mean, None of nothing."""
        return self.total / self.number if self.number else None

    @property
    def longest(self) -> float | None:
        """The longest, None of nothing; exact."""
        return self.quantile(1.0)

    def quantile(self, share: float) -> float | None:
        """The duration that ``share`` (over 0, up to 1) of all do not exceed; None of nothing."""
        if not 0 < share <= 1:
            raise ValueError(f"{share!r} is no share")
        if not self.number:
            return None
        # Without the tolerance 0.95 of 20 would be rank 20: it is 19.000000000000004.
        rank = max(math.ceil(share * self.number - 1e-9), 1)
        seen = 0
        for key in sorted(self._buckets):
            seen += self._buckets[key].number
            if seen >= rank:
                return self._buckets[key].longest
        raise AssertionError("a histogram has lost what it counted")

    def buckets(self) -> Iterator[Bucket]:
        """Those that hold something, shortest first."""
        for key in sorted(self._buckets):
            yield Bucket(*_bounds(key), self._buckets[key].number)


_ZERO = -(10**9)
"""The key of what took no time, under all others."""


def _key(seconds: float) -> int:
    if seconds == 0:
        return _ZERO
    mantissa, exponent = math.frexp(seconds)
    return exponent * PARTS + int((mantissa - 0.5) * 2 * PARTS)


def _bounds(key: int) -> tuple[float, float]:
    if key == _ZERO:
        return 0.0, 0.0
    exponent, part = divmod(key, PARTS)
    low, high = (0.5 + n / (2 * PARTS) for n in (part, part + 1))
    return math.ldexp(low, exponent), math.ldexp(high, exponent)
