"""The command ``faults``, and what the page of faults is made of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_history import CASES, Project, history, outcomes, series, write_project

from unladen.cli import main
from unladen.errors import UserError
from unladen.site.faults import faults_data, letters
from unladen.store.records import Note, Record
from unladen.views.faults.load import load_faults
from unladen.views.faults.model import faults_at, known_at, outcome_series, place_of
from unladen.views.faults.text import WIDTH, as_json, render

NAME = "talk.faults.Run.track_outcome"
ROWS: tuple[Sequence[Any] | None, ...] = (
    [0, 0, 2],
    [4, 0, 3],
    None,
    [4, "failed", 3],
    [4, 0, "n/a"],
)
NOTE = "nobody wakes\n  agent a-1 waits at offer.py:7"


def stored(row: Sequence[Any]) -> list[Any]:
    return [{"failed": None, "n/a": float("nan")}.get(value, value) for value in row]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Five commits with ``ROWS``, the third of which was not measured."""
    made = write_project(tmp_path, [], *["file"] * len(ROWS))
    info = outcomes()
    made.describe(info, series("m.C.track_other"))
    points = [list(points) for points in info.axes.values()]
    for commit, row in enumerate(ROWS):
        if row is not None:
            rows: Mapping[str, Sequence[Any]] = {
                NAME: [stored(row), points, "1", 1, 1.0],
                "m.C.track_other": [[5], [], "1", 1, 1.0],
            }
            made.store(commit, rows)
            failed = [(NAME, ["'offer: 429'"], "ValueError: broken")] if "failed" in row else []
            made.record(commit, failed, [(NAME, ["'offer: hangs'"], NOTE)])
    return made


def test_the_newest_commit_with_what_is_expected_and_since_when(project: Project) -> None:
    (found,) = load_faults(project.read())
    assert found.commit.hash == project.hashes[4]
    assert found.told() == "3 faults: 1 as expected, 1 not as expected, 1 n/a"
    first, second, third = found.faults
    assert (first.name, first.place, first.actual) == ("offer: hangs", "offer", "hang")
    assert (first.is_expected, first.note) == (False, NOTE)
    assert [one.since.hash for one in found.faults] == [project.hashes[n] for n in (1, 4, 4)]
    assert (second.actual, second.is_expected) == ("recovered", True)
    assert (third.actual, third.is_expected) == ("n/a", None)


def test_as_text(project: Project) -> None:
    (found,) = load_faults(project.read())
    short = [commit[:8] for commit in project.hashes]
    assert render(found).splitlines()[1:] == [
        "talk.faults.Run.outcome: 3 faults: 1 as expected, 1 not as expected, 1 n/a",
        "",
        "  fault   actual     since     expected",
        "offer",
        f"! hangs   hang       {short[1]}  recovered or typed error",
        "      nobody wakes",
        "        agent a-1 waits at offer.py:7",
        f"  429     recovered  {short[4]}  recovered or typed error",
        "center",
        f"  raises  n/a        {short[4]}  recovered or typed error",
    ]
    assert [line[:3] for line in render(found, only_unexpected=True).splitlines()[4:]] == [
        *("off", "! h", "   ", "   ")
    ]


@pytest.mark.slow
def test_a_commit_is_named_as_git_does(project: Project) -> None:
    (found,) = load_faults(project.read(), "main~1")
    assert [one.actual for one in found.faults] == ["hang", "FAILED", "untyped crash"]
    assert found.faults[1].note == "ValueError: broken"
    assert found.faults[2].since.hash == project.hashes[1]  # the one between was not measured
    with pytest.raises(UserError, match=r"main~2 \(.*\) is not measured; the nearest that is"):
        load_faults(project.read(), "main~2")
    with pytest.raises(UserError, match=r"one commit, please, not main~2\.\.main"):
        load_faults(project.read(), "main~2..main")
    with pytest.raises(UserError, match="no such commit"):
        load_faults(project.read(), "nonsense")


