"""How many negotiations at once a service level allows: a search on the virtual clock."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks._limits import Allowance, Burst, burst
from mocks.clock import Hang

LEVEL_S = 10.0
"""The service level: 95 % of the negotiations end within so many virtual seconds of their start.
Besides, no agent may be lost and no negotiation may fail."""

CAP = 200
"""The search looks no further."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured at one number of negotiations; virtual seconds."""

    p95_makespan: float
    longest_offer_wait: float
    longest_call: float


@dataclass(frozen=True, slots=True)
class Capacity:
    """The largest number found to meet the level, and what ends it: ``beyond``.

    ``figures`` are those at that number. Where not even one negotiation meets the level they are
    those of one; ``None`` if it gave no plan.
    """

    negotiations: int
    figures: Figures | None
    beyond: str


@dataclass(frozen=True, slots=True)
class Probe:
    """One try: ``shortfall`` says in what the level was missed, empty if it was met."""

    figures: Figures | None
    shortfall: str


def find(allowance: Allowance, cap: int = CAP) -> Capacity:
    """Search the capacity of a provider: doubling, then bisection.

    The number found meets the level and the next one does not. That is the largest one only if
    the level, once missed, is missed by every larger number; else a larger one may meet it again,
    which nobody could rely on. Raises ``WrongOutcome``.
    """
    probes: dict[int, Probe] = {}

    def meets(negotiations: int) -> bool:
        probes[negotiations] = probe(negotiations, allowance)
        return not probes[negotiations].shortfall

    found = largest(meets, cap)
    after = probes.get(found + 1)
    beyond = f"{found + 1} at once: {after.shortfall}" if after else f"{cap} at once, no more tried"
    return Capacity(found, probes[max(found, 1)].figures, beyond)


def largest(meets: Callable[[int], bool], cap: int) -> int:
    """A number up to ``cap`` that ``meets``, the next of which does not; 0 if 1 does not."""
    good, bad = 0, cap + 1
    while bad - good > 1:
        tried = (good + bad) // 2 if bad <= cap else min(2 * good or 1, cap)
        if meets(tried):
            good = tried
        else:
            bad = tried
    return good


def probe(negotiations: int, allowance: Allowance) -> Probe:
    """Try one number. A hang is a shortfall, like a negotiation that fails."""
    try:
        done = burst(negotiations, allowance)
    except Hang as hang:
        return Probe(None, str(hang))
    figures = Figures(percentile(done.makespans, 0.95), done.longest_offer_wait, done.longest_call)
    return Probe(figures if len(done.failures) < negotiations else None, _shortfall(done, figures))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that is not below ``share`` of them (nearest rank)."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


def _shortfall(done: Burst, figures: Figures) -> str:
    if done.failures:
        return f"{len(done.failures)} failed\n{done.reasons}"
    if done.agents_lost:
        return f"agents lost: {done.agents_lost}"
    if figures.p95_makespan > LEVEL_S:
        return f"95 % ended within {figures.p95_makespan:g} s"
    return ""
