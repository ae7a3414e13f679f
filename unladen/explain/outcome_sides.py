"""Of which figures it is told where two commits part that end otherwise, and from what they did."""

from __future__ import annotations

from unladen.compare.ab.cells import Cell
from unladen.explain.contexts import Side
from unladen.explain.kinds import OUTCOMES, kind_of
from unladen.explain.sides import Sides


def one_is_wrong(before: Side, after: Side) -> bool:
    """Whether what came of it was right at one of two commits only."""
    return bool(before.wrong) != bool(after.wrong)


def ended_otherwise(
    sides: Sides, numbers: tuple[int, int], cell: Cell, done: tuple[Side, Side]
) -> tuple[Side, Side] | None:
    """What both commits did in order, of a figure that says how something ends, or that is the same
    though what came of it was right at one of them only; None of others. ``done``: what is known of
    both."""
    if kind_of(cell.series) == OUTCOMES:
        return done
    if done[0].value != done[1].value or not one_is_wrong(*done):
        return None
    before, after = (sides.in_order(side, cell) for side in numbers)
    if isinstance(before, str) or isinstance(after, str):
        return done
    return before, after
