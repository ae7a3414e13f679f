"""A bisection from a conf, a series and two names of commits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from asv import util

from unladen.ab.cells import Cell, cells_of
from unladen.ab.exact import exact_values
from unladen.ab.rounds import measure_rounds
from unladen.ab.sides import Sides
from unladen.ab.statistics import estimate
from unladen.ab.workshop import Workshop, open_workshop
from unladen.bisect.hint import stored_step
from unladen.bisect.probes import MISSING, Ends, ExactProber, Probe, Prober, SampledProber
from unladen.bisect.search import Answer, first_bad
from unladen.commits import Commit, commit_called
from unladen.gate.thresholds import worse_by
from unladen.lines import line_between, paths_of
from unladen.names import called, no_series, shown_name
from unladen.repository import open_repository
from unladen.series import cell_text
from unladen.texts import printable

CHOOSING_ROUNDS = 6
"""On all cells of a sampled series, if none is named."""


@dataclass(frozen=True)
class Bisection:
    """What was found. ``line``: the commits in question, oldest first; ``found``: those among which
    a first changed one is: one, several if those before the last could not be judged, none if there
    is no change. ``probes``: in the order they were made. ``remarks``: stored results that could
    not be used, a line each."""

    target: str
    cell: Cell
    good: Commit
    bad: Commit
    line: Sequence[Commit]
    ends: Ends
    probes: Sequence[Probe]
    found: Sequence[Commit]
    remarks: Sequence[str] = ()


def bisect(conf: Any, wanted: str, good: str, bad: str, stage: Callable[[str], None]) -> Bisection:
    """Find the first commit after ``good`` up to ``bad`` with the change. Raises ``UserError``."""
    stage("opening the repository")
    repository = open_repository(conf)
    repository.pull()
    first, last = commit_called(repository, good), commit_called(repository, bad)
    paths = paths_of(conf)
    line = line_between(conf, repository, first, last) if first != last else []
    if not line:
        what = f"no commit after {first.short} up to {last.short}"
        raise util.UserError(f"{what}{' touches ' + ', '.join(paths) if paths else ''}")
    stage("preparing the benchmark environment")
    workshop = open_workshop(conf, repository, [last.hash, first.hash])
    cells = find_cells(workshop, wanted)
    cell = cells[0] if len(cells) == 1 else _most_changed(workshop, cells, first, last, stage)
    is_exact = cell.series.kind == "exact"
    prober: Prober = (
        ExactProber(workshop, cell, first, last)
        if is_exact
        else SampledProber(workshop, cell, first, last, stage)
    )
    stage(f"{cell.name} at {first.short} and {last.short}")
    ends = prober.ends()
    probes: list[Probe] = []
    found: Sequence[Commit] = []
    remarks: Sequence[str] = []
    if ends.differ:
        hint, remarks = (None, ()) if is_exact else stored_step(conf, cell, line)
        found = _search(prober, line, hint, probes, stage)
    if isinstance(prober, ExactProber):
        remarks = list(dict.fromkeys(prober.remarks))
    return Bisection(str(conf.project), cell, first, last, line, ends, probes, found, remarks)


def find_cells(workshop: Workshop, wanted: str) -> list[Cell]:
    """The cell that ``wanted`` names, ``series(params)``, or all of a series.

    Raises ``UserError`` that suggests names that are near.
    """
    series = list(workshop.series.values())
    names = [one.name for one in series]
    name, bracket, params = wanted.partition("(")
    found = called(name, names)
    if len(found) > 1:
        several = ", ".join(map(shown_name, found))
        raise util.UserError(f"{printable(name)} may be one of {several}")
    if not found:
        raise util.UserError(no_series(name, names))
    cells = [cell for cell in cells_of(series) if cell.series.name == found[0]]
    chosen = [one for one in cells if not bracket or f"{cell_text(one.params)})" == params]
    if not chosen:
        known = ", ".join(one.name for one in cells[:4])
        more = ", ..." if len(cells) > 4 else ""
        raise util.UserError(f"no value is called {printable(wanted)}; there are {known}{more}")
    return chosen


def _search(
    prober: Prober,
    line: Sequence[Commit],
    hint: int | None,
    probes: list[Probe],
    stage: Callable[[str], None],
) -> Sequence[Commit]:
    def ask(index: int) -> Answer:
        stage(f"probe {len(probes) + 1}: {line[index].short} {line[index].subject}")
        probes.append(prober.probe(line[index]))
        return probes[-1].answer

    where = first_bad(len(line), ask, hint)
    return line[where.good + 1 : where.bad + 1]


def _most_changed(
    workshop: Workshop,
    cells: Sequence[Cell],
    good: Commit,
    bad: Commit,
    stage: Callable[[str], None],
) -> Cell:
    """The cell of a series in which the two commits differ most."""
    stage(f"which of {len(cells)} values of {shown_name(cells[0].series.name)} changed most")
    if cells[0].series.kind == "exact":
        series = [cells[0].series]
        sides = [exact_values(workshop, one.hash, series).samples for one in (good, bad)]

        def exact_size(cell: Cell) -> float:
            before, after = (side.get(cell.key, MISSING) for side in sides)
            if before.status is not after.status:
                return float("inf")
            return abs(worse_by(cell, before.level, after.level)) if before.values else -1.0

        return max(cells, key=exact_size)

    def report(number: int, rounds: int, _cells: int) -> None:
        stage(f"which value changed most: round {number} of {rounds}")

    with Sides(workshop, [good.hash, bad.hash]) as measuring:
        looked = measure_rounds(measuring, cells, CHOOSING_ROUNDS, report)

    def sampled_size(at: int) -> float:
        one = looked[at]
        if one.sample(0).status is not one.sample(1).status:
            return 1e9
        if not one.logs:
            return -1.0
        seen = estimate(one.logs)
        return max(0.0, seen.low, -seen.high)  # how far from 0 for certain

    return looked[max(range(len(looked)), key=sampled_size)].cell
