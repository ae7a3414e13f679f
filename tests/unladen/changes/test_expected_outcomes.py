"""What is expected decides whether another outcome is good or bad, wherever that is judged."""

from __future__ import annotations

import math

import pytest
from made_history import history, outcomes

from unladen.changes.by_commit import group_changes, importance
from unladen.changes.exact import find_exact_changes
from unladen.changes.model import Change, Direction
from unladen.changes.summary import summarise
from unladen.changes.text import render
from unladen.compare.ab.cells import Cell, Sample
from unladen.compare.gate.exact import judge
from unladen.compare.gate.model import Judgement
from unladen.compare.gate.thresholds import worse_by
from unladen.labels.check import effect_of
from unladen.labels.labels import Effect
from unladen.store.series import SeriesInfo, Status

RECOVERED, REPORTED, SILENT, TYPED, CRASH, HANG = range(6)

CODES = (
    *("recovered", "degraded and reported", "degraded silently"),
    *("typed error", "untyped crash", "hang"),
)


def one_case(*expected: int) -> SeriesInfo:
    case = "encoder: short vector"
    return outcomes(
        codes=CODES,
        axes={"fault": [repr(case)]},
        expected={case: [CODES[code] for code in expected]},
        about={},
    )


CASES = [
    # Silently degraded is never expected, a typed error is: a repair, though its code is higher.
    (one_case(RECOVERED, TYPED), SILENT, TYPED, False),
    (one_case(RECOVERED, TYPED), TYPED, SILENT, True),
    # Where a refusal is right, to carry on is a mistake.
    (one_case(TYPED), RECOVERED, TYPED, False),
    (one_case(TYPED), TYPED, RECOVERED, True),
    # Both expected, or neither: the order of outcomes.
    (one_case(RECOVERED, TYPED), RECOVERED, TYPED, True),
    (one_case(RECOVERED, TYPED), CRASH, SILENT, False),
    (one_case(RECOVERED), SILENT, HANG, True),
    # Nothing is said of what is expected.
    (outcomes(codes=CODES, axes={}, expected={}, about={}), SILENT, TYPED, True),
]


@pytest.mark.parametrize(("info", "before", "after", "is_worse"), CASES)
def test_everybody_judges_by_what_is_expected(
    info: SeriesInfo, before: int, after: int, is_worse: bool
) -> None:
    made = history((info, [before, after]))
    (change,) = find_exact_changes(made)
    assert change.direction is (Direction.REGRESSION if is_worse else Direction.IMPROVEMENT)
    report = group_changes(made, [change])
    assert ("WORSE" in render(report, None)) == is_worse
    assert ("Regressions" in summarise(report)) == is_worse
    params = info.cells[0]
    effect = effect_of(info, params, float(before), float(after))
    assert effect is (Effect.WORSE if is_worse else Effect.BETTER)
    cell = Cell(info, 0)
    finding = judge(cell, sample(before), sample(after), [])
    assert finding.judgement is (Judgement.REGRESSION if is_worse else Judgement.IMPROVEMENT)
    assert worse_by(cell, before, after) == (math.inf if is_worse else -math.inf)


def sample(code: int) -> Sample:
    return Sample(Status.MEASURED, [float(code)])


@pytest.mark.parametrize(
    ("expected", "codes", "undone"),
    [
        # As expected again, though not the outcome that it was.
        ((RECOVERED, TYPED), [RECOVERED, HANG, TYPED], 2),
        # Less bad, but not as expected: it stands.
        ((RECOVERED, TYPED), [RECOVERED, HANG, CRASH], None),
        # A repair is lost when the outcome is not as expected any more, whatever it is.
        ((RECOVERED, TYPED), [SILENT, TYPED, CRASH], 2),
        # Another expected outcome loses no repair.
        ((RECOVERED, TYPED), [SILENT, TYPED, RECOVERED], None),
        # Both as expected: undone when it is as good again.
        ((RECOVERED, REPORTED, TYPED), [RECOVERED, TYPED, REPORTED, RECOVERED], 3),
        ((), [REPORTED, HANG, RECOVERED], 2),
    ],
)
def test_a_change_of_outcome_is_undone_by_what_is_expected(
    expected: tuple[int, ...], codes: list[int], undone: int | None
) -> None:
    change = first_change(one_case(*expected), codes)
    found = None if change.undone_by is None else int(change.undone_by.hash[:8])
    assert found == undone


def first_change(info: SeriesInfo, codes: list[int]) -> Change:
    made = history((info, codes))
    return find_exact_changes(made)[0]


def test_what_stops_being_as_expected_comes_first() -> None:
    """A crash that hangs now is worse; a typed error that is silent now is worse still: nobody is
    told."""
    case = one_case(RECOVERED, TYPED)
    other = outcomes(
        "faults.Other.track_outcome",
        codes=CODES,
        axes={"fault": ["'x'"]},
        expected={"x": ["recovered"]},
        about={},
    )
    made = history((case, [TYPED, SILENT]), (other, [REPORTED, HANG]))
    (commit,) = group_changes(made, find_exact_changes(made)).commits
    first, _ = sorted(commit.items, key=importance)
    assert first.biggest.series is case
