"""What a confirmation found, for people and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from unladen.compare.ab.cells import Cell
from unladen.compare.ab.confirm import Suspect
from unladen.repo.commits import SHORT
from unladen.store.verdicts import Ruling, Verdict
from unladen.text.terminal import fitted
from unladen.text.units import quantity

VERSION = 1
_WIDTH = 100


def render(
    suspects: Sequence[Suspect],
    measured: Sequence[Suspect],
    new: Sequence[Verdict],
) -> str:
    """One line for each verdict made now, and a summary."""
    cells = {one.cell.key: one.cell for one in suspects}
    lines = []
    for ruling in Ruling:
        for one in sorted(new, key=lambda one: -abs(one.ratio - 1)):
            if one.ruling is ruling:
                lines.append(_line(one, cells[one.series, one.params]))
    if not suspects:
        return "\n".join([*lines, "No suspected changes."])
    counts = [f"{sum(one.ruling is r for one in new)} {r.value}" for r in Ruling]
    lines.append(f"{len(suspects)} suspects, {len(measured)} of them open: {', '.join(counts)}.")
    if len(new) < len(measured):
        lines.append(f"{len(measured) - len(new)} were not measured: budget spent, or not possible")
    return "\n".join(lines)


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


def _line(one: Verdict, cell: Cell) -> str:
    before, after = (
        quantity(figure, cell.series.unit, "sampled", cell.series.codes)
        for figure in (one.figure_before, one.figure_after)
    )
    interval = f"{one.low:.3g} to {one.high:.3g}" if one.low and one.high else "open"
    said = f"x{one.ratio:.3g} ({interval}; {one.rounds} rounds, p {one.p:.2g})"
    head = f"{one.ruling.value:9}  {one.commit[:SHORT]}  {cell.name}"
    return f"{fitted(head, _WIDTH)}\n           {before} -> {after}  {said}"
