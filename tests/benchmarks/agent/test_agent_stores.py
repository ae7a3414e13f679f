"""Each mistake of a store of conversations is found where it is looked for, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from made_stores import made_stores

from benchmarks.agent import dialogues, stores
from benchmarks.core.notes import hearing
from targets.bare import driver  # noqa: F401 - it puts the floor on the path
from targets.protocol import Unavailable

pytestmark = pytest.mark.slow

Choose = Callable[[str], None]


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Choose:
    """Put stores with that mistake under test; "" is none."""

    def chosen(mistake: str) -> None:
        monkeypatch.setattr(dialogues, "part", lambda kind: made_stores(mistake))

    return chosen


@pytest.mark.parametrize("keeping", stores.KEPT)
def test_what_is_kept_well_is_remembered_and_costs_the_same_in_each_turn(
    keeping: str, choose: Choose
) -> None:
    choose("")
    with hearing() as heard:
        first, fifth = (stores.measure(keeping, turns) for turns in (1, 5))
    assert heard.wrong == ""
    assert (first.forgotten, fifth.forgotten) == (0, 0)
    assert first.remarks == ""
    assert first.seconds == 1.137
    in_database = keeping == "sqlite"
    # One that selects, one that begins, two that insert, one that commits.
    assert (fifth.statements, fifth.rows) == ((5, 2) if in_database else (0, 0))
    assert (fifth.sdk_bytecodes > first.sdk_bytecodes) is in_database
    assert (fifth.stored > 0) is in_database
    assert (fifth.retained > first.retained + 2000) is not in_database


def test_turns_that_are_forgotten_are_counted(choose: Choose) -> None:
    choose("keeps the last turn")
    assert stores.measure("memory", 5).forgotten == 4
    assert stores.measure("sqlite", 5).forgotten == 0
    choose("never writes")
    assert stores.measure("sqlite", 5).forgotten == 5
    assert stores.measure("memory", 5).forgotten == 0


def test_what_a_store_copies_and_writes_again_grows_with_the_turns(choose: Choose) -> None:
    choose("")
    well = [stores.measure("memory", turns) for turns in (1, 5)]
    assert well[0].function_calls == well[1].function_calls
    choose("copies what it loads")
    copied = [stores.measure("memory", turns) for turns in (1, 5)]
    assert copied[1].function_calls > copied[0].function_calls
    choose("writes all anew")
    # It deletes eight rows of four turns, and inserts ten.
    assert stores.measure("sqlite", 5).rows == 18


def test_a_large_turn_is_held_once_and_let_go(choose: Choose) -> None:
    choose("")
    found = stores.large("memory")
    assert 2_000_000 < found.retained < 2_100_000
    assert found.stored == 0
    assert found.left < 1000
    in_database = stores.large("sqlite")
    assert in_database.retained < 100_000
    assert 2_000_000 < in_database.stored < 2_100_000
    choose("keeps each version")
    # One of each of its five turns, and the one that it says.
    assert 12_000_000 < stores.large("memory").retained < 12_100_000
    choose("keeps what has ended")
    assert 2_000_000 < stores.large("memory").left < 2_100_000


def test_a_store_that_there_is_not_is_not_judged(choose: Choose) -> None:
    choose("has no database")
    with pytest.raises(Unavailable, match="it has none"):
        stores.measure("sqlite", 1)
