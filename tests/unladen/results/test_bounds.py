"""What a figure is held against."""

from __future__ import annotations

import pytest

from unladen.results.bounds import Bound, Bounded


@pytest.mark.parametrize(
    ("bound", "holding", "sign"),
    [
        (Bound.BELOW, [1], "<"),
        (Bound.ABOVE, [3], ">"),
        (Bound.AT_MOST, [1, 2], "≤"),
        (Bound.AT_LEAST, [2, 3], "≥"),
    ],
)
def test_a_bound_holds_on_its_side(bound: Bound, holding: list[int], sign: str) -> None:
    assert [value for value in (1, 2, 3) if bound.holds(value, 2)] == holding
    assert bound.sign == sign


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (Bounded(below=1), ""),
        (Bounded(at_least=0), ""),
        (Bounded(), "it needs one of below, above, at_most, at_least"),
        (Bounded(below=1, above=0), "it needs one of below, above, at_most, at_least"),
        (Bounded(at_most=float("inf")), "at_most must be a finite number"),
    ],
)
def test_a_criterion_is_of_one_number(written: Bounded, why: str) -> None:
    assert written.why_unbounded() == why
