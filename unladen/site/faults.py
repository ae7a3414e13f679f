"""The data of the page of faults: what is expected of each, and what was noted of its outcomes.

The outcomes themselves are in the data files of their series.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from unladen.history.history import History
from unladen.history.series_history import SeriesHistory
from unladen.site.encode import StringTable
from unladen.store.series import Status, cell_text
from unladen.views.faults.model import known_at, notes_of, outcome_series, place_of


def faults_data(history: History) -> dict[str, Any]:
    """What ``data/faults.js`` holds."""
    strings = StringTable()
    strings.index("")
    said = _Said(history)
    numbers = {one.series.name: number for number, one in enumerate(history.series)}
    return {
        "matrices": [
            {
                "series": numbers[one.series.name],
                "letters": letters(one.series.codes),
                "unexpected": _unexpected(one),
                "cases": [_case(one, cell, said, strings) for cell in range(len(one.series.cells))],
            }
            for one in outcome_series(history)
        ],
        "texts": strings.strings,
    }


def _unexpected(series: SeriesHistory) -> int:
    """How many of its faults are not as expected, or fail, at the last commit at which any was
    measured."""
    known = known_at(series)
    if not known.size:
        return 0
    at, info = int(known[-1]), series.series
    return sum(
        series.status(at, cell) is Status.FAILED
        or info.is_expected(params, series.value(at, cell)) is False
        for cell, params in enumerate(info.cells)
    )


def letters(codes: Sequence[str]) -> list[str]:
    """A short form of each code: the initials of its words, or its number where another has the
    same."""
    short = ["".join(word[0] for word in code.split() if word != "and").upper() for code in codes]
    return [one if short.count(one) == 1 else str(n) for n, one in enumerate(short)]


class _Said:
    """What records say of the measured commits, each read once."""

    def __init__(self, history: History) -> None:
        self.at = np.flatnonzero(np.array(history.measured, dtype=bool))
        self._notes = [notes_of(history.record(n)) for n in self.at.tolist()]

    def of(self, position: int, series: str, params: tuple[str, ...]) -> str:
        """What was said of a cell at a position; "" if nothing was."""
        return self._notes[position].get((series, params), "")


def _case(series: SeriesHistory, cell: int, said: _Said, strings: StringTable) -> dict[str, Any]:
    """``notes``: position, index of its text, position... wherever the outcome became another one,
    and at the last measured position."""
    info = series.series
    params = info.cells[cell]
    name = cell_text(params)
    positions = _starts(series, cell, said)
    notes = [(position, said.of(position, info.name, params)) for position in positions]
    return {
        "name": name,
        "place": place_of(name),
        "expected": [info.codes.index(word) for word in info.expected.get(name, ())],
        "about": info.about.get(name, ""),
        "notes": [entry for position, text in notes for entry in (position, strings.index(text))],
    }


def _starts(series: SeriesHistory, cell: int, said: _Said) -> list[int]:
    """The positions at which the outcome became another one, and the last at which it is known."""
    known = np.flatnonzero(np.isin(said.at, series.known(cell)))
    if not known.size:
        return []
    return sorted({*known[series.starts(cell)].tolist(), int(known[-1])})
