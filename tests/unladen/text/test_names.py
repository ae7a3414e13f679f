"""A series is shown by one name and found by each that it may be called."""

from __future__ import annotations

import re

import pytest
from made_history import history, series

from unladen.changes.by_commit import group_changes
from unladen.changes.exact import find_exact_changes
from unladen.changes.text import render
from unladen.compare.ab.cells import Cell
from unladen.compare.gate.thresholds import Rule
from unladen.text.names import called, did_you_mean, matches, no_series, shown_name, spellings

NAME = "talk.faults.Run.track_outcome"
OTHERS = (
    "talk.memory.Pressure.track_outcome",
    "talk.baseline.Run.time_cpu",
    "work.track_seconds",
)
NAMES = (NAME, *OTHERS)
SPELLINGS = (
    *("talk.faults.Run.track_outcome", "talk.faults.Run.outcome"),
    *("faults.Run.track_outcome", "faults.Run.outcome"),
    *("Run.track_outcome", "Run.outcome"),
)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (NAME, "talk.faults.Run.outcome"),
        ("talk.baseline.Run.time_cpu", "talk.baseline.Run.time_cpu"),
        ("work.track_seconds", "work.seconds"),
        # Without its prefix it would be the name of another kind of series.
        ("m.C.track_time_cpu", "m.C.track_time_cpu"),
        ("m.C.track_", "m.C.track_"),
        ("track_x\x1b", "x\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_the_shown_name(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_all_spellings_are_known() -> None:
    assert {*spellings(NAME)} == {*SPELLINGS}


@pytest.mark.parametrize("wanted", SPELLINGS)
def test_each_spelling_finds_the_series(wanted: str) -> None:
    assert called(wanted, NAMES) == [NAME]
    assert [name for name in NAMES if matches(re.compile(wanted), name)] == [NAME]
    info = series(NAME, axes={"fault": ["'x'"]})
    assert Rule(wanted, 0.1).is_for(Cell(info, 0))
    assert Rule(f"{wanted}(x)", 0.1).is_for(Cell(info, 0))


def test_a_pattern_that_leaves_a_module_out_does() -> None:
    pattern = re.compile(r"^(?!talk\.faults\.)")
    assert [name for name in NAMES if matches(pattern, name)] == [*OTHERS]


def test_two_series_of_one_short_name_are_both_meant() -> None:
    names = ["a.C.track_x", "b.C.track_x"]
    assert called("C.x", names) == names
    assert called("a.C.x", names) == ["a.C.track_x"]


@pytest.mark.parametrize(
    ("wanted", "advice"),
    [
        ("talk.faults.Run.outcom", "talk.faults.Run.outcome"),
        ("outcme", "talk.faults.Run.outcome"),
        ("baseline", "talk.baseline.Run.time_cpu"),
        (r"^work\.second$", "work.seconds"),
    ],
)
def test_what_is_nearly_the_name_of_a_series_is_suggested(wanted: str, advice: str) -> None:
    said = no_series(wanted, NAMES)
    assert said.startswith("no series is called ")
    assert advice in said.partition("did you mean")[2]


def test_without_a_near_name_there_is_no_suggestion() -> None:
    assert no_series("zzzz", NAMES) == "no series is called 'zzzz'; there are 4"
    assert did_you_mean("zzzz", NAMES) == ""
    assert did_you_mean("bear", ["bare", "parley"]) == "; did you mean bare?"


def test_one_name_is_shown() -> None:
    made = history((series(NAME), [1, 2]))
    text = render(group_changes(made, find_exact_changes(made)), None)
    assert "talk.faults.Run.outcome" in text
    assert "track_" not in text
