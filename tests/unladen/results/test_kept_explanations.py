"""Explanations that are kept beside results, and when they are true no more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from made_history import Project, series, write_project

from unladen.errors import UserError
from unladen.history.conditions import Conditions
from unladen.results.changes import load_changes
from unladen.results.explanations import (
    Explanations,
    KeptExplanation,
    KeptFigure,
    KeptPart,
    explanation_file,
    explanations_of,
    read_explanation,
    write_explanation,
)

CALLS = series("m.counted.C.track_calls", axes={"scenario": ("'plan'", "'ask'")})
PART = KeptPart(function="f", file="a.py", change="+1 calls", share="100%", said="x")
CONDITIONS = Conditions(
    "3.11.7", "CPython", frozenset({("httpx", "1.0")}), frozenset(), frozenset({("", "d1")})
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Three commits with 1, 1 and 2 calls, by driver d1."""
    made = write_project(tmp_path, [], "a", "a", "a")
    made.describe(CALLS)
    for n, value in enumerate((1, 1, 2)):
        store(made, n, value)
    return made


def store(
    made: Project,
    commit: int,
    value: int,
    driver: str = "d1",
    parts: Mapping[str, str] = MappingProxyType({}),
    **settings: Any,
) -> None:
    made.store(commit, {CALLS.name: [[value, 5], [["'plan'", "'ask'"]], "1", 5, 1.0]})
    made.record(commit)
    file = made.file(commit).with_suffix(".record")
    record = json.loads(file.read_text())
    record["environment"] = {
        "cpu": "any",
        "cores": 2,
        "memory": 1,
        "os": "Linux",
        "kernel": "6",
        "asv": "0.6.6",
        "python": "3.11.7",
        "implementation": "CPython",
        "asv_runner": "0.3",
        "unladen": "0",
        "packages": {"httpx": "1.0", "pip": "1"},
        "load_average": [],
        **settings,
    }
    session = {
        "started": 1,
        "ended": 9,
        "cpu": "any",
        "load_before": [],
        "load_after": [],
        "calibration": None,
        "driver": driver,
        "driver_parts": dict(parts),
    }
    file.write_text(json.dumps({**record, "sessions": [session]}))


def figure(**changes: Any) -> KeptFigure:
    fields: dict[str, Any] = {
        "series": CALLS.name,
        "version": "1",
        "params": ("'plan'",),
        "before": 1.0,
        "after": 2.0,
        "parts": [PART],
    }
    return KeptFigure(**{**fields, **changes})


def keep(made: Project, **changes: Any) -> Path:
    """Keep an explanation of the newest commit."""
    _, parent, commit = made.hashes
    fields: dict[str, Any] = {
        "commit": commit,
        "parent": parent,
        "conditions": CONDITIONS,
        "figures": [figure()],
    }
    file = explanation_file(made.read(), commit)
    write_explanation(file, KeptExplanation(**{**fields, **changes}))
    return file


def shown(made: Project) -> Explanations:
    project = made.read()
    history = load_changes(project).history
    assert None not in history.conditions
    return explanations_of(project, history)


def test_it_lies_beside_the_results_and_is_read_as_it_was_written(project: Project) -> None:
    file = keep(project)
    assert file == project.file(2).with_suffix(".explained")
    kept = shown(project).by_commit[project.hashes[2]]
    assert kept == read_explanation(file)
    assert kept.figures == [figure()]
    assert kept.conditions == CONDITIONS
    written = file.read_bytes()
    write_explanation(file, kept)
    assert file.read_bytes() == written


def test_asv_does_not_take_it_for_results(project: Project) -> None:
    keep(project)
    done = project.unladen("show")
    assert done.returncode == 0, done.stderr
    assert "explained" not in done.stdout + done.stderr


def test_nothing_is_kept_where_nothing_is_measured(tmp_path: Path) -> None:
    made = write_project(tmp_path, [], "a")
    with pytest.raises(UserError, match="nothing is measured of sdk"):
        explanation_file(made.read(), made.hashes[0])


