"""What a confirmation found, for people and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from unladen.compare.ab.cells import Cell
from unladen.compare.ab.confirm import Suspect
from unladen.store.verdicts import Ruling, Verdict
from unladen.text.screen import Column, Grid, Screen
from unladen.text.units import quantity

VERSION = 1

_COLUMNS = (
    Column(""),
    Column(""),
    Column("", folds=True),
    Column(""),
    Column("", folds=True),
)


def render(
    suspects: Sequence[Suspect],
    measured: Sequence[Suspect],
    new: Sequence[Verdict],
) -> str:
    """Two lines for each verdict made now, whole however long they are, and a summary."""
    lines = [
        f"{told.ruling:9}  {told.commit}  {told.cell}\n           {told.figures}  {told.change}"
        for told in _told(suspects, new)
    ]
    return "\n".join([*lines, *_summary(suspects, measured, new)])


def show(
    suspects: Sequence[Suspect],
    measured: Sequence[Suspect],
    new: Sequence[Verdict],
    screen: Screen,
) -> None:
    """The same on a terminal, as wide as that is."""
    rows = [
        (told.ruling, told.commit, told.cell, told.figures, told.change)
        for told in _told(suspects, new)
    ]
    screen.print(*([Grid(_COLUMNS, rows)] if rows else []), *_summary(suspects, measured, new))


def as_json(
    target: str, suspects: Sequence[Suspect], new: Sequence[Verdict], remarks: Sequence[str]
) -> dict[str, Any]:
    """One object, as docs/gate.md describes it."""
    return {
        "version": VERSION,
        "target": target,
        "suspects": len(suspects),
        "verdicts": [
            {**asdict(one), "params": list(one.params), "ruling": one.ruling.value} for one in new
        ],
        "remarks": list(remarks),
    }


@dataclass(frozen=True)
class _Told:
    """A verdict in words."""

    ruling: str
    commit: str
    cell: str
    figures: str
    change: str


def _told(suspects: Sequence[Suspect], new: Sequence[Verdict]) -> list[_Told]:
    """Each verdict, those that are confirmed first, and of these the largest change."""
    cells = {one.cell.key: one.cell for one in suspects}
    ordered = sorted(new, key=lambda one: ([*Ruling].index(one.ruling), -abs(one.ratio - 1)))
    called = {one.commit.hash: one.commit.short for one in suspects}
    return [_in_words(one, cells[one.series, one.params], called[one.commit]) for one in ordered]


def _in_words(one: Verdict, cell: Cell, commit: str) -> _Told:
    before, after = (
        quantity(figure, cell.series.unit, "sampled", cell.series.codes)
        for figure in (one.figure_before, one.figure_after)
    )
    interval = f"{one.low:.3g} to {one.high:.3g}" if one.low and one.high else "open"
    change = f"x{one.ratio:.3g} ({interval}; {one.rounds} rounds, p {one.p:.2g})"
    return _Told(one.ruling.value, commit, cell.name, f"{before} -> {after}", change)


def _summary(
    suspects: Sequence[Suspect], measured: Sequence[Suspect], new: Sequence[Verdict]
) -> list[str]:
    if not suspects:
        return ["No suspected changes."]
    counts = [f"{sum(one.ruling is r for one in new)} {r.value}" for r in Ruling]
    lines = [f"{len(suspects)} suspects, {len(measured)} of them open: {', '.join(counts)}."]
    if len(new) < len(measured):
        lines.append(f"{len(measured) - len(new)} were not measured: budget spent, or not possible")
    return lines
