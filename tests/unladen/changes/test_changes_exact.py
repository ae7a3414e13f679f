"""The changes of exact series, on histories in memory."""

from __future__ import annotations

import pytest
from made_history import Value, history, series

from unladen.changes.exact import find_exact_changes
from unladen.changes.model import Change, ChangeKind, Direction, State
from unladen.labels.check import WrongValue
from unladen.store.series import SeriesInfo


def changes(*values: Value, info: SeriesInfo | None = None) -> list[Change]:
    return find_exact_changes(history((info or series(), list(values))))


def at(change: Change) -> int:
    return int(change.commit.hash[:8])


def suspects(change: Change) -> tuple[int, int]:
    return int(change.first_suspect.hash[:8]), at(change)


def test_a_value_that_stays_is_no_change() -> None:
    assert changes(5, 5, 5) == []


def test_a_value_that_stays_zero_is_no_change() -> None:
    assert changes(0, 0, 0, 0) == []


def test_a_difference_is_a_certain_change_at_its_commit() -> None:
    (change,) = changes(10, 10, 15, 15)
    assert suspects(change) == (2, 2)
    assert (change.kind, change.direction) == (ChangeKind.VALUE, Direction.REGRESSION)
    assert change.state is State.CERTAIN
    assert (change.before.value, change.after.value, change.ratio) == (10, 15, 1.5)
    assert change.undone_by is None


def test_neighbouring_changes_are_two() -> None:
    first, second = changes(10, 15, 30, 30)
    assert (at(first), first.ratio) == (1, 1.5)
    assert (at(second), second.ratio) == (2, 2)


def test_the_direction_of_the_series_decides() -> None:
    (lower,) = changes(4, 2)
    (higher,) = changes(4, 2, info=series(higher_is_better=True))
    assert (lower.direction, higher.direction) == (Direction.IMPROVEMENT, Direction.REGRESSION)


@pytest.mark.parametrize(("after", "number"), [(1004, 0), (1006, 1), (994, 1), (996, 0)])
def test_a_difference_within_the_tolerance_is_none(after: int, number: int) -> None:
    assert len(changes(1000, after, info=series(tolerance=0.005))) == number


def test_floats_that_were_summed_in_another_order_are_equal() -> None:
    assert changes(0.3, 0.1 + 0.2) == []
    assert len(changes(10_000_000, 10_000_001)) == 1


def test_a_ratio_is_left_out_where_it_says_nothing() -> None:
    assert [c.ratio for c in changes(0, 3, 0)] == [None, 0]
    assert [c.ratio for c in changes(-1, 2)] == [None]


def test_commits_that_were_not_measured_widen_the_range() -> None:
    (change,) = changes(1, None, None, 2, None)
    assert suspects(change) == (1, 3)


@pytest.mark.parametrize(
    ("before", "after", "kind", "verdict"),
    [
        (1, "failed", ChangeKind.BROKE, Direction.REGRESSION),
        ("n/a", "failed", ChangeKind.BROKE, Direction.REGRESSION),
        ("failed", 1, ChangeKind.WORKS, Direction.IMPROVEMENT),
        ("n/a", 1, ChangeKind.APPEARS, Direction.NEITHER),
        (1, "n/a", ChangeKind.DISAPPEARS, Direction.NEITHER),
        ("failed", "n/a", ChangeKind.DISAPPEARS, Direction.NEITHER),
    ],
)
def test_failures_and_gaps_are_states_of_their_own(
    before: Value, after: Value, kind: ChangeKind, verdict: Direction
) -> None:
    (change,) = changes(before, before, None, after, after)
    assert (change.kind, change.direction, change.ratio) == (kind, verdict, None)
    assert suspects(change) == (2, 3)


def test_what_works_again_remembers_its_value() -> None:
    broke, works = changes(7, "failed", "failed", 14)
    assert broke.after.reason == "ValueError: broken"
    assert broke.undone_by is works.commit
    assert (works.kind, works.after.value, works.value_before_failure) == (ChangeKind.WORKS, 14, 7)


@pytest.mark.parametrize(
    ("values", "undone"),
    [
        ((100, 200, 200, 150, 100), 4),
        ((100, 200, 90), 2),  # better than before
        ((100, 200, None, 109), 3),  # a tenth of the difference may stay
        ((100, 200, 120), None),
        ((100, 200, "failed", 100), 3),
        ((100, 50, 100), 2),
        ((100, 50, 52), None),
        ((1, "failed", "n/a"), 2),
        (("failed", 1, "n/a", WrongValue(1)), 3),  # bad again, in another way
        (("n/a", 1, "failed"), None),
        ((1, "n/a", "failed", 2), 3),
        (("n/a", 1, 1, "n/a"), 3),
    ],
)
def test_a_change_that_is_gone_later_says_since_when(
    values: tuple[Value, ...], undone: int | None
) -> None:
    commit = changes(*values)[0].undone_by
    assert (commit and int(commit.hash[:8])) == undone


