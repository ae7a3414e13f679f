"""Do runs at once end otherwise when what is due at the same instant comes in another order?

All answers of the model take equally long, so that at each instant many are due; users come at one
instant too. No real machine answers or comes in a fixed order, so every schedule is one that users
may meet (``mocks.clock.schedules`` says which orders cannot be, and are not tried).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Protocol

from benchmarks.core.harness import Harness
from benchmarks.core.notes import note
from benchmarks.core.overtaken import told
from benchmarks.core.schedules import comes, tried
from benchmarks.core.series import Series, series
from benchmarks.core.workload import Engine, I, Make, R, Workload, WrongOutcome
from meters.collector import CollectorPaused
from mocks.clock import Hang
from mocks.clock.schedules import BUDGET, Measure, Race, Trial, explore, shrink
from targets.protocol import Unavailable

SEEDS = range(1, 51)
HOLDS = {"schedules": len(SEEDS)}
RIGHT = "right"
HANGS = "hangs"


@dataclass(frozen=True, slots=True)
class End:
    """How one run ended: ``kind`` is ``RIGHT``, what is wrong with it in a word or two, or the
    error; ``lost`` of its parts are missing, ``foreign`` things belong to another run."""

    kind: str
    lost: int
    foreign: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How runs at once ended, in the order of their inputs; one ``HANGS`` if they never did."""

    ends: tuple[End, ...]

    @property
    def kinds(self) -> frozenset[str]:
        """How runs ended."""
        return frozenset(end.kind for end in self.ends)

    @property
    def lost(self) -> int:
        """Parts missing in all runs together."""
        return sum(end.lost for end in self.ends)

    @property
    def foreign(self) -> int:
        """What belongs to other runs, in all together."""
        return sum(end.foreign for end in self.ends)

    def __str__(self) -> str:
        counted = Counter(end.kind for end in self.ends)
        return ", ".join(f"{count} {kind}" for kind, count in sorted(counted.items()))


@dataclass(frozen=True, slots=True)
class Found:
    """A figure over the canonical order and all schedules; ``note``: what makes it so, empty if
    the canonical order does."""

    value: int
    note: str


@dataclass(frozen=True, slots=True)
class Races:
    """``outcomes``: ways to end that the canonical order does not show. ``lost``, ``crosstalk``:
    the most under any schedule, the canonical one among them."""

    outcomes: Found
    lost: Found
    crosstalk: Found


def races(make: Make[I, R], runs: int) -> Races:
    """Do ``runs`` inputs at once under each schedule, in an engine of its own each time.

    Raises ``Unavailable`` where the SDK cannot do the work.
    """
    return search(_Probe(make, runs).measure, SEEDS)


def search(measure: Measure[Outcome], seeds: Iterable[int], *, budget: int = BUDGET) -> Races:
    """What ``measure`` shows under some schedule and never in the canonical order. ``budget``: runs
    that shrinking one race may take. Raises what ``measure`` raises.
    """
    # When garbage is collected depends on what the process did before.
    with CollectorPaused():
        return _Search(measure, seeds, budget).races()


class _Search:
    """Looks for what no canonical order shows, and shrinks it."""

    def __init__(self, measure: Measure[Outcome], seeds: Iterable[int], budget: int) -> None:
        self._measure = measure
        self._budget = budget
        self._explored = explore(measure, seeds)
        self._shrunk: list[Race[Outcome]] = []

    def races(self) -> Races:
        canonical = self._explored.canonical
        seen = self._explored.by_seed.values()
        new = sorted({kind for each in seen for kind in each.kinds} - canonical.kinds)
        notes = [self._note(partial(_has, kind)) for kind in new]
        return Races(
            outcomes=Found(len(new), "\n".join(dict.fromkeys(notes))),
            lost=self._most(lambda each: each.lost),
            crosstalk=self._most(lambda each: each.foreign),
        )

    def _most(self, read: Callable[[Outcome], int]) -> Found:
        usual = read(self._explored.canonical)
        most = max(map(read, self._explored.by_seed.values()))
        if most <= usual:
            return Found(usual, "")
        return Found(most, self._note(lambda each: read(each) > usual))

    def _note(self, is_race: Callable[[Outcome], bool]) -> str:
        """By which seed it comes, how all runs end then, and who overtook whom."""
        race = next((race for race in self._shrunk if is_race(race.seen)), None)
        if race is None:
            seed = next(seed for seed, each in self._explored.by_seed.items() if is_race(each))
            race = shrink(self._measure, seed, is_race, budget=self._budget)
            self._shrunk.append(race)
        return f"{race.seen} instead of {self._explored.canonical}: {told(race)}"


