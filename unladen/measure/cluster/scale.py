"""What many SDKs, releases and workers take, reckoned from figures that were measured.

    python -m unladen.measure.cluster.scale --sdks 100 --releases 500 --series 2000 --workers 50

Time is the dispatcher's own, on a made-up clock, with workers that die and come back; storage is
reckoned from what a reading takes. ``docs/scale.md`` says where each figure is from.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from unladen.measure.cluster.crew import Assignment
from unladen.measure.cluster.dispatch import Dispatcher, Limits
from unladen.measure.cluster.messages import Delivery, Introduction, Kit, Order
from unladen.measure.cluster.simulation import MadeUpWorkers

HOUR = 3600.0
DAY = 24 * HOUR
CONTROL = "control"
SIMULATED = 5


@dataclass(frozen=True)
class Figures:
    """What was measured. ``cells``: per series. Seconds of CPU: ``exact`` and ``sampled`` per cell
    of that kind, ``commit`` on top for each commit, ``environment`` to install packages,
    ``sampled_share``: of all cells. ``spread``: the standard deviation of a commit's time over its
    mean. Bytes per reading: ``results``, ``record``, ``data`` (of the site);
    ``description`` per series; ``page`` for a site without any. ``receive``: seconds of CPU to
    check and store a reading; ``memory``: bytes of ``changes`` per reading."""

    cells: float = 6.5
    exact: float = 0.021
    sampled: float = 0.018
    sampled_share: float = 0.28
    commit: float = 3.0
    environment: float = 20.0
    spread: float = 0.2
    results: float = 28.0
    record: float = 23.0
    data: float = 4.5
    description: float = 1_700.0
    page: float = 5_000_000.0
    receive: float = 4.0e-6
    memory: float = 440.0


@dataclass(frozen=True)
class Fleet:
    """What is to be measured, on how many workers. ``cells``: of a series; ``lifetime``: mean
    seconds until a worker dies; ``absence``: until another one has taken its place."""

    sdks: int
    releases: int
    series: int
    workers: int
    cells: float
    lifetime: float = DAY
    absence: float = 120.0

    @property
    def readings(self) -> int:
        """Of one SDK."""
        return round(self.releases * self.series * self.cells)


@dataclass(frozen=True)
class Reckoned:
    """``exact``: seconds until all is measured on workers, one SDK after the other; ``busy``: the
    share of that in which workers measure what is kept; ``deaths``: how many workers die;
    ``sampled``: seconds of sampled series, of all SDKs; ``dispatcher``: seconds of CPU of the
    command. Bytes: ``results`` and ``site`` of all, ``largest_file``; ``memory``: of ``changes``
    over one SDK."""

    exact: float
    busy: float
    deaths: int
    sampled: float
    dispatcher: float
    results: float
    site: float
    largest_file: float
    memory: float


FIGURES = Figures()


@dataclass
class _Believing:
    """A ``Judge`` that believes all and keeps nothing."""

    kit: Kit = field(default_factory=lambda: Kit("made up", {}, b"", ""))
    control: Assignment = field(default_factory=lambda: Assignment(CONTROL, ()))

    def order(self, assignment: Assignment) -> Order:
        return Order("", "made up", assignment.commit, assignment.series, "", 10 * HOUR)

    def of_introduction(self, said: Introduction) -> str:
        del said
        return ""

    def receive(self, order: Order, delivery: Delivery, is_control: bool) -> str:
        del order, delivery, is_control
        return ""

    def take_back(self, order: Order) -> None:
        raise AssertionError(order)


def reckon(fleet: Fleet, seed: int = 1) -> Reckoned:
    """What a fleet takes. Up to ``SIMULATED`` SDKs are simulated: all are alike, and come one
    after the other."""
    cells = fleet.series * fleet.cells
    exact_cells = cells * (1 - FIGURES.sampled_share)
    each = FIGURES.commit + exact_cells * FIGURES.exact
    began = time.process_time()
    chance = random.Random(seed)
    runs = [_measured(fleet, each, chance) for _ in range(min(fleet.sdks, SIMULATED))]
    seconds, useful, deaths = (sum(column) / len(runs) for column in zip(*runs, strict=True))
    dispatcher = (time.process_time() - began) / len(runs)
    readings = fleet.readings
    return Reckoned(
        exact=fleet.sdks * seconds,
        busy=useful / (seconds * fleet.workers),
        deaths=round(fleet.sdks * deaths),
        sampled=fleet.sdks
        * fleet.releases
        * (FIGURES.commit + cells * FIGURES.sampled_share * FIGURES.sampled),
        dispatcher=fleet.sdks * (dispatcher + readings * FIGURES.receive),
        results=fleet.sdks
        * (readings * (FIGURES.results + FIGURES.record) + fleet.series * FIGURES.description),
        site=fleet.sdks * (readings * FIGURES.data + FIGURES.page),
        largest_file=max(cells * FIGURES.results, fleet.series * FIGURES.description),
        memory=readings * FIGURES.memory,
    )


def _measured(fleet: Fleet, each: float, chance: random.Random) -> tuple[float, float, int]:
    """Seconds for one SDK, seconds of what is kept, and how many workers died."""
    known: set[str] = set()
    absent: list[float] = []
    taken: dict[str, float] = {}
    deaths = 0

    def takes(worker: str, order: Order) -> float:
        prepares = 0.0 if worker in known else FIGURES.environment
        known.add(worker)
        if order.commit == CONTROL:
            return prepares + FIGURES.commit
        taken[order.commit] = each * max(0.2, chance.gauss(1, FIGURES.spread))
        return prepares + taken[order.commit]

    def happens(workers: MadeUpWorkers, _answered: int) -> None:
        nonlocal deaths
        passed = workers.now - happens_at[0]
        happens_at[0] = workers.now
        while absent and absent[0] <= workers.now:
            absent.pop(0)
            workers.start()
        for name in sorted(workers.crew):
            if len(workers.crew) > 1 and chance.random() < passed / fleet.lifetime:
                workers.kill(name)
                absent.append(workers.now + fleet.absence)
                deaths += 1

    happens_at = [0.0]
    workers = MadeUpWorkers(fleet.workers, takes, lambda _: b"", happens)
    assignments = [Assignment(f"{number:040x}", ()) for number in range(fleet.releases)]
    limits = Limits(commit=10 * HOUR)
    dispatcher = Dispatcher(
        workers, _Believing(), assignments, limits, lambda _: None, workers.clock
    )
    dispatcher.run()
    return workers.now, sum(taken.values()), deaths


def told(fleet: Fleet, found: Reckoned) -> Sequence[str]:
    """The figures for people, a line each."""
    per_machine = found.sampled / min(fleet.workers, fleet.sdks)
    return [
        f"{fleet.sdks} SDKs x {fleet.releases} releases x {fleet.series:,} series "
        f"({fleet.readings:,} readings each) on {fleet.workers} workers",
        f"exact series          {found.exact / DAY:8.1f} days, {100 * found.busy:.0f} % of them "
        f"spent on what is kept; {found.deaths} workers die",
        f"sampled, one machine  {found.sampled / DAY:8.1f} days",
        f"sampled, one per SDK  {per_machine / DAY:8.1f} days, on {min(fleet.workers, fleet.sdks)}",
        f"the command itself    {found.dispatcher / HOUR:8.1f} hours of CPU",
        f"results and records   {found.results / 1e9:8.1f} GB",
        f"sites                 {found.site / 1e9:8.1f} GB, "
        f"{found.site / fleet.sdks / 1e6:.0f} MB each",
        f"largest file          {found.largest_file / 1e6:8.1f} MB",
        f"changes over one SDK  {found.memory / 1e9:8.1f} GB of memory",
    ]


def main(words: Sequence[str] | None = None) -> int:
    """Print the figures of a fleet."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name, default in (("sdks", 100), ("releases", 500), ("series", 2000), ("workers", 50)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--cells", type=float, default=FIGURES.cells, help="of a series")
    given = parser.parse_args(words)
    if min(vars(given).values()) < 1:
        parser.error("each number must be at least 1")
    fleet = Fleet(given.sdks, given.releases, given.series, given.workers, given.cells)
    print("\n".join(told(fleet, reckon(fleet))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
