"""Who is to blame for what several figures say of the same two commits."""

from __future__ import annotations

from collections.abc import Sequence

from unladen.explain.code import Key
from unladen.explain.run import ExplainedFigure


def causes_together(figures: Sequence[ExplainedFigure]) -> list[Key]:
    """The functions that are causes of any of the figures: those first that come first in one, in
    the order of the figures, then those that come second, and so on."""
    ranked = [figure.causes for figure in figures]
    places = range(max(map(len, ranked), default=0))
    found = (causes[place] for place in places for causes in ranked if place < len(causes))
    return list(dict.fromkeys(found))