def _has(kind: str, outcome: Outcome) -> bool:
    return kind in outcome.kinds


class _Probe(Generic[I, R]):
    """Does the runs, which arrive at one instant in any order."""

    def __init__(self, make: Make[I, R], runs: int) -> None:
        self._make = make
        self._runs = runs

    def measure(self, trial: Trial) -> Outcome:
        """How they end under a schedule. Raises ``Unavailable``."""
        with tried(trial):
            workload = self._make()
            try:
                return self._outcome(workload)
            except Hang:
                return Outcome((End(HANGS, workload.lost(None) * self._runs, 0),))

    def _outcome(self, workload: Workload[I, R]) -> Outcome:
        with Harness(workload) as harness:
            arriving = _Arriving(harness.engine)
            harness.engine = Engine(arriving.run, harness.engine.close)
            harness.prepare(self._runs)
            ends = harness.attempt()
            if reason := workload.unavailable():
                raise Unavailable(reason)
            pairs = zip(harness.inputs, ends, strict=True)
            return Outcome(tuple(_end(workload, one, end) for one, end in pairs))


class _Arriving(Generic[I, R]):
    """An engine whose runs begin when a user comes."""

    def __init__(self, engine: Engine[I, R]) -> None:
        self._engine = engine
        self._count = 0

    def run(self, one: I) -> Coroutine[Any, Any, R]:
        """Begins it."""
        self._count += 1
        return self._run(f"run {self._count}", one)

    async def _run(self, name: str, one: I) -> R:
        await comes(name)
        return await self._engine.run(one)


def _end(workload: Workload[I, R], one: I, end: R | Exception) -> End:
    if isinstance(end, Exception):
        return End(type(end).__name__, workload.lost(None), 0)
    lost, foreign = workload.lost(end), workload.foreign([one], [end])
    if foreign:
        return End("with another run's items", lost, foreign)
    if lost:
        return End("with parts lost", lost, 0)
    try:
        workload.require_results([one], [end])
    except WrongOutcome:
        return End("wrong", 0, 0)
    return End(RIGHT, 0, 0)


class OfRaces(Protocol):
    """A benchmark of what other orders bring about."""

    races: Races


@series(version="1", kind="exact", unit="outcomes", group="outcome", holds=HOLDS)
def outcomes(self: OfRaces, *cell: object) -> int:
    """Ways in which a run ends under some schedule, and never in the canonical order. Must be 0."""
    return _told(self.races.outcomes)


def lost(unit: str) -> Series[OfRaces, int]:
    """The series of the parts of this ``unit`` that are lost."""

    @series(version="1", kind="exact", unit=unit, group="outcome", holds=HOLDS)
    def lost(self: OfRaces, *cell: object) -> int:
        """Parts that are missing in all results together, under the worst schedule. Must be 0."""
        return _told(self.races.lost)

    return lost


@series(version="1", kind="exact", unit="foreign items", group="outcome", holds=HOLDS)
def crosstalk(self: OfRaces, *cell: object) -> int:
    """What belongs to another run and is found in the results, under the worst schedule. Must be
    0."""
    return _told(self.races.crosstalk)


def _told(found: Found) -> int:
    if found.note:
        note(found.note)
    return found.value
