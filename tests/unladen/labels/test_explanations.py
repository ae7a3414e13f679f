"""Explanations of steps: read strictly, and set beside the steps that they explain."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from made_history import commits, history, series

from unladen.errors import UserError
from unladen.labels.explanations import Explanation, explain, load, steps

FIRST = commits(2)[1].hash[:8]


def read(folder: Path, text: str) -> tuple[Explanation, ...]:
    path = folder / "steps.toml"
    path.write_text(text)
    return load(path)


def step(**changes: object) -> Explanation:
    fields: dict[str, object] = {"commit": FIRST, "what": "asks twice", "where": ("a/b.py:7",)}
    return Explanation(**{**fields, **changes})  # type: ignore[arg-type]


def test_all_that_a_file_may_say(tmp_path: Path) -> None:
    text = """
    [[step]]
    commit = "00000001"
    what = "asks twice"
    where = ["a/b.py:7", "a/c.py"]
    series = ["m.C.x", "C.y(1, *)"]
    rank = 2
    shows = "m.C.x"
    [[step]]
    commit = "00000002"
    what = "asks once"
    where = ["a/b.py:9"]
    """
    first, second = read(tmp_path, text)
    assert first.where == ("a/b.py:7", "a/c.py")
    assert first.series == ("m.C.x", "C.y(1, *)")
    assert (first.rank, first.shows) == (2, "m.C.x")
    assert second == Explanation("00000002", "asks once", ("a/b.py:9",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[step]", "not TOML"),
        ("", "missing required field `step`"),
        ("step = []", "length >= 1"),
        ('[[step]]\ncommit = "00000001"\nwhat = "x"', "missing required field `where`"),
        ('[[step]]\ncommit = "main"\nwhat = "x"\nwhere = ["a.py"]', "matching regex"),
        ('[[step]]\ncommit = "00000001"\nwhat = ""\nwhere = ["a.py"]', "matching regex"),
        ('[[step]]\ncommit = "00000001"\nwhat = "x"\nwhere = []', "length >= 1"),
        ('[[step]]\ncommit = "00000001"\nwhat = "x"\nwhere = ["a.py:b"]', "matching regex"),
        ('[[step]]\ncommit = "00000001"\nwhat = "x"\nwhere = ["a"]\nwhy = 1', "unknown field"),
        ('[[step]]\ncommit = "00000001"\nwhat = "x"\nwhere = ["a"]\nrank = 0', ">= 1"),
        (
            2 * '[[step]]\ncommit = "00000001"\nwhat = "x"\nwhere = ["a.py"]\n',
            "00000001 has two explanations that name no series",
        ),
    ],
)
def test_what_is_not_understood_is_refused_in_one_line(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(UserError, match=r"steps\.toml") as refused:
        read(tmp_path, text)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not readable"):
        load(tmp_path / "none.toml")


CALLS = series("m.C.track_calls", group="calls", axes={"n": ["1", "2"]})
SECONDS = series("m.C.track_seconds", group="virtual time")
WORK = series("m.C.track_bytecodes", group="work")


def test_steps_are_what_a_subject_does_and_not_what_that_costs() -> None:
    made = history(
        (CALLS, [[1, 1], [2, 1]]),
        (SECONDS, [1.0, "failed"]),
        (WORK, [10, 20]),
        (replace(SECONDS, name="m.C.sample_seconds", kind="sampled"), [1.0, 9.0]),
    )
    assert [(one.series.name, one.cell) for one in steps(made)] == [
        ("m.C.track_calls", ("1",)),
        ("m.C.track_seconds", ()),
    ]


def test_each_step_has_the_explanation_that_names_it_or_that_of_the_rest() -> None:
    made = history((CALLS, [[1, 1], [2, 3], [2, 3]]), (SECONDS, [1.0, 2.0, 3.0]))
    one, cell, rest = step(series=("C.seconds",)), step(series=("C.calls(2)",)), step()
    found = explain(made, [rest, cell, one])
    told = {said: [change.series.name for change in changes] for said, changes in found.told}
    assert told == {
        rest: ["m.C.track_calls"],
        cell: ["m.C.track_calls"],
        one: ["m.C.track_seconds"],
    }
    assert [change.cell for said, changes in found.told if said is cell for change in changes] == [
        ("2",)
    ]
    assert [change.commit.hash[:8] for change in found.untold] == ["00000002"]
    assert found.idle == []


def test_what_explains_nothing_is_idle_and_what_is_of_no_commit_is_left_out() -> None:
    made = history((SECONDS, [1.0, 2.0]))
    idle, elsewhere = step(series=("m.C.calls",)), step(commit="fffffff")
    found = explain(made, [step(), idle, elsewhere])
    assert found.idle == [idle]
    assert [said for said, _ in found.told] == [step()]
