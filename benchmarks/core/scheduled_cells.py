"""One exact cell under many schedules: the range of its figure, and what makes it differ."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.core.harness import release_harnesses
from benchmarks.core.measured import Figure
from benchmarks.core.notes import without_notes
from benchmarks.core.overtaken import told
from benchmarks.core.schedules import tried
from benchmarks.core.ties import SAME_S
from meters.collector import CollectorPaused
from mocks.clock.schedules import Exploration, Trial, explore, shrink


@dataclass(frozen=True, slots=True)
class ScheduledCell:
    """A cell's figure in the canonical order, and over all orders: ``values`` from the lowest to
    the highest, those that failed or are wrong last.

    ``seeds``: under which it differs from the canonical one. ``race``: how the first of them comes
    about, empty if there is none.
    """

    canonical: Any
    wrong: str
    values: Sequence[Any]
    seeds: Sequence[int]
    race: str

    @property
    def is_bad(self) -> bool:
        """Whether it fails or is wrong in the canonical order, or differs under a schedule."""
        return self.canonical is None or bool(self.wrong) or bool(self.seeds)

    def __str__(self) -> str:
        if not self.seeds:
            return str(self.canonical)
        low, high = self.values[0], self.values[-1]
        seeds = ", ".join(map(str, self.seeds[:5])) + (", ..." if len(self.seeds) > 5 else "")
        line = f"{low} to {high}, canonical {self.canonical}; otherwise with the seeds {seeds}"
        return "\n  ".join([line, *self.race.splitlines()])


def scheduled_cell(measure: Callable[[], Figure], seeds: Iterable[int]) -> ScheduledCell:
    """Measure a cell in the canonical order and under each seed's schedule, in this process; the
    first of them that makes a difference is shrunk, which takes up to some hundred measurements
    more. What a measurement raises is its failure.
    """

    def under(trial: Trial) -> Figure:
        with tried(trial), without_notes():
            try:
                release_harnesses()
                return measure()
            except Exception as error:  # noqa: BLE001 - whatever an SDK raises
                return None, f"{type(error).__name__}: {error}".partition("\n")[0]

    with CollectorPaused():
        explored = explore(under, seeds)
        differing = explored.differing(_same)
        race = ""
        if differing:
            found = shrink(under, differing[0], lambda seen: not _same(explored.canonical, seen))
            race = f"{_text(found.seen)}: {told(found)}"
    release_harnesses()
    return replace(cell_of(explored.canonical, explored.by_seed), race=race)


def cell_of(canonical: Figure, by_seed: Mapping[int, Figure]) -> ScheduledCell:
    """A cell of figures that were measured; how the first difference comes about is not known."""
    explored = Exploration(canonical, by_seed)
    differing = explored.differing(_same)
    race = f"{_text(by_seed[differing[0]])}: seed {differing[0]}" if differing else ""
    value, wrong = canonical
    values = {each for each, _ in (canonical, *by_seed.values())}
    return ScheduledCell(value, wrong, sorted(values, key=_order), differing, race)


def _same(one: Figure, other: Figure) -> bool:
    (first, wrong), (second, other_wrong) = one, other
    if bool(wrong) != bool(other_wrong):
        return False
    if isinstance(first, int | float) and isinstance(second, int | float):
        return abs(first - second) <= SAME_S or (math.isnan(first) and math.isnan(second))
    return bool(first == second)


def _order(value: Any) -> tuple[bool, float]:
    return (False, value) if isinstance(value, int | float) else (True, math.inf)


def _text(figure: Figure) -> str:
    value, wrong = figure
    if value is None:
        return f"fails ({wrong})"
    return f"{value} (WRONG: {wrong})" if wrong else str(value)
