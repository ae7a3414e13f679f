"""Drafted labels are true of the values that they were drafted from, short, and stable."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from itertools import product

import pytest
from cell_globs import globs_for
from drafting import NO_STORY, draft, exact_changes
from hypothesis import given, settings
from hypothesis import strategies as st
from label_text import text_of

from unladen.labels.check import CellKey, CommitValues, Value, disagreements, names
from unladen.labels.labels import Effect, Kind, Label, LabelledChange, Labels, Range, parse
from unladen.store.reasons import Params
from unladen.store.series import SeriesInfo, Status

LATENCIES, SIZES, SLOTS = ("0.05", "1.0", "5.0"), ("1", "5", "20"), ("'unlimited'", "'20'", "'5'")
GRID = tuple(product(LATENCIES, SIZES, SLOTS))
SCENARIOS = tuple((repr(name),) for name in ("plan", "ask_one", "ask_all", "eager"))


def info(name: str, kind: str, group: str, axes: dict[str, tuple[str, ...]]) -> SeriesInfo:
    tolerance = 0.005 if name == "m.peak" else 0.0
    return SeriesInfo(name, kind, "", group, name == "m.flight", tolerance, "1", axes)


SCENARIO = {"scenario": tuple(scenario for (scenario,) in SCENARIOS)}
SERIES = {
    series.name: series
    for series in (
        info("m.cpu", "sampled", "cpu", SCENARIO),
        info("m.flight", "exact", "calls", SCENARIO),
        info("m.peak", "exact", "memory", SCENARIO),
        info("m.span", "exact", "virtual time", SCENARIO),
        info("m.work", "exact", "work", SCENARIO),
    )
}


@pytest.mark.slow
@settings(deadline=None)
@given(st.sets(st.sampled_from(GRID), min_size=1))
def test_globs_name_what_is_chosen_and_nothing_else(chosen: set[Params]) -> None:
    in_order = [params for params in GRID if params in chosen]
    entry = LabelledChange("m", Effect.WORSE, globs_for(GRID, in_order))
    assert {params for params in GRID if names(entry, params)} == chosen


@pytest.mark.parametrize(
    ("chosen", "globs"),
    [
        (lambda latency, size, slots: True, ()),
        (lambda latency, size, slots: (latency, size) == ("5.0", "20"), ("5.0, 20, *",)),
        (lambda latency, size, slots: slots == "'5'", ("*, *, 5",)),
        (lambda latency, size, slots: latency == "5.0" and slots == "'5'", ("5.0, *, 5",)),
        (lambda *params: params == ("0.05", "1", "'20'"), ("0.05, 1, 20",)),
        (
            lambda latency, size, slots: latency == "5.0" or slots == "'20'",
            ("*, *, 20", "5.0, *, *"),
        ),
    ],
)
def test_globs_are_as_short_as_a_person_would_write_them(chosen, globs) -> None:  # type: ignore[no-untyped-def]
    assert globs_for(GRID, [params for params in GRID if chosen(*params)]) == globs


def test_values_with_a_common_first_word_share_a_glob() -> None:
    assert globs_for(SCENARIOS, SCENARIOS[:3]) == ("plan", "ask_*")
    assert globs_for(SCENARIOS, SCENARIOS[1:2]) == ("ask_one",)


def cells(name: str, *values: Value) -> dict[CellKey, Value]:
    return {(name, params): value for params, value in zip(SCENARIOS, values, strict=True)}


def one_change(
    name: str, before: tuple[Value, ...], after: tuple[Value, ...]
) -> list[LabelledChange]:
    return exact_changes(SERIES, cells(name, *before), cells(name, *after))


def test_a_shared_size_is_exact_and_others_are_a_ratio() -> None:
    assert one_change("m.span", (3.0, 3.0, 3.0, 3.0), (7.0, 7.0, 3.0, 3.0)) == [
        LabelledChange(
            "m.span", Effect.WORSE, ("plan", "ask_one"), before=Range(3, 3), after=Range(7, 7)
        )
    ]
    assert one_change("m.span", (3.0, 5.0, 3.0, 1), (7.0, 10.0, 3.0, 1)) == [
        LabelledChange("m.span", Effect.WORSE, ("plan", "ask_one"), ratio=Range(2, 2.334))
    ]
    assert one_change("m.span", (0, 0, 0, 0), (7, 8, 0, 0)) == [
        LabelledChange(
            "m.span", Effect.WORSE, ("plan", "ask_one"), before=Range(0, 0), after=Range(7, 8)
        )
    ]


def test_work_has_slack() -> None:
    assert one_change("m.work", (1000, 1000, 1000, 1000), (1100, 1200, 1300, 1300)) == [
        LabelledChange("m.work", Effect.WORSE, ratio=Range(1.09, 1.33))
    ]
    failed, na = Status.FAILED, Status.NOT_APPLICABLE
    assert one_change("m.work", (na, failed, 1234, na), (1000, 1000, failed, failed)) == [
        LabelledChange("m.work", Effect.NEW, ("plan",), after=Range(900, 1100)),
        LabelledChange("m.work", Effect.BROKEN, ("ask_all",), before=Range(1110, 1360)),
        LabelledChange("m.work", Effect.WORKS, ("ask_one",), after=Range(900, 1100)),
        LabelledChange("m.work", Effect.NEW_AND_BROKEN, ("eager",)),
    ]


def test_up_and_down_are_two_entries() -> None:
    changes = one_change("m.flight", (5, 5, 1, 5), (1, 5, 5, 1))
    assert [(change.effect, change.at) for change in changes] == [
        (Effect.WORSE, ("plan", "eager")),
        (Effect.BETTER, ("ask_all",)),
    ]


def value() -> st.SearchStrategy[Value]:
    numbers = st.integers(0, 10**7) | st.floats(-10, 10**7).map(lambda x: round(x, 9))
    return st.one_of(numbers, st.sampled_from([Status.FAILED, Status.NOT_APPLICABLE]), st.just(3))


def history_of(*commits: dict[CellKey, Value]) -> list[CommitValues]:
    return [CommitValues(f"commit {n}", values) for n, values in enumerate(commits)]


KEYS = [(name, params) for name in SERIES if name != "m.cpu" for params in SCENARIOS]
COMMIT = st.fixed_dictionaries({key: value() for key in KEYS})


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(st.lists(COMMIT, min_size=2, max_size=4))
def test_a_draft_is_true_and_is_read_as_it_is_written(commits: list[dict[CellKey, Value]]) -> None:
    history = history_of(*commits)
    labels = draft(Labels("3.11", ()), SERIES, history).labels
    assert parse(tomllib.loads(text_of(labels))) == labels
    assert disagreements(labels, SERIES, history) == []
    for number, label in enumerate(labels.commits):
        for left_out in range(len(label.changes)):
            fewer = (*label.changes[:left_out], *label.changes[left_out + 1 :])
            commits_with = [*labels.commits]
            commits_with[number] = replace(label, changes=fewer)
            assert disagreements(Labels("3.11", tuple(commits_with)), SERIES, history) != []


def test_what_a_person_wrote_is_kept() -> None:
    history = history_of(cells("m.span", 3, 3, 3, 3), cells("m.span", 7, 7, 7, 7))
    cpu = LabelledChange("m.cpu", Effect.WORSE, ratio=Range(1.1, 1.3))
    wrong = LabelledChange("m.span", Effect.BETTER, ratio=Range(0.1, 0.3))
    old = Labels(
        "3.11",
        (
            Label("gone", Kind.FEATURE, "was here"),
            Label("commit 1", Kind.REGRESSION, "slow", (wrong, cpu), repairs="gone", drift="d"),
        ),
    )
    drafted = draft(old, SERIES, history)
    first, second = drafted.labels.commits
    assert first == Label("commit 0", Kind.NEUTRAL, NO_STORY)
    right = LabelledChange("m.span", Effect.WORSE, before=Range(3, 3), after=Range(7, 7))
    assert second == Label("commit 1", Kind.REGRESSION, "slow", (cpu, right), drift="d")
    assert len(drafted.remarks) == 2
    assert all("gone" in remark for remark in drafted.remarks)
    assert draft(drafted.labels, SERIES, history).labels == drafted.labels


def test_a_change_near_its_tolerance_is_told() -> None:
    near = history_of(cells("m.peak", 10000, 1, 1, 1), cells("m.peak", 10055, 1, 1, 1))
    (remark,) = draft(Labels("3.11", ()), SERIES, near).remarks
    assert remark == "'commit 1': m.peak(plan) changes by 0.55%, tolerance 0.50%"
    far = history_of(cells("m.peak", 10000, 1, 1, 1), cells("m.peak", 10100, 1, 1, 1))
    assert draft(Labels("3.11", ()), SERIES, far).remarks == ()
