"""Which figures of a commit are explained: those that are named, or the biggest of each kind."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from unladen.changes.by_commit import HistoryChanges, size
from unladen.changes.model import Change
from unladen.compare.ab.cells import Cell
from unladen.errors import UserError
from unladen.store.series import SeriesInfo
from unladen.text.names import no_series

GROUPS = ("work", "virtual time", "memory", "calls", "outcome", "import")
"""Of which one figure each is explained if none is named, in this order."""


ENOUGH = math.log(2)
"""A change of twice as much, or half, as ``size`` has it, leaves nothing open."""


def changed_cells(changes: Iterable[Change]) -> list[Cell]:
    """The cells of certain changes between two values: those of the series first in which one
    changed most. Of a series first those that changed at least half as much as the one that changed
    most, or by ``ENOUGH``, as they stand: the first are the smallest."""
    found = [change for change in changes if change.is_explainable]
    most: dict[str, float] = defaultdict(float)
    for change in found:
        most[change.series.name] = max(most[change.series.name], size(change))

    def order(change: Change) -> tuple[float, str, bool, int]:
        name = change.series.name
        is_small = size(change) < min(most[name] / 2, ENOUGH)
        return -most[name], name, is_small, change.series.cells.index(change.cell)

    cells = [Cell(one.series, one.series.cells.index(one.cell)) for one in sorted(found, key=order)]
    return list({cell.key: cell for cell in cells}.values())


def by_group(cells: Sequence[Cell]) -> list[Cell]:
    """Of each group the first cell; of work rather one in bytecodes, and one that counts all of
    them, of time rather that of one run, of memory rather what is retained; one for which much is
    run only if there is no other."""
    found = []
    for group in GROUPS:
        of_group = [cell for cell in cells if cell.series.group == group]
        found += sorted(of_group, key=_coarseness)[:1]
    return found


def _coarseness(cell: Cell) -> tuple[bool, bool, bool]:
    """Sorts figures of one group, those first that can be explained best, and soonest."""
    is_said_whole = cell.series.question.endswith(WHOLE.get(cell.series.group, ""))
    return *costs(cell), not is_said_whole


def costs(cell: Cell) -> tuple[bool, bool]:
    """Sorts figures, those first whose own work can be counted, and for which little is run."""
    series = cell.series
    is_uncounted = series.group == "work" and series.unit != "bytecodes"
    return is_uncounted, series.question.startswith(OF_MANY_RUNS)


WHOLE = {
    "work": "work.bytecodes",
    "virtual time": "work.makespan",
    "memory": "memory.retained_bytes",
}
"""How the questions end that say most of a run, by group."""

OF_MANY_RUNS = (
    "hotspots.",
    "cancellation.",
    "capacity.",
    "latency.",
    "leak.",
    "limits.",
    "races.",
    "scaling.",
)
"""How the questions begin for which much is run, which takes minutes to count."""


def named_cells(
    wanted: Sequence[str], series: Mapping[str, SeriesInfo], changed: Sequence[Cell]
) -> list[Cell]:
    """For each of ``wanted``, a glob on names or on ``name(parameters)``, and each series it names,
    the cell that changed most, or else the first. Raises ``UserError`` if one names nothing."""
    found: dict[tuple[str, tuple[str, ...]], Cell] = {}
    for pattern in wanted:
        cells = [
            Cell(one, number)
            for one in series.values()
            for number, params in enumerate(one.cells)
            if one.is_called(pattern, params)
        ]
        if not cells:
            raise UserError(no_series(pattern, list(series)))
        rank = {cell.key: number for number, cell in enumerate(changed)}
        for name in dict.fromkeys(cell.series.name for cell in cells):
            ours = [cell for cell in cells if cell.series.name == name]
            best = min(ours, key=lambda cell: rank.get(cell.key, len(rank)))
            found.setdefault(best.key, best)
    return list(found.values())


def of_commit(history_changes: HistoryChanges) -> list[Cell]:
    """The cells that the chosen commits of a history changed."""
    return changed_cells(change for one in history_changes.commits for change in one.changes)
