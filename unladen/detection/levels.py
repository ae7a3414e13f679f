"""At what level to test each of many series, so that few of the reported changes are false."""

from __future__ import annotations

from collections.abc import Sequence

FALSE_DISCOVERY_RATE = 0.05
"""The share of series reported as changed that did not change, on average at most."""


def levels_for(p_values: Sequence[float], rate: float = FALSE_DISCOVERY_RATE) -> float:
    """The level at which to test within each series whose p is at most that; 0 if there is none.

    Benjamini & Hochberg (1995): of m series the R most significant ones are taken, R the largest
    number whose p values are all at most ``rate`` R / m. That bound is also the level for the
    tests within them (Benjamini & Bogomolov 2014).
    """
    number = len(p_values)
    level = 0.0
    for rank, p in enumerate(sorted(p_values), 1):
        if p <= rate * rank / number:
            level = rate * rank / number
    return level
