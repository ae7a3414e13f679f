"""Measuring a history: every commit's own code, failures as failures, nothing twice."""

from __future__ import annotations

from pathlib import Path

import draft_labels
import measured_history
import pytest
from drafting import NO_STORY, draft
from label_text import text_of
from measured_history import Subject, measure_commit, measure_history
from toy_history import CRASHING, DOCS, MENDED, SLOW, START, SUBJECTS

from unladen.errors import UserError
from unladen.labels.check import disagreements
from unladen.labels.labels import Effect, Kind, LabelledChange, Labels, Range, load
from unladen.store.series import SeriesInfo, Status

MAKESPAN = "negotiation.baseline.Run.track_makespan"


@pytest.mark.slow
def test_a_history_is_measured_and_labelled(
    toy: Subject, series: dict[str, SeriesInfo], fresh: Path, tmp_path: Path
) -> None:
    told: list[str] = []
    history = measure_history(toy, fresh, told.append)
    assert [commit.subject for commit in history] == list(SUBJECTS)
    assert sorted(told) == sorted([START, SLOW, CRASHING])  # two are the first one's tree
    by_subject = {commit.subject: commit.cells for commit in history}
    assert by_subject[START][MAKESPAN, ("'plan'",)] == 3
    assert by_subject[SLOW][MAKESPAN, ("'plan'",)] == 7
    assert by_subject[CRASHING][MAKESPAN, ("'discovery'",)] is Status.FAILED
    assert by_subject[MENDED] == by_subject[DOCS] == by_subject[START]

    assert measure_history(toy, fresh, told.append) == history
    assert len(told) == 3  # kept

    labels = draft(Labels("3.11", ()), series, history).labels
    path = tmp_path / "history.toml"
    path.write_text(text_of(labels))
    assert load(path) == labels
    assert disagreements(labels, series, history) == []
    assert [label.kind for label in labels.commits][1:3] == [Kind.NEUTRAL, Kind.REGRESSION]
    assert {label.story for label in labels.commits} == {NO_STORY}
    crash = labels.of(CRASHING)
    assert crash is not None
    assert crash.changes[0] == LabelledChange(
        MAKESPAN, Effect.BROKEN, ("discovery",), before=Range(9, 9)
    )


@pytest.mark.slow
def test_what_cannot_be_measured_is_an_error(toy: Subject) -> None:
    nothing = Subject(toy.repository, toy.commits, toy.target, toy.import_root, "no such series")
    with pytest.raises(UserError, match="cannot be measured: no series matches"):
        measure_commit(nothing, toy.commits[0].hash)


@pytest.mark.slow
def test_labels_are_shown_and_written(
    toy: Subject,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(measured_history, "parley", lambda: toy)
    file = tmp_path / "history.toml"
    assert draft_labels.main(["--labels", str(file)]) == 1
    assert f'+subject = "{SLOW}"' in capsys.readouterr().out.splitlines()
    assert not file.exists()
    assert draft_labels.main(["--labels", str(file), "--write"]) == 0
    assert draft_labels.main(["--labels", str(file)]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [('interpreter = "3.1"\ncommit = []', "is about Python 3.1"), ("x = 1", "is missing")],
)
def test_labels_that_cannot_be_redrafted_are_left_alone(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "history.toml"
    file.write_text(text)
    assert draft_labels.main(["--labels", str(file), "--write"]) == 2
    assert said in capsys.readouterr().err
    assert file.read_text() == text