def test_as_json(project: Project) -> None:
    (found,) = load_faults(project.read())
    data = json.loads(json.dumps(as_json(found), allow_nan=False))
    assert data["commit"] == project.hashes[4]
    assert data["faults"][0] == {
        "fault": "offer: hangs",
        "params": {"fault": "'offer: hangs'"},
        "place": "offer",
        "about": "about offer: hangs",
        "expected": ["recovered", "typed error"],
        "status": "measured",
        "value": 4,
        "word": "hang",
        "as_expected": False,
        "since": project.hashes[1],
        "note": NOTE,
    }
    assert data["faults"][2]["status"] == "n/a"
    assert data["faults"][2]["as_expected"] is None


@pytest.mark.slow
def test_the_command(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.folder)
    config = ["--config", str(project.folder / "asv.conf.json"), "faults"]
    assert main(config) == 0
    assert "! hangs   hang" in capsys.readouterr().out
    assert main([*config, "main~3", "--json"]) == 0
    (data,) = json.loads(capsys.readouterr().out)
    assert data["commit"] == project.hashes[1]
    assert main([*config, "nonsense"]) == 2
    assert capsys.readouterr().err.startswith("unladen: no such commit")
    assert main([*config, "--machine", "elsewhere"]) == 2


def test_without_outcomes_the_command_says_how_to_have_some(project: Project) -> None:
    project.describe(series("m.C.track_other"))
    with pytest.raises(UserError, match=r"unladen run --bench faults"):
        load_faults(project.read())


def test_long_and_odd_texts_stay_in_their_columns() -> None:
    case = "p" * 30 + ": " + "界" * 200
    info = outcomes(
        axes={"fault": [repr(case), "'no place'"]}, expected={case: outcomes().codes}, about={}
    )
    made = history((info, [[4, 9]]))
    record = Record(notes=(Note(info.name, info.cells[0], "\n".join(["x" * 500] * 50)),))
    found = faults_at(replace(made, records=[record]), outcome_series(made)[0], 0)
    lines = render(found).splitlines()
    assert len(lines) < 15
    assert all(len(line) <= WIDTH for line in lines)
    assert found.faults[1].place == "other"
    assert found.faults[1].actual == "9"
    assert found.faults[1].is_expected is None
    assert "1 of which nothing is expected" in found.told()


def test_what_was_not_measured_is_left_out() -> None:
    made = history((outcomes(), [[0, None, 1], [None, None, None], [0, None, None]]))
    (one,) = outcome_series(made)
    assert known_at(one).tolist() == [0, 2]
    found = faults_at(made, one, 2)
    assert [fault.name for fault in found.faults] == [CASES[0]]
    assert found.faults[0].since is made.commits[0]


def test_places() -> None:
    assert [place_of(name) for name in ("all offers: 429: x", "odd", ": x")] == [
        *("all offers", "other", "")
    ]


def test_letters_tell_codes_apart() -> None:
    assert letters(["recovered", "degraded and reported", "typed error"]) == ["R", "DR", "TE"]
    assert letters(["recovered", "refused", "hang"]) == ["0", "1", "H"]
    assert letters([]) == []


def test_the_page_has_the_notes_at_which_an_outcome_began() -> None:
    info = outcomes()
    made = history(
        (series("m.C.track_x"), [1] * 5), (info, [list(row or [None] * 3) for row in ROWS])
    )
    records = [
        Record(notes=(Note(info.name, info.cells[0], f"note {n}"),))
        for n in range(len(made.commits))
    ]
    data = faults_data(replace(made, records=records))
    (matrix,) = data["matrices"]
    assert matrix["series"] == 1
    first, second, third = matrix["cases"]
    assert (first["name"], first["place"]) == ("offer: hangs", "offer")
    assert first["expected"] == [0, 2]
    texts = data["texts"]
    noted = np.array(first["notes"]).reshape(-1, 2).tolist()
    assert [(at, texts[text]) for at, text in noted] == [
        *((0, "note 0"), (1, "note 1"), (4, "note 4"))
    ]
    assert second["notes"] == [0, 0, 3, 0, 4, 0]
    assert third["notes"] == [0, 0, 1, 0, 4, 0]
