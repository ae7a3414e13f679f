"""Noise that is made, with a memory and without: what a detector sees in any of it is false.

Each kind has the same spread, of the logarithms of its readings.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from unladen.labels.score.noise import Floats, Window

COMMITS = 100
"""Readings of a window, as in the windows of real noise."""

SPREAD = 0.05
"""The standard deviation of the logarithms: a step of 10 % is two of them. Of the windows of real
noise that we have, half have less than 0.008, one in twenty more than 0.03."""

BURST = 5
"""Readings that a busy host spoils together."""

_SHARED = 0.7
"""The part of the variance that the readings of a burst share."""

_DRIFT = 3.0
"""By how many spreads a drifting level rises."""

_WIDER = 3.0
"""How much more the readings spread from some commit on."""

Noise = Callable[[np.random.Generator], Floats]


def with_memory(rho: float) -> Noise:
    """Noise in which neighbours are correlated by ``rho``: an AR(1) process."""

    def noise(random: np.random.Generator) -> Floats:
        shocks = random.normal(size=COMMITS) * math.sqrt(1 - rho**2)
        shocks[0] /= math.sqrt(1 - rho**2)
        readings = np.empty(COMMITS)
        last = 0.0
        for number, shock in enumerate(shocks):
            readings[number] = last = rho * last + shock
        return readings

    return noise


def _bursts(random: np.random.Generator) -> Floats:
    own = random.normal(size=COMMITS)
    shared = np.repeat(random.normal(size=COMMITS // BURST), BURST)
    return math.sqrt(1 - _SHARED) * own + math.sqrt(_SHARED) * shared


def _drifting(random: np.random.Generator) -> Floats:
    return random.normal(size=COMMITS) + np.linspace(0, _DRIFT, COMMITS)


def _wider(random: np.random.Generator) -> Floats:
    is_wider = np.arange(COMMITS) >= random.integers(COMMITS // 5, COMMITS - COMMITS // 5)
    return random.normal(size=COMMITS) * np.where(is_wider, _WIDER, 1.0)


KINDS: Mapping[str, Noise] = {
    "independent": with_memory(0.0),
    "memory 0.3": with_memory(0.3),
    "memory 0.6": with_memory(0.6),
    f"bursts of {BURST}": _bursts,
    f"drift of {_DRIFT:g} spreads": _drifting,
    f"spread x{_WIDER:g} from a commit": _wider,
}


def windows(kind: str, number: int, random: np.random.Generator) -> Iterator[Window]:
    """So many windows of a kind of noise, each drawn when it is asked for."""
    noise = KINDS[kind]
    for _ in range(number):
        yield Window(np.exp(SPREAD * noise(random)), np.full(COMMITS, math.nan))
