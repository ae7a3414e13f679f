"""Notes: from what a benchmark printed into the record, and from there to the table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tiny_project import TinyProject

from unladen.errors import UserError
from unladen.store.reasons import NOTE, note
from unladen.store.records import NOTE_LIMIT, Note, Record, record_path

SPEAKING = """
import json, os, sys

class Work:
    params = ["a", "b"]
    param_names = ["scenario"]

    def track_value(self, scenario):
        def note(text):
            print("unladen-note: " + json.dumps(text), file=sys.stderr, flush=True)
        if scenario == "b":
            note("not this one")
            print("unladen-note: {", file=sys.stderr)
            note("For parameters: 'a'\\n  at " + os.path.dirname(os.path.dirname(__file__))
                 + "/lib/x.py:7 \\x1b[31m")
            print("unladen-note: 5", file=sys.stderr)
            print("printed afterwards")
        return 1

    track_value.kind = "exact"
    track_value.codes = ["fine", "slow", "hang"]
    track_value.expected = {"a": ["fine"], "b": ["fine"]}
    track_value.about = {"b": "about b"}
"""


def test_the_last_note_counts_and_must_be_a_json_string() -> None:
    lines = [f'{NOTE}"first"', f'{NOTE}"second \\n line"', "text", f"{NOTE}[1]", f"{NOTE}no json"]
    assert note("\n".join(lines)) == "second \n line"
    assert note("unladen-note:") == note("") == note(f'  {NOTE}"x"') == ""
    assert note(NOTE + "[" * 100_000) == ""


def test_a_note_is_printable_and_bounded() -> None:
    said = Note("m", (), "a \x1b[31m\u202eb\n\n\tindented\x0bnew\r\n").text
    assert said == "a \ufffd[31m\ufffdb\n    indented\nnew"
    long = Note("m", (), "x" * 5 * NOTE_LIMIT).text
    assert len(long) == NOTE_LIMIT
    assert long.endswith("x...")


def test_notes_are_optional_in_a_record_and_checked(tmp_path: Path) -> None:
    path = tmp_path / "x.record"
    old: dict[str, object] = {"version": 1, "environment": None, "failed": [], "not_applicable": []}
    path.write_text(json.dumps(old))
    assert Record.load(path).notes == ()
    entry = {"series": "m", "params": ["1"], "text": "\x07" + "y" * 9000}
    path.write_text(json.dumps({**old, "notes": [entry]}))
    (read,) = Record.load(path).notes
    assert len(read.text) == NOTE_LIMIT
    assert read.text.startswith("\ufffdyyy")
    Record(notes=(read,)).save(path)
    assert Record.load(path).notes == (read,)


@pytest.mark.parametrize("notes", [5, [5], [{"series": "m", "params": []}], [{"params": 1}]])
def test_what_is_no_note_is_refused(notes: object, tmp_path: Path) -> None:
    path = tmp_path / "x.record"
    data = {"version": 1, "environment": None, "failed": [], "not_applicable": [], "notes": notes}
    path.write_text(json.dumps(data))
    with pytest.raises(UserError, match=r"x\.record"):
        Record.load(path)


def test_only_notes_on_what_was_measured_again_are_replaced(measured: TinyProject) -> None:
    old = Record.load(record_path(measured.results_file("good")))
    assert old.environment is not None
    noted = old.updated(
        old.environment,
        {},
        [],
        [],
        [Note("m.f", ("1",), "a"), Note("m.f", ("2",), "b"), Note("m.g", (), "c")],
    )
    new = noted.updated(old.environment, {"m.f": [("2",)], "m.g": []}, [], [], [])
    assert new.notes == (Note("m.f", ("2",), "b"),)


@pytest.mark.slow
def test_a_note_of_a_successful_benchmark_is_kept_and_shown(measured: TinyProject) -> None:
    (measured.folder / "benchmarks" / "work.py").write_text(SPEAKING)
    commit = f"{measured.history.commits['good']}^!"
    done = measured.unladen("--target", "tiny", "run", commit, "--machine", "lab")
    assert done.returncode == 0, done.stdout + done.stderr
    (kept,) = Record.load(record_path(measured.results_file("good"))).notes
    said = "For parameters: 'a'\n  at <root>/lib/x.py:7 \ufffd[31m"
    assert kept == Note("work.Work.track_value", ("'b'",), said)

    shown = measured.unladen("--target", "tiny", "table")
    assert "value     slow  slow  (exact)" in shown.stdout
    assert "slow: value(b): For parameters: 'a'\n      at <root>" in shown.stdout
    (table,) = json.loads(measured.unladen("--target", "tiny", "table", "--json").stdout)
    assert [row["word"] for row in table["rows"]] == ["slow", "slow"]
    assert [row["note"] for row in table["rows"]] == ["", said]
