"""How big a change is, in steps: what the site's filters ask for."""

from __future__ import annotations

import math

from unladen.changes.by_commit import size
from unladen.changes.model import Change

SIZES = (0.01, 0.05, 0.1, 0.5, 1.0)
"""Shares from which on a change is of the first, the second... size; of an exponent and of codes
the difference, taken for the logarithm of a ratio. What has no ratio is of the last."""

_SLACK = 0.9999


def size_step(change: Change) -> int:
    """How many of ``SIZES`` a change reaches."""
    return steps_of(size(change))


def steps_of(reached: float) -> int:
    """The same of a size as ``unladen.changes.by_commit`` has it."""
    return sum(reached >= math.log1p(least) * _SLACK for least in SIZES)
