"""What a file of labels may hold, and how it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from unladen.errors import UserError
from unladen.labels.labels import Effect, Kind, Label, LabelledChange, Range, load

GOOD = """
interpreter = "3.11"

[[commit]]
subject = "Begin"
kind = "feature"
story = "the first engine"

[[commit]]
subject = "Ask one by one"
kind = "regression"
story = "offers are awaited one after the other"
drift = "metrics"
changes = [
  { series = "m.C.track_a", is = "worse", before = 3, after = [7, 7.5] },
  { series = "m.C.track_b", at = ["plan", "ask_*"], is = "better", ratio = [0.5, 1] },
  { series = "m.C.track_c", at = ["2"], is = "broken" },
  { series = "m.C.track_c", at = ["3"], is = "new and broken" },
]

[[commit]]
subject = "Ask at once"
kind = "improvement"
story = "as before"
repairs = "Ask one by one"
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "history.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_read_as_it_is_written(tmp_path: Path) -> None:
    labels = load(written(tmp_path, GOOD))
    assert labels.interpreter == "3.11"
    first, second, third = labels.commits
    assert first == Label("Begin", Kind.FEATURE, "the first engine")
    assert (second.kind, second.drift) == (Kind.REGRESSION, "metrics")
    assert second.changes == (
        LabelledChange("m.C.track_a", Effect.WORSE, before=Range(3, 3), after=Range(7, 7.5)),
        LabelledChange("m.C.track_b", Effect.BETTER, ("plan", "ask_*"), ratio=Range(0.5, 1)),
        LabelledChange("m.C.track_c", Effect.BROKEN, ("2",)),
        LabelledChange("m.C.track_c", Effect.NEW_AND_BROKEN, ("3",)),
    )
    assert third.repairs == "Ask one by one"
    assert labels.of("Ask at once") is third
    assert labels.of("Nothing") is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('interpreter = "3.11"', "", '"interpreter" is missing'),
        ('"3.11"', "3.11", '"interpreter" must be'),
        ('"3.11"', '"PyPy"', '"interpreter" must be'),
        ('"3.11"', '"3.11"\nauthor = "me"', 'unknown key "author"'),
        ('subject = "Begin"\n', "", 'commit 1: "subject" is missing'),
        ('subject = "Begin"', "subject = 1", 'commit 1: "subject" must be one line'),
        ('kind = "feature"', 'kind = "nice"', "'Begin': \"kind\" must be one of feature,"),
        ('kind = "feature"', "kind = []", "'Begin': \"kind\" must be one of"),
        ('story = "the first engine"', 'story = " "', "'Begin': \"story\" must be one line"),
        ('story = "the first engine"', 'story = "a\\nb"', "'Begin': \"story\" must be one line"),
        ('story = "the first engine"\n', "", "'Begin': \"story\" is missing"),
        ('subject = "Ask at once"', 'subject = "Begin"', "'Begin' is there twice"),
        ('repairs = "Ask one by one"', 'repairs = "Nobody"', "repairs 'Nobody', which is no"),
        ('repairs = "Ask one by one"', 'repairs = "Ask at once"', "which is no earlier commit"),
        ("drift =", "drifts =", "'Ask one by one': unknown key \"drifts\""),
        ('is = "broken"', 'is = "slow"', 'change 3: "is" must be one of worse, better'),
        ('is = "broken"', 'was = "broken"', 'change 3: "is" is missing'),
        ('is = "broken"', 'is = "broken", after = 1', 'no "after" of what is "broken"'),
        ('is = "broken"', 'is = "broken", ratio = [1, 2]', 'no "ratio" of what is "broken"'),
        ("before = 3,", 'before = "3",', 'change 1: "before" must be a number or [low, high]'),
        ("before = 3,", "before = true,", '"before" must be a number'),
        ("before = 3,", "before = nan,", '"before" must be a number'),
        ("[7, 7.5]", "[7, 6.5]", '"after" must be [low, high], the lower one first'),
        ("[7, 7.5]", "[7]", '"after" must be [low, high]'),
        ("[0.5, 1]", "2", '"ratio" must be [low, high]'),
        ('["2"]', '"2"', '"at" must be a list of patterns'),
        ('["2"]', "[]", '"at" must be a list of patterns, at least one'),
        ('["2"]', "[2]", '"at" must be a list of texts'),
        ("[[commit]]", "[commit]", "not TOML"),
        (GOOD, 'interpreter = "3.11"\ncommit = 3', '"commit" must be a list of tables'),
        (GOOD, "interpreter = ", "not TOML"),
        (
            'story = "the first engine"',
            'story = "x"\nchanges = [{ series = "m.f", is = "gone" }]',
            "'Begin' is the first commit",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    path = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(UserError) as refused:
        load(path)
    message = str(refused.value)
    assert message.startswith(str(path))
    assert said in message
    assert "\n" not in message


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not readable"):
        load(tmp_path / "nothing.toml")
    (tmp_path / "history.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match="not readable"):
        load(tmp_path / "history.toml")
