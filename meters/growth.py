"""Growth: how a value scales with the size of the problem, as the exponent of a power law.

Kind: exact for exact values. Unit: none (1 is linear, 2 quadratic, 0 does not grow).
Cost: none; computed after the measurement.
Blind spots: a fixed cost beside the growing part lowers the exponent at small sizes; a power law
is assumed, which the residual and the largest local slope let the reader doubt.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# Coarser than what math libraries may differ by, so that the numbers repeat on every machine.
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Growth:
    """A fitted power law, ``value ~ size ** exponent``; all numbers rounded to 6 decimals.

    ``residual``: largest deviation of a value from the fit, as a relative error (0.1 is 10 %).
    ``largest_local``: largest slope between two neighbouring sizes, in log-log coordinates.
    """

    exponent: float
    residual: float
    largest_local: float


def fit(sizes: Sequence[float], values: Sequence[float]) -> Growth:
    """Fit a power law through (size, value) by least squares on their logarithms.

    Values that are all equal give exactly 0. Raises ValueError if the lengths differ, if there are
    fewer than two sizes or two equal ones, or if a size or a value is not positive and finite.
    """
    _check(sizes, values)
    if len(set(values)) == 1:
        return Growth(0.0, 0.0, 0.0)
    pairs = sorted(zip(sizes, values, strict=True))
    points = [(math.log(size), math.log(value)) for size, value in pairs]
    mean_x = math.fsum(x for x, _ in points) / len(points)
    mean_y = math.fsum(y for _, y in points) / len(points)
    covariance = math.fsum((x - mean_x) * (y - mean_y) for x, y in points)
    slope = covariance / math.fsum((x - mean_x) ** 2 for x, _ in points)
    deviation = max(abs(y - mean_y - slope * (x - mean_x)) for x, y in points)
    local = max((y1 - y0) / (x1 - x0) for (x0, y0), (x1, y1) in pairwise(points))
    return Growth(_rounded(slope), _rounded(math.expm1(deviation)), _rounded(local))


def _check(sizes: Sequence[float], values: Sequence[float]) -> None:
    if len(sizes) != len(values):
        raise ValueError(f"{len(sizes)} sizes but {len(values)} values")
    if len(sizes) < 2 or len(set(sizes)) < len(sizes):
        raise ValueError(f"growth needs two or more different sizes, got {list(sizes)}")
    for what, numbers in (("sizes", sizes), ("values", values)):
        for number in numbers:
            if not (math.isfinite(number) and number > 0):
                raise ValueError(f"growth needs positive, finite {what}, got {number!r}")


def _rounded(number: float) -> float:
    # Adding zero turns -0.0 into 0.0.
    return round(number, _DECIMALS) + 0.0
