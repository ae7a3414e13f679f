"""Who is to blame for what several figures say of the same two commits."""

from __future__ import annotations

import math
from collections.abc import Sequence

from unladen.explain.code import Key
from unladen.explain.run import ExplainedFigure


def causes_together(figures: Sequence[ExplainedFigure]) -> list[Key]:
    """The functions that are causes of any of the figures: those first that come first in one, then
    those that come second, and so on; of the figures those first that changed most."""
    ranked = [figure.causes for figure in sorted(figures, key=_size, reverse=True)]
    places = range(max(map(len, ranked), default=0))
    found = (causes[place] for place in places for causes in ranked if place < len(causes))
    return list(dict.fromkeys(found))


def _size(figure: ExplainedFigure) -> float:
    """How much it changed: the logarithm of its ratio; infinite where there is none, and where
    its values are codes."""
    before, after = figure.before, figure.after
    if figure.cell.series.codes or not before or not after or before * after < 0:
        return math.inf
    return abs(math.log(after / before))
