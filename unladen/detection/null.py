"""How large the scans' deviates get when nothing changes: simulated once, kept in ``null.json``.

``python -m unladen.detection.simulate`` makes the file. Numbers of readings between those that were
simulated count as the next larger one, whose deviates are larger; deviates between two that are
listed count as the smaller one.
"""

from __future__ import annotations

import bisect
import json
import math
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Literal

Kind = Literal["step", "stretch"]
FILE = "null.json"


@dataclass(frozen=True)
class _Law:
    """``deviates``, ascending, each with the share of simulations that reach it."""

    deviates: tuple[float, ...]
    shares: tuple[float, ...]

    def p_value(self, deviate: float) -> float:
        index = bisect.bisect_right(self.deviates, deviate) - 1
        if index < 0:
            return 1.0
        if index < len(self.deviates) - 1:
            return self.shares[index]
        return self.shares[-1] * _decline(self.deviates[-1], deviate)


def _decline(known: float, deviate: float) -> float:
    """How much rarer a maximum of ``deviate`` is than one of ``known``.

    The tail of the maximum of a Gaussian field falls like z**3 exp(-z**2 / 2) for stretches, and
    like z for steps (Siegmund 1985); the larger of both is taken.
    """
    return float((deviate / known) ** 3 * math.exp((known**2 - deviate**2) / 2))


def p_value(kind: Kind, readings: int, deviate: float) -> float:
    """The share of sequences of exchangeable readings whose largest deviate is at least so."""
    number, pieces = _law(kind, readings)
    return min(1.0, pieces * _laws()[kind][0][number].p_value(deviate))


def least_deviate(kind: Kind, readings: int, p: float) -> float:
    """The smallest deviate whose ``p_value`` is at most this p; 0 where none that was simulated
    has so small a one."""
    return _least_deviate(kind, *_law(kind, readings), p)


@lru_cache(maxsize=1024)
def _least_deviate(kind: Kind, number: int, pieces: int, p: float) -> float:
    law = _laws()[kind][0][number]
    reached = (one for one in law.deviates if pieces * law.p_value(one) <= p)
    return next(reached, 0.0)


def _law(kind: Kind, readings: int) -> tuple[int, int]:
    """The number of the law for so many readings, and how many times as many p values it has."""
    sizes = _laws()[kind][1]
    index = bisect.bisect_left(sizes, readings)
    if index < len(sizes):
        return index, 1
    # Beyond the largest: at most as many independent pieces of that size as fit, rounded up.
    return len(sizes) - 1, math.ceil(readings / sizes[-1]) * 2


@cache
def _laws() -> dict[str, tuple[list[_Law], list[int]]]:
    """By kind the laws, and of how many readings each is, ascending."""
    text = resources.files("unladen.detection").joinpath(FILE).read_text(encoding="utf-8")
    data = json.loads(text)
    return {
        kind: (
            [_Law(tuple(law["deviates"]), tuple(law["shares"])) for law in data[kind].values()],
            [int(size) for size in data[kind]],
        )
        for kind in ("step", "stretch")
    }
