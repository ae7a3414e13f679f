"""Several figures of the same two commits, and whom they blame together."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

from made_history import series

from unladen.compare.ab.cells import Cell
from unladen.explain.code import Key
from unladen.explain.run import ExplainedFigure
from unladen.explain.together import causes_together

WORK = series("m.C.track_bytecodes", unit="bytecodes")
ENDS = series("m.C.track_outcome", unit="outcome", codes=["ok", "late", "hang"])


def blaming(names: str, before: float = 1, after: float = 2, of: object = WORK) -> ExplainedFigure:
    causes = [Key("sdk/a.py", name) for name in names]
    cell = cast(Cell, SimpleNamespace(series=of))
    figure = SimpleNamespace(causes=causes, before=before, after=after, cell=cell)
    return cast(ExplainedFigure, figure)


def together(*figures: ExplainedFigure) -> str:
    return "".join(key.name for key in causes_together(figures))


def test_those_come_first_that_come_first_in_one() -> None:
    assert together(blaming("fgh"), blaming("g"), blaming(""), blaming("ix")) == "fgixh"
    assert together() == ""


def test_the_figure_that_changed_most_is_the_first() -> None:
    little, less = blaming("a", 100, 110), blaming("b", 10, 7)
    much, codes = blaming("c", 1, 5), blaming("d", 1, 2, ENDS)
    assert together(little, less, much, codes) == "dcba"
    assert together(much, blaming("n", 0, 1)) == "nc"
