"""Several figures of the same two commits, and whom they blame together."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

from unladen.explain.code import Key
from unladen.explain.run import ExplainedFigure
from unladen.explain.together import causes_together


def blaming(names: str) -> ExplainedFigure:
    causes = [Key("sdk/a.py", name) for name in names]
    return cast(ExplainedFigure, SimpleNamespace(causes=causes))


def test_those_come_first_that_come_first_in_one() -> None:
    together = causes_together([blaming("fgh"), blaming("g"), blaming(""), blaming("ix")])
    assert [key.name for key in together] == ["f", "g", "i", "x", "h"]
    assert causes_together([]) == []
