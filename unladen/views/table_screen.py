"""The values of one commit on one screen of a terminal: a line for each series, those first of
which most is wrong."""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Sequence

from rich.console import RenderableType

from unladen.history.commit_values import CellValue, SeriesValues, Values
from unladen.store.series import Status, cell_text
from unladen.text.names import shown_name
from unladen.text.screen import Column, Grid, Screen, StyledText
from unladen.text.terminal import first_of, width
from unladen.views.table import heading, measured_series, value_text, values_tell_unit

_COLUMNS = (Column("series", folds=True), Column("values", folds=True))
_NAME = 0.55
"""Of the width: a longer name is folded before it takes the room of values."""

_LEAST = 16
_MORE = len(" +999")


def show(values: Values, screen: Screen, command: str) -> None:
    """Print them. ``command``: what prints all."""
    series = sorted(measured_series(values), key=_order)
    names = max([width(shown_name(one.name)) for one in series], default=0)
    room = max(screen.width - min(names, int(screen.width * _NAME)) - 4, _LEAST)
    rows = [(shown_name(one.name), _values(one, room)) for one in series]

    def parts(number: int) -> Sequence[RenderableType]:
        left = len(series) - number
        unmeasured = len(values.series) - len(series)
        below = [f"{unmeasured} series not measured at this commit."] if unmeasured else []
        more = f"{left} more series" if left else "With all values and reasons"
        return [*heading(values), "", Grid(_COLUMNS, rows[:number]), *below, f"{more}: {command}"]

    screen.show(parts, len(rows))


def _order(series: SeriesValues) -> tuple[int, bool, float]:
    """What is wrong first, what does not apply last; the figures by which a history is told before
    others, which stand as the suite has them."""
    is_missing = all(cell.status is Status.NOT_APPLICABLE for cell in series.cells)
    rank = math.inf if series.rank is None else series.rank
    return -sum(map(_is_bad, series.cells)), is_missing, rank


def _is_bad(cell: CellValue) -> bool:
    return cell.status in (Status.FAILED, Status.WRONG) or cell.is_expected is False


def _values(series: SeriesValues, room: int) -> StyledText:
    """The values in ``room`` columns: how many are bad, then each with its parameters, or from
    where to where they go; of codes how many there are of each."""
    bad = sum(map(_is_bad, series.cells))
    said = f"{bad} of {len(series.cells)} not as expected: " * (bad > 0 and len(series.cells) > 1)
    unit = f" {series.unit}" if series.unit and not values_tell_unit(series) else ""
    left = max(room - len(said) - width(unit), _LEAST)
    counts = Counter(value_text(cell, series) for cell in series.cells)
    if len(counts) == 1:
        (text,) = counts
        unit = unit if any(cell.value is not None for cell in series.cells) else ""
        said += text + unit + (f" in all {len(series.cells)}" if len(series.cells) > 1 else "")
    elif series.codes:
        words = [f"{number} {text}" for text, number in counts.most_common()]
        said += first_of(words, max(left, width(words[0]) + _MORE))  # one is told; it may be folded
    else:
        said += _listed(series, left, unit)
    return StyledText(said, "red" if bad else "")


def _listed(series: SeriesValues, room: int, unit: str) -> str:
    cells = [f"{cell_text(cell.params)}: {value_text(cell, series)}" for cell in series.cells]
    listed = first_of(cells, room)
    measured = [(cell.value, cell) for cell in series.cells if cell.value is not None]
    if listed == first_of(cells, sys.maxsize) or not measured:
        return listed + unit
    (low, lowest), (high, highest) = (pick(measured, key=_number) for pick in (min, max))
    others = Counter(value_text(cell, series) for cell in series.cells if cell.value is None)
    reach = value_text(lowest, series)
    if low != high:
        reach += f" to {value_text(highest, series)}"
    return ", ".join([reach + unit, *(f"{number} {text}" for text, number in others.most_common())])


def _number(pair: tuple[float, CellValue]) -> float:
    return pair[0]
