"""What was said of changes, wherever changes are told."""

from __future__ import annotations

import pytest
from made_history import Value, history, ruled, series

from unladen.changes.as_json import as_json
from unladen.changes.by_commit import HistoryChanges, group_changes
from unladen.changes.load import find_changes
from unladen.changes.model import Direction, State
from unladen.changes.sampled import find_sampled_changes
from unladen.changes.standing import count_commits, standing
from unladen.changes.text import render
from unladen.compare.triage import judged, judged_unmeasured, open_commits
from unladen.errors import UserError
from unladen.history.history import History
from unladen.site.contents import Contents
from unladen.site.headlines import headlines, standing_headlines
from unladen.store.triage import JudgedSeries, TriageEntry, TriageFile, TriageWord
from unladen.store.verdicts import Ruling, Verdicts

WORK = series("m.C.track_work")
OTHER = series("m.C.track_other", axes={"size": ("1", "2")})
CPU = series("m.C.time_cpu", kind="sampled", unit="seconds")


def told(made: History, file: TriageFile | None = None) -> HistoryChanges:
    return group_changes(made, find_changes(made, Verdicts(), file))


def said_of(
    found: HistoryChanges, said: TriageWord, *patterns: str, why: str = "it has to", number: int = 0
) -> TriageFile:
    """What is said of a commit, the newest by default."""
    commit = found.commits[number]
    names = judged(commit, said, patterns)
    return TriageFile([TriageEntry(commit.commit.hash, said, why, "Ann", 0, names)])


def two(*values: Value) -> History:
    return history((WORK, [100, 110]), (OTHER, [[1, 1], [2, *values]]))


def test_what_is_accepted_stands_as_open_no_more() -> None:
    made = two(1)
    found = told(made)
    assert count_commits(found, Direction.REGRESSION).there == 1
    after = told(made, said_of(found, TriageWord.ACCEPTED))
    counted = count_commits(after, Direction.REGRESSION)
    assert (counted.commits, counted.there, counted.accepted) == (1, 0, 1)
    assert counted.words() == "1 commit, 1 accepted"
    assert open_commits(found)
    assert open_commits(after) == []
    assert standing_headlines(after) == []
    (line,) = headlines(after, Direction.REGRESSION)
    assert (line.fate, line.triage) == ("accepted", "accepted: it has to")


def test_the_pages_have_it() -> None:
    made = two(1)
    contents = Contents(told(made, said_of(told(made), TriageWord.ACCEPTED)))
    data = contents.commits()
    (summary,) = data["summaries"].values()
    assert summary["standing"] == [0, 2, 2]
    assert {sort[4] for sort in data["sorts"]} == {0}  # no filter finds it as standing
    assert {chip[-1] for chip in summary["chips"]} == {"accepted: it has to"}
    (items,) = [items for chunk in contents.chunks() for items in chunk["commits"].values()]
    rows = [row for item in items for row in item["changes"]]
    assert {tuple(row[-2:]) for row in rows} == {("accepted: it has to", 1)}


def test_only_what_is_named_is_accepted() -> None:
    made = two(3)
    found = told(made)
    after = told(made, said_of(found, TriageWord.ACCEPTED, "C.other(1)", "C.work"))
    (commit,) = after.commits
    remains = standing(commit.changes)
    assert (remains.there, remains.of, remains.accepted) == (1, 3, 2)
    assert [commit.commit.hash for commit in open_commits(after)] == [commit.commit.hash]
    (line,) = standing_headlines(after)
    assert (line.series, line.cell) == (OTHER.name, ("2",))


def test_text_and_json_say_it() -> None:
    made = two(1)
    after = told(made, said_of(told(made), TriageWord.REPORTED, "*work", why="#12"))
    text = render(after, None)
    assert "+10 %  reported #12" in text
    assert "Regressions: 1 commit." in text  # it is open
    changes = {one["series"]: one["triage"] for one in as_json(after)["changes"]}
    assert changes == {
        WORK.name: {"said": "reported", "why": "#12", "by": "Ann", "date": 0},
        OTHER.name: None,
    }


