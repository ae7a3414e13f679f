"""Each mistake of a small memory is found where it is looked for, and nowhere else."""

from __future__ import annotations

import made_memories
import pytest
from made_memories import Choose

from benchmarks.core import subject
from benchmarks.questions import races
from benchmarks.recall import after_relating, first_use, operations, quality, store
from benchmarks.recall.operations import Operation, Operations
from benchmarks.recall.quality import Asked, Way
from benchmarks.recall.running import remembering

pytestmark = pytest.mark.slow


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Choose:
    """Put the memory with that mistake under test."""

    def chosen(mistake: str) -> None:
        target = made_memories.made_target(mistake)
        monkeypatch.setattr(subject, "target", lambda: target)
        monkeypatch.setattr(operations, "own_files", lambda: (made_memories.__file__,))

    return chosen


@pytest.fixture
def right(choose: Choose) -> None:
    """A memory without a mistake."""
    choose("")


FOUND = Asked(found=quality.ASKED, foreign=0, lost=0)


@pytest.mark.usefixtures("right")
def test_a_memory_without_a_mistake_finds_what_is_asked_for_and_keeps_it() -> None:
    for way in (Way.KEY, Way.WORDS, Way.VECTOR_OF_PARAPHRASE, Way.RELATED):
        assert quality.measure(way) == FOUND, way
    assert quality.measure(Way.PARAPHRASE) == Asked(found=0, foreign=0, lost=0)
    taken, remarks = store.measure(10)
    assert (taken.statements, taken.writes, taken.wrong, remarks) == (22, 20, "", "")
    assert taken.seconds == pytest.approx(0.022)
    assert set(first_use.once()) == {races.End(races.RIGHT, 0, 0)}
    assert after_relating.measure() == after_relating.Stored(0.04, 0, 0)


def test_entities_of_another_session_are_counted(choose: Choose) -> None:
    choose("a search that forgets the session")
    assert quality.measure(Way.WORDS) == Asked(found=quality.ASKED, foreign=quality.ASKED, lost=0)
    assert quality.measure(Way.VECTOR) == FOUND


def test_what_is_in_memory_only_is_gone_after_a_restart(choose: Choose) -> None:
    choose("relations in memory only")
    assert quality.measure(Way.RELATED) == Asked(quality.ASKED, 0, lost=quality.ASKED)
    assert quality.measure(Way.KEY) == FOUND


def test_a_transaction_for_each_entity_is_seen_in_statements_and_time(choose: Choose) -> None:
    choose("a transaction for each entity")
    taken, _ = store.measure(10)
    assert (taken.statements, taken.writes) == (40, 20)
    assert taken.seconds == pytest.approx(0.04)


def test_what_a_cache_keeps_is_counted(choose: Choose) -> None:
    def kept() -> int:
        with remembering() as memory:
            memory.fill(3)
            warm = Operations(memory).of(Operation.GET_WARM)
            return operations.taken(memory, warm).kept_bytes

    choose("")
    before = kept()
    choose("a cache that never forgets")
    assert before + 1600 > kept() > before + 800


def test_tables_that_nobody_waits_for_lose_what_first_users_store(choose: Choose) -> None:
    choose("tables in the background")
    found = races.search(first_use.measure, range(1, 6), budget=1)
    assert found.lost.value > 0


def test_a_lock_that_is_kept_delays_and_loses_what_is_stored_next(choose: Choose) -> None:
    choose("a lock that is kept")
    found = after_relating.measure()
    assert found.lost == found.waits == after_relating.STORED
    assert found.seconds > 5 * after_relating.STORED
