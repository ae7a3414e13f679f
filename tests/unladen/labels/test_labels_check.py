"""Labels and measured values are compared both ways."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from unladen.labels.check import (
    CellKey,
    CommitValues,
    Value,
    disagreements,
    effect_of,
    order_disagreements,
)
from unladen.labels.labels import Effect, Kind, Label, LabelledChange, Labels, Range
from unladen.store.series import SeriesInfo, Status

FAILED, NA = Status.FAILED, Status.NOT_APPLICABLE


def info(name: str, kind: str, group: str, tolerance: float = 0.0) -> SeriesInfo:
    higher = name == "m.flight"
    return SeriesInfo(name, kind, "", group, higher, tolerance, version="1", axes={})


SERIES = {
    series.name: series
    for series in (
        info("m.span", "exact", "virtual time"),
        info("m.flight", "exact", "calls"),
        info("m.peak", "exact", "memory", tolerance=0.005),
        info("m.cpu", "sampled", "cpu"),
    )
}
FAR = ("5.0", "20", "'unlimited'")


def span(**at: Value) -> dict[CellKey, Value]:
    return {("m.span", (repr(name),)): value for name, value in at.items()}


def check(
    before: dict[CellKey, Value],
    after: dict[CellKey, Value],
    *changes: LabelledChange,
    kind: Kind = Kind.FEATURE,
    groups: Sequence[str] | None = None,
) -> list[str]:
    labels = Labels("3.11", (Label("A", Kind.FEATURE, "a"), Label("B", kind, "b", tuple(changes))))
    history = [CommitValues("A", before), CommitValues("B", after)]
    return disagreements(labels, SERIES, history, groups)


WORSE = LabelledChange("m.span", Effect.WORSE, before=Range(3, 3), after=Range(7, 7))


def test_a_true_label_agrees() -> None:
    assert check(span(plan=3), span(plan=7), WORSE) == []
    assert check(span(plan=3.0), span(plan=7.0000000001), WORSE) == []


@pytest.mark.parametrize(
    ("changes", "after", "said"),
    [
        ([], 7, "m.span(plan): not labelled; measured 3 -> 7 (worse)"),
        ([WORSE], 3, "labelled worse, before 3, after 7; measured 3 -> 3 (no change)"),
        ([WORSE], 8, "labelled worse, before 3, after 7; measured 3 -> 8 (worse)"),
        ([WORSE], 2, "labelled worse, before 3, after 7; measured 3 -> 2 (better)"),
        ([WORSE], FAILED, "labelled worse, before 3, after 7; measured 3 -> failed (broken)"),
        ([WORSE, WORSE], 7, "2 entries name this cell; measured 3 -> 7 (worse)"),
        (
            [LabelledChange("m.span", Effect.WORSE, ratio=Range(1.1, 2))],
            7,
            "labelled worse, ratio [1.1, 2]",
        ),
        (
            [LabelledChange("m.span", Effect.WORSE, before=Range(4, 5))],
            7,
            "labelled worse, before [4, 5]",
        ),
        (
            [LabelledChange("m.span", Effect.BROKEN)],
            NA,
            "labelled broken; measured 3 -> n/a (gone)",
        ),
    ],
)
def test_a_false_label_is_one_line(changes: list[LabelledChange], after: Value, said: str) -> None:
    (line,) = check(span(plan=3), span(plan=after), *changes)
    assert line.startswith("'B': m.span(plan): ")
    assert said in line


def test_ranges_include_their_ends() -> None:
    entry = LabelledChange("m.span", Effect.WORSE, after=Range(4, 7), ratio=Range(2, 3.5))
    assert check(span(plan=2), span(plan=7), entry) == []
    assert check(span(plan=2), span(plan=4), entry) == []


def test_there_is_no_ratio_to_zero() -> None:
    entry = LabelledChange("m.span", Effect.WORSE, ratio=Range(0, 1e300))
    (line,) = check(span(plan=0), span(plan=2), entry)
    assert "measured 0 -> 2 (worse)" in line


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        (1, 2, Effect.WORSE),
        (2, 1, Effect.BETTER),
        (1, 1.0, None),
        (NA, 1, Effect.NEW),
        (1, NA, Effect.GONE),
        (1, FAILED, Effect.BROKEN),
        (FAILED, 1, Effect.WORKS),
        (NA, FAILED, Effect.NEW_AND_BROKEN),
        (FAILED, NA, Effect.BROKEN_AND_GONE),
        (NA, NA, None),
        (FAILED, FAILED, None),
    ],
)
def test_every_change_has_a_name(before: Value, after: Value, effect: Effect | None) -> None:
    assert effect_of(SERIES["m.span"], (), before, after) is effect
    entries = [LabelledChange("m.span", effect, before=None)] if effect else []
    lines = check(span(plan=before), span(plan=after), *entries)
    sized = effect in (Effect.WORSE, Effect.BETTER)
    assert len(lines) == sized  # worse and better ask for a size


def test_higher_can_be_better() -> None:
    assert effect_of(SERIES["m.flight"], (), 5, 1) is Effect.WORSE
    assert effect_of(SERIES["m.flight"], (), 1, 5) is Effect.BETTER


def test_a_difference_within_the_tolerance_is_none() -> None:
    peak: CellKey = ("m.peak", ())
    assert check({peak: 10000}, {peak: 10040}) == []
    assert len(check({peak: 10000}, {peak: 10090})) == 1
    entry = LabelledChange("m.peak", Effect.WORSE, after=Range(10090, 10090))
    assert check({peak: 10000}, {peak: 10100}, entry) == []
    assert len(check({peak: 10000}, {peak: 10020}, entry)) == 1


def test_globs_choose_cells_and_must_find_one() -> None:
    before, after = span(plan=3, ask_one=3, ask_all=3), span(plan=3, ask_one=7, ask_all=7)
    named = LabelledChange("m.span", Effect.WORSE, ("ask_*",), after=Range(7, 7))
    assert check(before, after, named) == []
    wide = LabelledChange("m.span", Effect.WORSE, ("*",), after=Range(7, 7))
    assert [line.split(":")[1] for line in check(before, after, wide)] == [" m.span(plan)"]
    lost = LabelledChange("m.span", Effect.WORSE, ("ask_*", "tell"), after=Range(7, 7))
    assert check(before, after, lost) == ["'B': m.span: no cell is called 'tell'"]


def test_a_cell_is_called_by_its_plain_values() -> None:
    entry = LabelledChange("m.span", Effect.WORSE, ("5.0, *",), after=Range(7, 7))
    assert check({("m.span", FAR): 3}, {("m.span", FAR): 7}, entry) == []


def test_the_kind_must_fit_what_is_listed() -> None:
    better = LabelledChange("m.span", Effect.BETTER, after=Range(3, 3))
    assert check(span(plan=3), span(plan=7), WORSE, kind=Kind.REGRESSION) == []
    (line,) = check(span(plan=7), span(plan=3), better, kind=Kind.REGRESSION)
    assert line == "'B': a regression, but nothing that it does is worse"
    (line,) = check(span(plan=3), span(plan=7), WORSE, kind=Kind.IMPROVEMENT)
    assert line == "'B': an improvement, but nothing that it does is better"
    (line,) = check(span(plan=3), span(plan=7), WORSE, kind=Kind.NEUTRAL)
    assert line == "'B': neutral, but changes are listed"


def test_sampled_series_are_claimed_but_not_compared() -> None:
    cpu: CellKey = ("m.cpu", ())
    assert check({cpu: 1.0}, {cpu: 2.0}) == []
    assert check({cpu: 1.0}, {cpu: 1.0}, LabelledChange("m.cpu", Effect.WORSE)) == []
    assert check({}, {}, LabelledChange("m.gpu", Effect.WORSE)) == [
        "'B': m.gpu: there is no such series"
    ]


def test_other_groups_can_be_left_out() -> None:
    before, after = {("m.peak", ()): 1, **span(plan=3)}, {("m.peak", ()): 2, **span(plan=3)}
    assert check(before, after, groups=["virtual time"]) == []
    assert len(check(before, after, groups=["memory"])) == 1


def test_a_label_of_what_was_not_measured_is_no_proof() -> None:
    assert check({}, span(plan=7), WORSE) == [
        "'B': m.span: labelled worse, but nothing was measured"
    ]
    assert check(span(plan=3), {}) == []


def test_every_commit_has_one_label_in_its_place() -> None:
    commits = tuple(Label(name, Kind.FEATURE, "x") for name in "ABC")
    labels = Labels("3.11", commits)
    assert order_disagreements(labels, ["A", "B", "C"]) == []
    assert order_disagreements(labels, ["A", "B"]) == ["'C': is no commit"]
    assert order_disagreements(labels, ["A", "B", "C", "D"]) == ["'D': has no label"]
    assert order_disagreements(labels, ["A", "C", "B"]) == [
        "'B': is labelled in another place than it has in the history"
    ]
    assert order_disagreements(labels, ["A", "B", "C", "A"]) == [
        "'A': is there twice in the history"
    ]


@pytest.mark.parametrize(("after", "is_open"), [(1.004, True), (1.007, True), (1.002, False)])
def test_a_difference_near_the_tolerance_may_be_labelled_or_not(
    after: float, is_open: bool
) -> None:
    key: CellKey = ("m.peak", ())
    worse = LabelledChange("m.peak", Effect.WORSE, ratio=Range(1.001, 1.01))
    before: dict[CellKey, Value] = {key: 1000.0}
    later: dict[CellKey, Value] = {key: 1000 * after}
    assert check(before, later) == []
    assert (check(before, later, worse) == []) is is_open


def test_a_difference_well_beyond_the_tolerance_must_be_labelled() -> None:
    key: CellKey = ("m.peak", ())
    assert check({key: 1000.0}, {key: 1009.0}) != []
    assert check({key: 1000.0}, {key: 1007.0}) == []
