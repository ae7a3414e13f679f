"""How many runs at once a service level allows: a search on the virtual clock."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.notes import note, wrong
from benchmarks.core.series import series
from benchmarks.core.ties import Both, reversed_ties
from benchmarks.core.workload import I, R
from benchmarks.questions.limits import Allowance, Burst, Provide, burst
from mocks.clock import Hang
from targets.protocol import Unavailable

F = TypeVar("F", bound=Callable[..., Any])

LEVEL_S = 10.0
"""The service level: 95 % of the runs end within so many virtual seconds of their start. Besides,
no part may be lost, no run may fail, and nothing may be for another input."""

HELD = {"level_s": LEVEL_S}
"""What all series hold fixed."""

CAP = 200
"""The search looks no further."""


@dataclass(frozen=True, slots=True)
class LevelFigures:
    """What was measured at one number of runs; virtual seconds. ``wrong``: what was wrong with it,
    empty if nothing was."""

    p95_makespan: float
    longest_step: float
    longest_call: float
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class CapacityFound:
    """The largest number found to meet the level, and what ends it: ``beyond``.

    ``figures`` are those at that number. Where not even one run meets the level they are those of
    one; ``None`` if it did not end with what it was asked for.
    """

    runs: int
    figures: Both[LevelFigures] | None
    beyond: str


@dataclass(frozen=True, slots=True)
class Probe:
    """One number tried, in both orders of what is due at the same instant: ``shortfall`` says in
    what the level was missed in either, empty if it was met in both."""

    figures: Both[LevelFigures] | None
    shortfall: str


def find(provide: Provide[I, R], allowance: Allowance, cap: int = CAP) -> CapacityFound:
    """Search the capacity of a provider: doubling, then bisection.

    The number found meets the level and the next one does not. That is the largest one only if
    the level, once missed, is missed by every larger number; else a larger one may meet it again,
    which nobody could rely on.
    """
    probes: dict[int, Probe] = {}

    def meets(runs: int) -> bool:
        probes[runs] = probe(provide, allowance, runs)
        return not probes[runs].shortfall

    found = largest(meets, cap)
    after = probes.get(found + 1)
    beyond = f"{found + 1} at once: {after.shortfall}" if after else f"{cap} at once, no more tried"
    return CapacityFound(found, probes[max(found, 1)].figures, beyond)


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


def probe(provide: Provide[I, R], allowance: Allowance, runs: int) -> Probe:
    """Try one number. A hang is a shortfall, like a run that fails or goes wrong."""
    first, shortfall = _tried(provide, allowance, runs)
    with reversed_ties():
        last, shortfall_reversed = _tried(provide, allowance, runs)
    figures = None if first is None or last is None else Both(first, last)
    if shortfall or not shortfall_reversed:
        return Probe(figures, shortfall)
    return Probe(figures, f"by the order of timers due at the same instant, {shortfall_reversed}")


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that is not below ``share`` of them (nearest rank)."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


def _tried(
    provide: Provide[I, R], allowance: Allowance, runs: int
) -> tuple[LevelFigures | None, str]:
    """Figures, ``None`` where no run ended with what it was asked for, and in what the level was
    missed."""
    try:
        done = burst(provide(allowance), runs)
    except Hang as hang:
        return None, str(hang)
    figures = LevelFigures(
        p95_makespan=percentile(done.makespans, 0.95),
        longest_step=done.longest_step,
        longest_call=done.longest_call,
        wrong=done.wrong,
    )
    return figures if len(done.failures) < runs else None, _shortfall(done, figures)


def _shortfall(done: Burst, figures: LevelFigures) -> str:
    if done.failures:
        return f"{len(done.failures)} failed\n{done.reasons}"
    if done.lost:
        return f"parts lost: {done.lost}"
    if done.wrong:
        return done.wrong
    if figures.p95_makespan > LEVEL_S:
        return f"95 % ended within {figures.p95_makespan:g} s"
    return ""


class OfCapacity(Protocol):
    """A benchmark of how many runs at once a provider allows."""

    capacity: CapacityFound


@series(
    version="2",
    kind="exact",
    unit="runs",
    group="outcome",
    direction="higher",
    holds=HELD,
)
def runs(self: OfCapacity, *cell: object) -> int:
    """The largest number that meets the level, at most 200; 0 if not even one does."""
    note(self.capacity.beyond)
    return self.capacity.runs


def _seconds(version: str) -> Callable[[F], F]:
    """A series of virtual seconds at the number found; n/a where not even one run ends with what it
    was asked for. ``version``: its own."""
    declare = series(
        version=version, kind="exact", unit="seconds", group="virtual time", holds=HELD
    )

    def setup(cache: Mapping[str, Attempt[CapacityFound]], provider: str) -> None:
        _figures(value_of(cache[provider]))

    def with_setup(function: F) -> F:
        vars(function)["setup"] = setup  # asv runs it after the class's own
        return declare(function)

    return with_setup


@_seconds(version="2")
def p95_makespan(self: OfCapacity, *cell: object) -> float:
    """Virtual seconds in which 95 % of them ended, at that number (at one, if it is 0)."""
    return _figures(self.capacity).worse(lambda figures: figures.p95_makespan)


@_seconds(version="2")
def longest_step(self: OfCapacity, *cell: object) -> float:
    """Virtual seconds from the moment at which a step could begin to the answer that ends it,
    queues, refusals and pauses included: what a time-out for it must exceed, at that number."""
    return _figures(self.capacity).worse(lambda figures: figures.longest_step)


@_seconds(version="2")
def longest_call(self: OfCapacity, *cell: object) -> float:
    """Virtual seconds from a request to its answer, the provider's queue included: what a
    time-out for one call must exceed, at that number."""
    return _figures(self.capacity).worse(lambda figures: figures.longest_call)


def _figures(capacity: CapacityFound) -> Both[LevelFigures]:
    if capacity.figures is None:
        raise Unavailable(f"no run ends with what it was asked for; {capacity.beyond}")
    if said := capacity.figures.first.wrong or capacity.figures.last.wrong:
        wrong(said)
    return capacity.figures
