"""A commit is fixed when all of its changes are undone, and everybody counts alike."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from made_history import history, series

from unladen.changes.by_commit import HistoryChanges, group_changes
from unladen.changes.exact import find_exact_changes
from unladen.changes.model import SETTLED, Direction, State
from unladen.changes.standing import CommitCounts, count_commits, standing, told
from unladen.changes.summary import summarise
from unladen.changes.text import render
from unladen.site.contents import DIRECTIONS, STATES, Contents
from unladen.site.counts import count
from unladen.store.series import SeriesInfo

CELLS = 57
MANY = series("m.C.track_many", axes={"n": [str(n) for n in range(CELLS)]})
BIG = series("m.C.track_big")


def report(*rows: tuple[SeriesInfo, Any]) -> HistoryChanges:
    made = history(*rows)
    return group_changes(made, find_exact_changes(made))


def partly() -> HistoryChanges:
    """The second commit makes 58 values worse, the third repairs 46, the biggest among them."""
    repaired = [10 if n < 45 else 20 for n in range(CELLS)]
    return report((MANY, [[10] * CELLS, [20] * CELLS, repaired]), (BIG, [1, 100, 1]))


def test_a_commit_whose_biggest_change_was_undone_is_not_fixed() -> None:
    found = partly()
    worse = found.commits[-1]
    assert worse.items[0].biggest.series is BIG
    assert worse.items[0].biggest.undone_by is not None
    remains = standing(told(worse, Direction.REGRESSION))
    assert (remains.there, remains.of, remains.undone_by) == (12, 58, None)
    assert remains.words(Direction.REGRESSION) == "12 of 58 still there"
    text = summarise(found)
    assert "Regressions: 1 commit\n" in text
    assert "12 of 58 still there" in text
    assert "fixed" not in text
    lines = render(found, None).splitlines()
    assert [line for line in lines if "m.C.many" in line and "12 of 57 still there" in line]
    assert [line for line in lines if "m.C.big" in line and "fixed 00000002" in line]


def test_what_is_undone_at_several_commits_is_fixed_without_one() -> None:
    info = series("m.C.track_x", axes={"n": ["1", "2"]})
    found = report((info, [[1, 1], [2, 2], [1, 2], [1, 1]]))
    remains = standing(told(found.commits[-1], Direction.REGRESSION))
    assert (remains.there, remains.of, remains.undone_by) == (0, 2, None)
    assert remains.words(Direction.REGRESSION) == "fixed"
    assert "nothing of it still there" in summarise(found)


@pytest.mark.parametrize(
    ("direction", "word"),
    [
        (Direction.REGRESSION, "fixed"),
        (Direction.IMPROVEMENT, "lost"),
        (Direction.NEITHER, "until"),
    ],
)
def test_what_is_wholly_undone_has_a_word_for_it(direction: Direction, word: str) -> None:
    found = report((BIG, [1, 2, 1]))
    change = found.commits[-1].changes[0]
    assert standing([change]).words(direction) == f"{word} 00000002"


def test_nothing_is_said_of_what_stands() -> None:
    found = report((BIG, [1, 2, 2]))
    assert standing(found.commits[0].changes).words(Direction.REGRESSION) == ""


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((0, 0, 0, 0), "0 commits"),
        ((1, 1, 0, 0), "1 commit"),
        ((3, 3, 1, 0), "3 commits; 1 slow drift"),
        ((3, 1, 2, 2), "3 commits, 1 of them still there, at least in part; 2 slow drifts"),
        ((3, 0, 0, 0), "3 commits, nothing of it still there"),
    ],
)
def test_what_is_counted_in_words(counts: tuple[int, int, int, int], said: str) -> None:
    assert CommitCounts(*counts).words() == said


def test_suspects_are_not_counted() -> None:
    made = history((BIG, [1, 2, 2]))
    changes = [replace(one, state=State.SUSPECTED) for one in find_exact_changes(made)]
    found = group_changes(made, changes)
    assert len(found.commits[0].changes) == 1
    assert told(found.commits[0], Direction.REGRESSION) == []
    assert count_commits(found, Direction.REGRESSION).commits == 0


def test_drifts_are_not_counted_as_commits() -> None:
    found = report((BIG, [1000, 1020, 1040, 1060, 1060]))
    worse = count_commits(found, Direction.REGRESSION)
    assert (worse.commits, worse.there, worse.drifts, worse.drifts_there) == (3, 3, 1, 1)
    text = summarise(found)
    assert text.splitlines()[0] == "Regressions: 3 commits; 1 slow drift"
    assert text.count("drift of 3 steps") == 1
    assert "more" not in text  # its steps are told by it


def random_history(seed: int) -> HistoryChanges:
    """Series of several kinds whose cells go up and down, fail, are n/a or missing."""
    choose = random.Random(seed)
    number = 12
    rows: list[tuple[SeriesInfo, Any]] = []
    for n, group in enumerate(["work", "memory", "virtual time", "calls"]):
        info = series(f"m.C{n}.track_x", group=group, axes={"n": ["1", "2", "3"]})
        values: list[list[Any]] = [[100, 100, 100]]
        for _ in range(number - 1):
            steps = (0, 0, 0, 0.1, 1, 3, -3, -20, 25, "failed", "n/a", None)
            last = values[-1]
            values.append([_step(old, choose.choice(steps)) for old in last])
        rows.append((info, values))
    return report(*rows)


def _step(old: Any, step: Any) -> Any:
    if not isinstance(step, int | float):
        return step
    return (old if isinstance(old, int | float) else 100) + step


@pytest.mark.parametrize("seed", range(20))
def test_the_list_and_the_command_count_alike(seed: int) -> None:
    check_numbers(random_history(seed))


def check_numbers(found: HistoryChanges) -> None:
    """The numbers of the command, of the marks in the list of commits, and of what its filters go
    by."""
    data = Contents(found).commits()
    settled = {STATES.index(state) for state in SETTLED}
    for direction in (Direction.REGRESSION, Direction.IMPROVEMENT):
        counted = count_commits(found, direction)
        number = DIRECTIONS.index(direction)
        wanted = {
            n
            for n, (_, v, state, minor, *_) in enumerate(data["sorts"])
            if v == number and state in settled and not minor
        }
        there = {n for n in wanted if data["sorts"][n][4]}
        found_by = [{sort for sort, *_ in s["found"]} for s in data["summaries"].values()]
        assert sum(bool(one & wanted) for one in found_by) == counted.commits
        assert sum(bool(one & there) for one in found_by) == counted.there
    counts = [count(one) for one in found.commits]
    worse = count_commits(found, Direction.REGRESSION)
    assert sum(bool(one.regressions or one.broken) for one in counts) == worse.commits
    remains = [s["standing"] for s in data["summaries"].values()]
    assert sum(of > 0 for _, of, _ in remains) == worse.commits
    assert sum(there > 0 for there, _, _ in remains) == worse.there