def test_a_long_reason_leaves_room_for_the_rest() -> None:
    made = two(1)
    after = told(made, said_of(told(made), TriageWord.ACCEPTED, why="because " * 50))
    assert all(len(line) <= 100 for line in render(after, None).splitlines())
    assert "m.C.work" in render(after, None) or "C.work" in render(after, None)


def test_noise_is_no_change_of_the_commits() -> None:
    made = history((CPU, [1.0] * 12 + [1.5] * 12), (WORK, [1] * 12 + [2] * 12))
    after = told(made, said_of(told(made), TriageWord.NOISE))
    states = {change.series.name: change.state for change in after.commits[0].changes}
    assert states == {CPU.name: State.NOISE, WORK.name: State.CERTAIN}
    assert "noise" in render(after, None, every_cell=True)


def test_exact_figures_are_no_noise() -> None:
    found = told(two(1))
    with pytest.raises(UserError, match=r"00000001 changed no sampled series; .*--accepted"):
        judged(found.commits[0], TriageWord.NOISE, [])
    # Nor does a file that says so make them any.
    names = {WORK.name: JudgedSeries("1", ((),), None)}
    entry = TriageEntry(found.commits[0].commit.hash, TriageWord.NOISE, "x", "Ann", 0, names)
    after = told(two(1), TriageFile([entry]))
    assert {change.state for change in after.commits[0].changes} == {State.CERTAIN}


def test_how_much_worse_is_kept() -> None:
    found = told(two(1))
    names = judged(found.commits[0], TriageWord.ACCEPTED, [])
    assert {name: one.up_to for name, one in names.items()} == {WORK.name: 0.1, OTHER.name: 1.0}


def test_what_breaks_is_accepted_however_much() -> None:
    found = told(history((WORK, [100, "failed"])))
    assert judged(found.commits[0], TriageWord.ACCEPTED, [])[WORK.name].up_to is None


def test_nothing_to_say_is_an_error_that_names_what_there_is() -> None:
    (commit,) = told(two(1)).commits
    with pytest.raises(UserError, match=r"made nothing worse that is called 'm.nothing'; .*C.work"):
        judged(commit, TriageWord.ACCEPTED, ["m.nothing"])
    (better,) = told(history((WORK, [2, 1]))).commits
    with pytest.raises(UserError, match=r"00000001 made nothing worse$"):
        judged(better, TriageWord.ACCEPTED, [])


def test_what_is_not_measured_is_judged_by_name() -> None:
    names = judged_unmeasured([WORK, OTHER], ["*other(2)"], 0.1)
    assert names == {OTHER.name: JudgedSeries("1", (("2",),), 0.1)}
    with pytest.raises(UserError, match="no series is called 'wrok'"):
        judged_unmeasured([WORK, OTHER], ["wrok"], 0.1)


def test_a_drift_is_accepted_with_its_last_step() -> None:
    made = history((WORK, [100, 102, 104, 106]))
    found = told(made)
    assert count_commits(found, Direction.REGRESSION).drifts_there == 1
    after = told(made, said_of(found, TriageWord.ACCEPTED))
    assert count_commits(after, Direction.REGRESSION).drifts_there == 0
    assert count_commits(after, Direction.REGRESSION).there == 2  # the steps before it are open


def test_a_suspect_that_was_confirmed_can_still_be_noise() -> None:
    made = history((CPU, [1.0] * 12 + [1.5] * 12))
    (suspect,) = find_sampled_changes(made)
    verdicts = ruled(made, suspect, Ruling.CONFIRMED)
    found = group_changes(made, find_changes(made, verdicts))
    file = said_of(found, TriageWord.NOISE)
    (change,) = find_changes(made, verdicts, file)
    assert change.state is State.NOISE
