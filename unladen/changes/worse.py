"""By how much one value is worse than another."""

from __future__ import annotations

import math

from unladen.store.reasons import Params
from unladen.store.series import SeriesInfo


def fraction_worse(series: SeriesInfo, cell: Params, before: float, after: float) -> float:
    """By how much ``after`` is worse, as a fraction: 0.1 is 10 % worse, negative is better.

    Of a series in which higher is better, 0.1 means that ``before`` is 10 % more than ``after``.
    Infinite from, or to, 0 or another sign, and from one code to another, which may be better
    because it is expected (``SeriesInfo.is_worse``); of growth, the difference itself.
    """
    if before == after:
        return 0.0
    if series.codes:
        return math.inf if series.is_worse(cell, before, after) else -math.inf
    if series.higher_is_better:
        before, after = after, before
    if series.is_of_exponents:
        return after - before
    if before * after <= 0:
        return math.copysign(math.inf, after - before)
    return (after - before) / abs(before)
