"""From what a benchmark prints of a wrong outcome to what is stored, and who may use it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from made_history import OLD_FAILURE, WRONG, Value, history, series
from tiny_project import TinyProject

from unladen.errors import UserError
from unladen.history.conditions import Conditions
from unladen.history.history import History
from unladen.history.lending import _Lending
from unladen.labels.check import WrongValue
from unladen.store.records import Record, Wrong, record_path
from unladen.store.series import Status

SUITE = """
import json, os, sys

def _wrong(text):
    print("unladen-wrong: " + json.dumps(text), file=sys.stderr, flush=True)

class Work:
    params = ["a", "b", "c"]
    param_names = ["scenario"]

    def track_value(self, scenario):
        if scenario == "b":
            _wrong("never run at " + os.path.dirname(os.path.dirname(__file__)))
            _wrong("another thing")
        if scenario == "c":
            _wrong("it fails as well")
            raise ValueError("broken")
        return 8

    track_value.kind = "exact"
    track_value.unit = "seconds"
    track_value.version = "of this test"

    def teardown(self, scenario):
        if scenario == "a":
            _wrong("seen at the end")
"""

NAME = "work.Work.track_value"


@pytest.mark.slow
def test_it_is_stored_with_its_value_and_goes_when_it_is_right(measured: TinyProject) -> None:
    (measured.folder / "benchmarks" / "work.py").write_text(SUITE)
    commit = f"{measured.history.commits['good']}^!"
    done = measured.unladen("--target", "tiny", "run", commit, "--machine", "lab")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "unladen: 1 values failed; reasons in results" in done.stderr
    assert "unladen: 2 values are of wrong outcomes; reasons in results" in done.stderr
    record = Record.load(record_path(measured.results_file("good")))
    assert record.wrong == (
        Wrong(NAME, ("'a'",), "seen at the end"),
        Wrong(NAME, ("'b'",), "never run at <root>"),
    )
    assert [one.params for one in record.failed if one.series == NAME] == [("'c'",)]

    shown = measured.unladen("--target", "tiny", "table", measured.history.commits["good"])
    assert "8 s (wrong)" in shown.stdout
    assert "wrong outcome: value(b): never run at <root>" in shown.stdout

    silent = SUITE.replace("print(", "str(").replace(", file=sys.stderr, flush=True", "")
    (measured.folder / "benchmarks" / "work.py").write_text(silent)
    again = measured.unladen("--target", "tiny", "run", commit, "--machine", "lab")
    assert again.returncode == 3
    assert "wrong outcomes" not in again.stderr
    assert Record.load(record_path(measured.results_file("good"))).wrong == ()


def test_old_records_have_none_and_what_is_no_entry_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.record"
    old: dict[str, object] = {"version": 1, "environment": None, "failed": [], "not_applicable": []}
    path.write_text(json.dumps(old))
    assert Record.load(path).wrong == ()
    entry = {"series": "m", "params": ["1"], "reason": "\x07line\none"}
    path.write_text(json.dumps({**old, "wrong": [entry]}))
    (read,) = Record.load(path).wrong
    assert "\n" not in read.reason
    Record(wrong=(read,)).save(path)
    assert Record.load(path).wrong == (read,)
    for bad in (5, [5], [{"series": "m", "params": []}]):
        path.write_text(json.dumps({**old, "wrong": bad}))
        with pytest.raises(UserError, match=r"x\.record"):
            Record.load(path)


NOW = Conditions("3.11.7", "CPython", frozenset(), frozenset())


def conditioned(*values: Value) -> History:
    made = history((series(), list(values)))
    return replace(made, conditions=[NOW] * len(values))


@pytest.mark.parametrize(
    ("own", "theirs", "status", "disputed"),
    [
        (None, WrongValue(8), Status.WRONG, False),
        (OLD_FAILURE, WrongValue(8), Status.WRONG, False),
        (WrongValue(8), OLD_FAILURE, Status.WRONG, False),
        (WrongValue(8), WrongValue(9), Status.WRONG, True),
        (WrongValue(8), 8, Status.WRONG, True),
        ("failed", WrongValue(8), Status.FAILED, True),
    ],
)
def test_a_wrong_value_is_lent_as_what_it_is(
    own: Value, theirs: Value, status: Status, disputed: bool
) -> None:
    lending = _Lending(conditioned(1, own))
    lending.take("other", conditioned(1, theirs), [NOW] * 2)
    (found,) = lending.history().series
    assert found.status(1, 0) is status
    assert (found.reasons.get((1, 0)) == WRONG) == (status is Status.WRONG)
    assert any("disagree" in line or "other" in line for line in _disputes(lending)) == disputed


def _disputes(lending: _Lending) -> Sequence[str]:
    return [line for line in lending.remarks if "measured with the same packages" not in line]


def test_a_failure_that_hides_a_wrong_outcome_is_known_as_such() -> None:
    made = history((series(), [1, WrongValue(8), "failed", OLD_FAILURE]))
    (one,) = made.series
    assert one.values[:2, 0].tolist() == [1, 8]
    assert one.untold[:, 0].tolist() == [False, False, False, True]
    assert (one.value(1, 0), one.value(2, 0)) == (8, None)
