"""What people said of changes, as a file."""

from __future__ import annotations

import json
import multiprocessing
from dataclasses import replace
from pathlib import Path

import pytest
from made_history import series

from unladen.errors import UserError
from unladen.repo.commits import Commit
from unladen.store.triage import (
    FILE,
    WHY_LIMIT,
    Authored,
    JudgedSeries,
    TriageEntry,
    TriageFile,
    TriageWord,
    changing,
    load_triage,
)

INFO = series("m.C.track_x", axes={"size": ("1", "2")})
COMMIT = "a" * 40


def entry(
    why: str = "it has to",
    said: TriageWord = TriageWord.ACCEPTED,
    commit: str = COMMIT,
    name: str = INFO.name,
) -> TriageEntry:
    judged = JudgedSeries("1", (("1",),), 0.25)
    return TriageEntry(commit, said, why, "Ann", 1_700_000_000_000, {name: judged})


def say(folder: Path, *entries: TriageEntry) -> None:
    for one in entries:
        with changing(folder) as versions:
            versions.append(versions[-1].having(one))


def test_what_is_written_is_read(tmp_path: Path) -> None:
    made = entry('"because" \\ ü \ud83d')
    say(tmp_path, made)
    (found,) = load_triage(tmp_path).entries
    assert found == replace(made, why=found.why)
    assert found.why.startswith('"because" \\ ü ')
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_series_has_a_line(tmp_path: Path) -> None:
    say(tmp_path, entry())
    lines = (tmp_path / FILE).read_text().splitlines()
    assert [line for line in lines if "m.C.track_x" in line] == [
        ' "m.C.track_x": {"version": "1", "cells": [["1"]], "up_to": 0.25}'
    ]


def test_the_last_word_counts(tmp_path: Path) -> None:
    say(tmp_path, entry(), entry("again", TriageWord.REPORTED), entry("other", name="m.C.track_y"))
    file = load_triage(tmp_path)
    assert [one.text for one in file.entries] == ["reported again", "accepted: other"]
    assert file.find(INFO, ("1",), COMMIT) == file.entries[0]


@pytest.mark.parametrize(
    ("cell", "version", "commit"),
    [(("2",), "1", COMMIT), (("1",), "2", COMMIT), (("1",), "1", "b" * 40)],
)
def test_only_what_was_judged_is_covered(cell: tuple[str, ...], version: str, commit: str) -> None:
    file = TriageFile([entry()])
    assert file.find(INFO, ("1",), COMMIT) is not None
    assert file.find(replace(INFO, version=version), cell, commit) is None


def test_what_is_taken_back_is_gone(tmp_path: Path) -> None:
    say(tmp_path, entry(), entry(commit="b" * 40))
    with changing(tmp_path) as versions:
        versions.append(versions[-1].without(COMMIT, [INFO.name]))
    assert [one.commit for one in load_triage(tmp_path).entries] == ["b" * 40]


def test_texts_are_printable_and_short() -> None:
    made = replace(entry("x" * 1000 + "\x1b[31m"), by="\x07" + "y" * 1000)
    assert len(made.why) == len(made.by) == WHY_LIMIT
    assert "\x07" not in made.by


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '{"version": 2, "entries": []}',
        '{"version": 1, "entries": [{"commit": 1}]}',
        '{"version": 1, "entries": {}}',
    ],
)
def test_a_damaged_file_is_named_and_never_written_over(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    file = load_triage(tmp_path)
    assert file.entries == ()
    (remark,) = file.remarks
    assert FILE in remark
    with pytest.raises(UserError, match=FILE):
        say(tmp_path, entry())
    assert (tmp_path / FILE).read_text() == text


def test_without_results_nothing_can_be_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there are no results"):
        say(tmp_path / "nowhere", entry())


def _say_one(folder: Path, number: int) -> None:
    say(folder, entry(commit=f"{number:040}"))


def test_who_says_something_at_once_waits_for_the_other(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    children = [context.Process(target=_say_one, args=(tmp_path, n)) for n in range(8)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    entries = json.loads((tmp_path / FILE).read_text())["entries"]
    assert sorted(one["commit"] for one in entries) == [f"{n:040}" for n in range(8)]


def test_what_is_said_goes_with_a_commit_through_a_rebase(tmp_path: Path) -> None:
    was, now = (Commit(letter * 40, 1_700_000_000_000, "Ann", "Check it") for letter in "ab")
    other = replace(now, hash="c" * 40, subject="Check it too")
    say(tmp_path, replace(entry(), authored=Authored.of(was)), entry(commit="d" * 40))
    file = load_triage(tmp_path)
    found = file.on([now, other])
    assert found.find(INFO, ("1",), now.hash) is not None
    assert found.find(INFO, ("1",), other.hash) is None
    assert found.find(INFO, ("1",), "d" * 40) is not None
    assert file.moved([now, other]) == {was.hash: now.hash}


def test_what_is_said_stays_where_it_is_not_sure_where_it_went() -> None:
    was, now = (Commit(letter * 40, 1_700_000_000_000, "Ann", "Check it") for letter in "ab")
    file = TriageFile([replace(entry(), authored=Authored.of(was))])
    twice = [now, replace(now, hash="c" * 40)]
    assert file.on(twice) == file
    assert file.on([was, now]) == file
    redated = replace(now, date=now.date + 1000)
    assert file.on([redated]) == file


def test_what_was_said_of_the_commit_itself_comes_first() -> None:
    was, now = (Commit(letter * 40, 1_700_000_000_000, "Ann", "Check it") for letter in "ab")
    old = replace(entry("before"), authored=Authored.of(was))
    new = replace(entry("after", commit=now.hash), authored=Authored.of(now))
    found = TriageFile([old, new]).on([now]).find(INFO, ("1",), now.hash)
    assert found is not None
    assert found.why == "after"


def test_what_is_said_goes_to_the_commit_that_brought_it() -> None:
    """Only where it is written down what the commit was, by which one sees that this is another."""
    was, merged = (Commit(letter * 40, 1_700_000_000_000, "Ann", letter) for letter in "ab")
    told = replace(entry(commit=was.hash), authored=Authored.of(was))
    brought = {was.hash: merged.hash}
    found = TriageFile([told], brought=brought).on([merged]).find(INFO, ("1",), merged.hash)
    assert found is not None
    assert not found.is_of(merged)
    assert found.is_of(was)
    assert TriageFile([replace(told, authored=None)], brought=brought).moved([merged]) == {}
    again = replace(merged, hash="c" * 40, author=was.author, subject=was.subject)  # a rebase
    assert TriageFile([told], brought=brought).moved([merged, again]) == {was.hash: again.hash}
    assert TriageFile([told], brought=brought).moved([was, merged]) == {}
