"""Trying schedules: which of them change what a program does, and what it takes to do so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from mocks.clock.schedules.choices import Canonical, Chosen, Late, Seeded
from mocks.clock.schedules.overtaking import Overtaking
from mocks.clock.schedules.trial import Trial

T = TypeVar("T")

Measure = Callable[[Trial], T]
"""Runs the program anew on clocks of this trial, and gives what it did."""

BUDGET = 300
"""Runs that shrinking may take."""


@dataclass(frozen=True, slots=True)
class Exploration(Generic[T]):
    """What a program did in the canonical order, and under each seed's schedule."""

    canonical: T
    by_seed: Mapping[int, T]

    def differing(
        self, same: Callable[[T, T], bool] = lambda one, other: one == other
    ) -> list[int]:
        """The seeds under which it did something else."""
        return [seed for seed, seen in self.by_seed.items() if not same(self.canonical, seen)]


@dataclass(frozen=True, slots=True)
class Race(Generic[T]):
    """A schedule under which a program does something else, shrunk.

    ``seed``: replays it. ``deviations``: the events that must come late for it, by number, as few
    as were found; ``seen``: what the program does then. ``overtakings``: who came before whom.
    ``runs``: that it took to shrink it.
    """

    seed: int
    seen: T
    deviations: Mapping[int, Late]
    overtakings: Sequence[Overtaking]
    runs: int


def explore(
    measure: Measure[T], seeds: Iterable[int], *, any_timers: bool = False
) -> Exploration[T]:
    """Run in the canonical order, and once under each seed. Raises what ``measure`` raises."""
    canonical = measure(Trial(Canonical(), any_timers=any_timers))
    return Exploration(
        canonical,
        {seed: measure(Trial(Seeded(seed), any_timers=any_timers)) for seed in seeds},
    )


def shrink(
    measure: Measure[T],
    seed: int,
    is_race: Callable[[T], bool],
    *,
    any_timers: bool = False,
    budget: int = BUDGET,
) -> Race[T]:
    """The fewest late events, and the least lateness, for which ``is_race`` still holds: 1-minimal
    (leaving out any one of them undoes the race), unless the budget ends before.

    What ``measure`` does in other processes is not seen, and not shrunk: no deviation is told then.
    Raises ``ValueError`` if the race is none under the seed, and what ``measure`` raises.
    """
    search = _Search(measure, is_race, any_timers, budget)
    first = Trial(Seeded(seed), any_timers=any_timers)
    seen = measure(first)
    if not is_race(seen):
        raise ValueError(f"seed {seed} shows no race")
    if not first.chosen:
        return Race(seed, seen, {}, (), 1)
    least = search.fewest(dict(first.chosen))
    least = search.mildest(least)
    watched = Trial(Chosen(least), any_timers=any_timers, is_watched=True)
    seen = measure(watched)
    return Race(seed, seen, least, watched.overtakings, search.runs + 2)


class _Search(Generic[T]):
    """Tries sets of deviations until the budget is spent; from then on nothing is a race."""

    def __init__(
        self, measure: Measure[T], is_race: Callable[[T], bool], any_timers: bool, budget: int
    ) -> None:
        self.runs = 0
        self._measure = measure
        self._is_race = is_race
        self._any_timers = any_timers
        self._budget = budget

    def holds(self, deviations: Mapping[int, Late]) -> bool:
        """Whether these are enough."""
        if self.runs >= self._budget:
            return False
        self.runs += 1
        trial = Trial(Chosen(deviations), any_timers=self._any_timers)
        return self._is_race(self._measure(trial))

    def fewest(self, deviations: dict[int, Late]) -> dict[int, Late]:
        """Delta debugging (Zeller and Hildebrandt, 2002): leave out ever smaller parts."""
        parts = 2
        while len(deviations) > 1:
            numbers = list(deviations)
            size = -(-len(numbers) // parts)
            for start in range(0, len(numbers), size):
                part = numbers[start : start + size]
                inside = {number: deviations[number] for number in part}
                outside = {n: late for n, late in deviations.items() if n not in inside}
                if parts == 2 and self.holds(inside):
                    deviations, parts = inside, 2
                    break
                if self.holds(outside):
                    deviations, parts = outside, max(2, parts - 1)
                    break
            else:
                if size == 1:
                    break
                parts = min(len(numbers), 2 * parts)
        return deviations

    def mildest(self, deviations: dict[int, Late]) -> dict[int, Late]:
        """Make each as little late as still will do."""
        for number, late in deviations.items():
            for milder in _milder(late):
                tried = {**deviations, number: milder}
                if self.holds(tried):
                    deviations = tried
                    break
        return deviations


def _milder(late: Late) -> list[Late]:
    """What is less late, the least first."""
    steps = (1, 2, 4, 8, 16, 32)
    most = late.places if not late.passes else steps[-1] + 1
    places = [Late(places=each) for each in steps if each < most]
    return places + [Late(passes=each) for each in (1, 2, 3, 6, 12) if each < late.passes]