def test_what_may_stay_may_be_all_of_the_tolerance() -> None:
    assert changes(8, 16, 10, info=series(tolerance=0.25))[0].undone_by is not None


def test_a_repair_is_within_the_tolerance() -> None:
    info = series(tolerance=0.01)
    assert changes(1000, 1015, 1009, info=info)[0].undone_by is not None


def test_each_cell_is_looked_at_alone() -> None:
    info = series(axes={"scenario": ("'plan'", "'ask'")})
    found = find_exact_changes(history((info, [[1, 1], [1, 2], [3, 2]])))
    assert {(c.cell, at(c)) for c in found} == {(("'ask'",), 1), (("'plan'",), 2)}


def test_sampled_series_are_not_taken_for_exact_ones() -> None:
    assert changes(1, 2, info=series(kind="sampled")) == []
    assert changes(1, 2, info=series(kind="")) == []


def test_small_steps_the_same_way_are_a_drift_too() -> None:
    found = changes(1000, 1000, 1010, 1020, 1020, 1031, 1040, 1040, 1040)
    assert [at(change) for change in found] == [2, 3, 5, 6]
    drift = found[0].drift
    assert drift is not None
    assert all(change.drift == drift for change in found)
    assert [int(commit.hash[:8]) for commit in drift.commits] == [2, 3, 5, 6]
    assert (drift.before, drift.after, drift.direction) == (1000, 1040, Direction.REGRESSION)
    assert drift.ratio == 1.04
    assert drift.undone_by is None


@pytest.mark.parametrize(
    "values",
    [
        (1000, 1010, 1020),  # two steps
        (1000, 1002, 1004, 1006),  # too small together
        (1000, 1010, 1100, 1110),  # a large step
        (1000, 1001, 1045, 1046),  # one step is most of it
        (1000, 1005, 1010, 1015),
        (1000, 1060, 1120, 1180),  # large steps
        (1000, 1010, 1020, 1020, 1020, 1020, 1030),  # a long pause
        (1000, 1010, WrongValue(1020), WrongValue(1030)),
        (1000, 1010, 1000, 1010, 1000),  # to and fro
        (1000, 1010, "failed", 1020, 1030),
    ],
)
def test_what_is_no_drift(values: tuple[Value, ...]) -> None:
    assert [change.drift for change in changes(*values) if change.drift] == []


@pytest.mark.parametrize(
    "values",
    [
        (1000, 1007, 1014, 1020),  # just large enough together
        (1000, 1010, 1015, 1020),  # one step is half of it
        (1000, 1049, 1100, 1153),  # steps of nearly five percent
        (1000, 1010, 1010, 1010, 1020, 1020, 1020, 1030),  # pauses as long as may be
    ],
)
def test_what_is_just_a_drift(values: tuple[Value, ...]) -> None:
    assert [change.drift is not None for change in changes(*values)] == [True] * 3


def test_a_large_step_comes_before_a_drift_and_stays_alone() -> None:
    found = changes(1000, 2000, 2015, 2030, 2045)
    assert [change.drift is not None for change in found] == [False, True, True, True]


def test_a_large_step_ends_a_drift_and_stays_alone() -> None:
    found = changes(1000, 1010, 1020, 1030, 2000)
    assert [change.drift is not None for change in found] == [True, True, True, False]


def test_a_drift_may_be_undone_or_for_the_better() -> None:
    found = changes(1000, 990, 980, 970, 1000)
    drift = found[0].drift
    assert drift is not None
    assert drift.direction is Direction.IMPROVEMENT
    assert drift.undone_by is found[-1].commit


def test_a_drift_is_not_undone_by_its_own_first_steps() -> None:
    """They are within a tenth of the whole from where it began."""
    found = changes(1000, 1001, 1002, 1012, 1022)
    drift = found[0].drift
    assert drift is not None
    assert (drift.before, drift.after, drift.undone_by) == (1000, 1022, None)


def test_growth_exponents_do_not_drift() -> None:
    values = (1000, 1010, 1020, 1030)
    assert changes(*values)[0].drift is not None
    assert changes(*values, info=series(unit="exponent", group="growth"))[0].drift is None
    assert changes(*values, info=series(unit="more a turn", group="growth"))[0].drift is not None
