"""Two successive readings far outside the noise: too few for any test of ranks, but large.

Of exchangeable readings, whatever their distribution, the two that lie furthest out are neighbours
with a chance of 2 / n. No rule can be surer of two readings; so it asks for more than that: that
they are the only ones far out, by far, and alike. A commit that was taken back at once looks so,
and so does a moment's disturbance of the host: measuring side by side tells them apart.
"""

from __future__ import annotations

import math
from collections.abc import Collection

import numpy as np

from unladen.detection.ranks import Floats

LENGTH = 2
"""Readings of a dip, or of a bump."""

AROUND = 3
"""Readings at each end that hold none: what comes back must be seen to have come back."""

FAR = 5.0
"""Spreads that both lie away from their level, at least."""

ALONE = 0.5
"""All other readings lie away less than this part of what the nearer of the two does."""

FEWEST = 20
"""Of fewer readings two neighbours are too often the extreme ones."""


def find_dip(deviations: Floats, spread: float, taken: Collection[int]) -> int | None:
    """Where two readings are a dip or a bump, the index of the first; None if nowhere.

    ``deviations``: of the readings from their levels; ``spread``: of them; ``taken``: the indices
    at which the level changes already, near which there is none.
    """
    sizes = np.abs(deviations)
    if sizes.size < FEWEST:
        return None
    at, other = sorted(int(index) for index in np.argsort(sizes, kind="stable")[-LENGTH:])
    if other != at + 1 or not AROUND <= at <= sizes.size - LENGTH - AROUND:
        return None
    least = float(min(sizes[at], sizes[other]))
    third = float(np.partition(sizes, -LENGTH - 1)[-LENGTH - 1])
    is_one = math.copysign(1, deviations[at]) == math.copysign(1, deviations[other])
    is_alone = third < ALONE * least and least >= ALONE * float(max(sizes[at], sizes[other]))
    is_near = any(abs(index - at) <= AROUND for index in taken)
    if not is_one or not is_alone or is_near or least < FAR * spread or least == 0:
        return None
    return at
