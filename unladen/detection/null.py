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
from functools import cache
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
    laws = _laws()[kind]
    sizes = list(laws)
    index = bisect.bisect_left(sizes, readings)
    if index < len(sizes):
        return laws[sizes[index]].p_value(deviate)
    # Beyond the largest: at most as many independent pieces of that size as fit, rounded up.
    return min(1.0, math.ceil(readings / sizes[-1]) * 2 * laws[sizes[-1]].p_value(deviate))


@cache
def _laws() -> dict[str, dict[int, _Law]]:
    text = resources.files("unladen.detection").joinpath(FILE).read_text(encoding="utf-8")
    data = json.loads(text)
    return {
        kind: {
            int(size): _Law(tuple(law["deviates"]), tuple(law["shares"]))
            for size, law in data[kind].items()
        }
        for kind in ("step", "stretch")
    }
