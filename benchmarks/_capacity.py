"""How many negotiations at once a service level allows: a search on the virtual clock."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks._limits import Allowance, Burst, burst
from benchmarks._ties import Both, reversed_ties
from mocks.clock import Hang

LEVEL_S = 10.0
"""The service level: 95 % of the negotiations end within so many virtual seconds of their start.
Besides, no agent may be lost, no negotiation may fail, and nothing may be for another demand."""

CAP = 200
"""The search looks no further."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured at one number of negotiations; virtual seconds. ``wrong``: what was wrong
    with it, empty if nothing was."""

    p95_makespan: float
    longest_offer_wait: float
    longest_call: float
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Capacity:
    """The largest number found to meet the level, and what ends it: ``beyond``.

    ``figures`` are those at that number. Where not even one negotiation meets the level they are
    those of one; ``None`` if it gave no plan.
    """

    negotiations: int
    figures: Both[Figures] | None
    beyond: str


@dataclass(frozen=True, slots=True)
class Probe:
    """One number tried, in both orders of what is due at the same instant: ``shortfall`` says in
    what the level was missed in either, empty if it was met in both."""

    figures: Both[Figures] | None
    shortfall: str


def find(allowance: Allowance, cap: int = CAP) -> Capacity:
    """Search the capacity of a provider: doubling, then bisection.

    The number found meets the level and the next one does not. That is the largest one only if
    the level, once missed, is missed by every larger number; else a larger one may meet it again,
    which nobody could rely on.
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
    """Try one number. A hang is a shortfall, like a negotiation that fails or goes wrong."""
    first, shortfall = _tried(negotiations, allowance)
    with reversed_ties():
        last, shortfall_reversed = _tried(negotiations, allowance)
    figures = None if first is None or last is None else Both(first, last)
    if shortfall or not shortfall_reversed:
        return Probe(figures, shortfall)
    return Probe(figures, f"by the order of timers due at the same instant, {shortfall_reversed}")


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that is not below ``share`` of them (nearest rank)."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


def _tried(negotiations: int, allowance: Allowance) -> tuple[Figures | None, str]:
    """Figures, ``None`` where no negotiation gave a plan, and in what the level was missed."""
    try:
        done = burst(negotiations, allowance)
    except Hang as hang:
        return None, str(hang)
    figures = Figures(
        p95_makespan=percentile(done.makespans, 0.95),
        longest_offer_wait=done.longest_offer_wait,
        longest_call=done.longest_call,
        wrong=done.wrong,
    )
    return figures if len(done.failures) < negotiations else None, _shortfall(done, figures)


def _shortfall(done: Burst, figures: Figures) -> str:
    if done.failures:
        return f"{len(done.failures)} failed\n{done.reasons}"
    if done.agents_lost:
        return f"agents lost: {done.agents_lost}"
    if done.wrong:
        return done.wrong
    if figures.p95_makespan > LEVEL_S:
        return f"95 % ended within {figures.p95_makespan:g} s"
    return ""