@pytest.mark.parametrize(
    "changes",
    [
        {"figures": [figure(version="2")]},
        {"figures": [figure(series="m.C.track_other")]},
        {"figures": [figure(params=("'gone'",))]},
        {"figures": [figure(after=3.0)]},
        {"figures": [figure(before=0.0)]},
        {"figures": []},
        {"commit": "c" * 40},
        {"conditions": Conditions("3.11.8", "CPython", CONDITIONS.packages, frozenset())},
    ],
    ids=["version", "series", "cell", "after", "before", "nothing", "commit", "conditions"],
)
def test_what_is_of_something_else_is_not_shown(project: Project, changes: dict[str, Any]) -> None:
    keep(project, **changes)
    found = shown(project)
    assert not found.by_commit
    name = project.hashes[2][:8]
    assert found.remarks == [
        f"the explanation of {name} is of other results than those that are shown; "
        f"unladen explain {name} --store makes a new one"
    ]


@pytest.mark.parametrize(
    "measured_again",
    [
        {"value": 3},
        {"value": 2, "driver": "d2"},
        {"value": 2, "python": "3.12.1"},
        {"value": 2, "packages": {"httpx": "1.1"}},
    ],
    ids=["value", "driver", "python", "package"],
)
def test_it_is_dropped_once_the_commit_is_measured_otherwise(
    project: Project, measured_again: dict[str, Any]
) -> None:
    keep(project)
    assert shown(project).by_commit
    store(project, 2, **measured_again)
    assert not shown(project).by_commit


@pytest.mark.parametrize(
    ("parts", "is_true"),
    [
        ({"m": "e1"}, True),
        ({"m": "e2"}, False),
        ({"m": "e1", "other": "x1"}, True),
        ({"m": "e1", "other": "x2"}, True),
    ],
)
def test_only_the_driver_of_the_figure_s_capability_matters(
    project: Project, parts: dict[str, str], is_true: bool
) -> None:
    drivers = frozenset({("", "d1"), ("m", "e1"), ("other", "x1")})
    keep(project, conditions=replace(CONDITIONS, drivers=drivers))
    store(project, 2, 2, parts=parts)
    assert bool(shown(project).by_commit) == is_true


def test_it_is_dropped_once_the_series_means_something_else(project: Project) -> None:
    keep(project)
    project.describe(series(CALLS.name, axes=CALLS.axes, version="2"))
    assert not shown(project).by_commit


def test_of_several_figures_those_that_are_true_are_shown(project: Project) -> None:
    keep(project, figures=[figure(after=3.0), figure(params=("'ask'",), before=5.0, after=5.0)])
    (kept,) = shown(project).by_commit.values()
    assert [one.params for one in kept.figures] == [("'ask'",)]


def test_another_machine_s_is_shown_under_the_same_conditions(project: Project) -> None:
    file = keep(project)
    other = project.results / "other"
    other.mkdir()
    file.rename(other / file.name)
    assert shown(project).by_commit


def test_a_damaged_one_is_left_out_with_a_line(project: Project) -> None:
    file = keep(project)
    file.write_text('{"version": 1, "commit": 7}')
    found = shown(project)
    assert not found.by_commit
    (remark,) = found.remarks
    assert remark.startswith(f"lab/{file.name} is not readable: it is not an explanation")


def test_a_later_one_keeps_what_it_does_not_tell_itself() -> None:
    def of(conditions: Conditions, *figures: KeptFigure) -> KeptExplanation:
        return KeptExplanation(
            commit="a" * 40, parent="b" * 40, conditions=conditions, figures=figures
        )

    plan, ask, new = figure(), figure(params=("'ask'",)), figure(after=9.0)
    earlier = of(CONDITIONS, plan, ask)
    assert of(CONDITIONS, new).after(earlier).figures == [new, ask]
    other = Conditions("3.12.1", "CPython", frozenset(), frozenset())
    assert of(other, new).after(earlier).figures == (new,)
    assert of(CONDITIONS, new).after(None).figures == (new,)
