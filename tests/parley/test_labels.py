"""The sample SDK's labels say what its commits do: all of it, and nothing else."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import groupby, pairwise

import pytest
from committed_values import REFERENCE, load_committed, measured_anew
from drafting import NO_STORY
from measured_history import Subject, trees_of

from unladen.labels.check import (
    CellKey,
    CommitValues,
    Value,
    commit_values,
    disagreements,
    effect_of,
    order_disagreements,
)
from unladen.labels.labels import Effect, Kind, Label, LabelledChange, Labels, Range
from unladen.store.series import BEHAVIOUR, SeriesInfo

# Most of it is to measure, once for all, a part of the trees: each commit another one.
pytestmark = pytest.mark.every_commit

HOW = "see docs/labels.md; python tests/parley/draft_labels.py shows what was measured"

Series = dict[str, SeriesInfo]


def interpreter_bound(series: Series) -> set[str]:
    return {info.group for info in series.values()} - BEHAVIOUR


def is_labelled_interpreter(labels: Labels) -> bool:
    running = ".".join(platform.python_version_tuple()[:2])
    return platform.python_implementation() == "CPython" and running == labels.interpreter


# The labels on their own.


def test_every_commit_has_a_label_in_its_place(labels: Labels, parley: Subject) -> None:
    assert order_disagreements(labels, [commit.subject for commit in parley.commits]) == [], HOW


def test_every_label_tells_its_story(labels: Labels) -> None:
    assert [label.subject for label in labels.commits if label.story == NO_STORY] == []


def test_the_history_has_something_of_every_kind(labels: Labels) -> None:
    kinds = Counter(label.kind for label in labels.commits)
    assert len(labels.commits) >= 30
    assert kinds[Kind.REGRESSION] >= 12
    assert kinds[Kind.IMPROVEMENT] >= 6
    assert kinds[Kind.NEUTRAL] >= 10


def test_one_drift_takes_six_commits_on_end(labels: Labels) -> None:
    runs = [
        len(list(run)) for name, run in groupby(label.drift for label in labels.commits) if name
    ]
    assert runs == [6]


def test_two_neighbours_are_regressions(labels: Labels) -> None:
    """Not of the drift, which is one slow regression."""
    kinds = ["" if label.drift else label.kind for label in labels.commits]
    assert (Kind.REGRESSION, Kind.REGRESSION) in pairwise(kinds)


def test_one_regression_is_repaired_three_commits_later(labels: Labels) -> None:
    positions = {label.subject: number for number, label in enumerate(labels.commits)}
    distances = {
        positions[label.subject] - positions[label.repairs]
        for label in labels.commits
        if label.repairs and labels.commits[positions[label.repairs]].kind is Kind.REGRESSION
    }
    assert 3 in distances


# The labels and what is measured.


@pytest.mark.slow
def test_the_labels_agree_with_virtual_time_calls_and_outcomes(
    labels: Labels, series: Series, values: list[CommitValues]
) -> None:
    assert disagreements(labels, series, values, BEHAVIOUR) == [], HOW


def test_the_labels_agree_with_work_memory_imports_and_growth(
    labels: Labels, series: Series, values: list[CommitValues]
) -> None:
    if not is_labelled_interpreter(labels):
        pytest.skip(f"the labels of work and memory are about CPython {labels.interpreter}")
    assert disagreements(labels, series, values, interpreter_bound(series)) == [], HOW


@pytest.mark.slow
def test_the_labels_agree_with_the_committed_results(labels: Labels, series: Series) -> None:
    if not REFERENCE.is_dir():
        pytest.skip("no results of parley are committed yet")
    history = load_committed()
    assert history.remarks == []
    assert all(history.measured)
    assert f"py{labels.interpreter}" in history.environment
    assert disagreements(labels, series, commit_values(history)) == [], HOW


def test_what_is_measured_anew_is_what_is_committed(
    series: Series,
    parley: Subject,
    committed: dict[str, Mapping[CellKey, Value]],
    measured: list[CommitValues],
) -> None:
    """All but imports, which depend on what the start of an environment has loaded."""
    if not committed:
        pytest.skip("all trees are measured anew: no committed values are of this interpreter")
    trees = trees_of(parley)
    anew = measured_anew(committed)
    moved = [
        f"{commit.short} {name}{params}: committed {kept}, measured {value}"
        for commit, found in zip(parley.commits, measured, strict=True)
        if trees[commit.hash] in anew
        for (name, params), value in found.cells.items()
        if series[name].group != "import"
        and (kept := committed[trees[commit.hash]].get((name, params))) is not None
        and effect_of(series[name], params, kept, value) is not None
    ]
    assert moved == []


# An altered label is seen. Only groups that any interpreter has are needed to show it.

Alter = Callable[[Label], Label | None]


def drop_a_change(label: Label) -> Label | None:
    return replace(label, changes=label.changes[1:]) if label.changes else None


def turn_a_direction(label: Label) -> Label | None:
    turned = {Effect.WORSE: Effect.BETTER, Effect.BETTER: Effect.WORSE}
    return _first(label, lambda c: replace(c, effect=turned[c.effect]) if c.effect in turned else c)


def say_another_value(label: Label) -> Label | None:
    return _first(label, lambda c: replace(c, after=_moved(c.after)) if c.after else c)


def say_another_ratio(label: Label) -> Label | None:
    return _first(label, lambda c: replace(c, ratio=_moved(c.ratio)) if c.ratio else c)


def break_something(label: Label) -> Label | None:
    return _first(label, lambda c: replace(c, effect=Effect.BROKEN, ratio=None, after=None))


def add_a_false_change(label: Label) -> Label:
    false = LabelledChange(
        "negotiation.baseline.Run.track_events", Effect.WORSE, ("plan",), after=Range(99, 99)
    )
    return replace(label, changes=(*label.changes, false))


def call_a_neutral_commit_a_regression(label: Label) -> Label | None:
    return replace(label, kind=Kind.REGRESSION) if label.kind is Kind.NEUTRAL else None


def call_a_change_neutral(label: Label) -> Label | None:
    return replace(label, kind=Kind.NEUTRAL) if label.changes else None


@pytest.mark.slow
@pytest.mark.parametrize(
    "alter",
    [
        drop_a_change,
        turn_a_direction,
        say_another_value,
        say_another_ratio,
        break_something,
        add_a_false_change,
        call_a_neutral_commit_a_regression,
        call_a_change_neutral,
    ],
)
def test_one_altered_label_is_seen(
    alter: Alter, labels: Labels, series: Series, values: list[CommitValues]
) -> None:
    groups = BEHAVIOUR | (interpreter_bound(series) if is_labelled_interpreter(labels) else set())
    comparable = _only(labels, series, groups)
    altered: list[str] = []
    unseen: list[str] = []
    for pair in pairwise(range(len(values))):
        before, label = (comparable.commits[number] for number in pair)
        changed = alter(label)
        if changed is not None and changed != label:
            history = [values[number] for number in pair]
            said, said_now = (
                disagreements(replace(labels, commits=(before, now)), series, history, groups)
                for now in (label, changed)
            )
            altered.append(label.subject)
            if set(said_now) <= set(said):
                unseen.append(label.subject)
    assert altered
    assert unseen == []


def _only(labels: Labels, series: Series, groups: frozenset[str]) -> Labels:
    """The labels' changes of exact series in these groups."""

    def kept(change: LabelledChange) -> bool:
        return series[change.series].kind == "exact" and series[change.series].group in groups

    return replace(
        labels,
        commits=tuple(
            replace(label, changes=tuple(filter(kept, label.changes))) for label in labels.commits
        ),
    )


def _first(label: Label, alter: Callable[[LabelledChange], LabelledChange]) -> Label:
    """The label with the first change altered that ``alter`` has something to alter of."""
    for number, change in enumerate(label.changes):
        altered = alter(change)
        if altered != change:
            return replace(
                label, changes=(*label.changes[:number], altered, *label.changes[number + 1 :])
            )
    return label


def _moved(stated: Range | None) -> Range:
    assert stated is not None
    beyond = stated.high + max(abs(stated.high), 1)
    return Range(beyond, beyond)
