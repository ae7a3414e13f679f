"""Each mistake of a small reader of rules is found where it is looked for, and nowhere else."""

from __future__ import annotations

import made_readers
import pytest
from made_readers import Choose

from benchmarks.core import subject
from benchmarks.rules import changes, files
from benchmarks.rules.files import State, Taken

pytestmark = pytest.mark.slow


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Choose:
    """Put the reader with that mistake under test."""

    def chosen(mistake: str) -> None:
        target = made_readers.made_target(mistake)
        monkeypatch.setattr(subject, "target", lambda: target)
        monkeypatch.setattr(files, "own_files", lambda: (made_readers.__file__,))

    return chosen


def found(taken: Taken) -> tuple[int, int, int]:
    """Constraints, rules that are missed, and rules that are no more."""
    return taken.constraints, taken.missed, taken.stale


def test_a_reader_without_a_mistake(choose: Choose) -> None:
    choose("")
    for state in State:
        taken = files.measure(state, 10)
        assert found(taken) == (71, 0, 0), state
        assert taken.in_file == 71
        assert taken.own_bytecodes == taken.load_bytecodes + taken.interpret_bytecodes
    assert files.measure(State.FRESH, 10).kept_bytes > 10_000
    assert files.measure(State.CACHED, 10).kept_bytes < 1000
    assert changes.kept_by_changes() < 1000


def test_a_file_that_is_read_once_is_stale_when_it_has_changed(choose: Choose) -> None:
    choose("a file that is read once")
    assert found(files.measure(State.CHANGED, 10)) == (71, 71, 71)
    assert found(files.measure(State.CACHED, 10)) == (71, 0, 0)


def test_rules_that_are_missed_are_counted_beside_the_work_that_is_saved(choose: Choose) -> None:
    choose("ten rules at most")
    assert found(files.measure(State.FRESH, 10)) == (10, 61, 0)


def test_what_each_change_leaves_behind_is_counted(choose: Choose) -> None:
    choose("a cache that never forgets")
    assert changes.kept_by_changes() > 10_000


def test_work_that_grows_faster_than_the_file_is_seen(choose: Choose) -> None:
    def growth() -> float:
        small, large = (files.measure(State.FRESH, size).own_bytecodes for size in (10, 100))
        return large / small

    choose("")
    assert 9 < growth() < 11
    choose("every rule is compared with all")
    assert growth() > 30
