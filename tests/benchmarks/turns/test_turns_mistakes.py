"""What the floor's runtime gives, and what each mistake of a runtime does to the figures."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from made_runtimes import (
    Careless,
    Crashing,
    Deaf,
    Flagging,
    Forgetful,
    Forgetting,
    InARow,
    Inventive,
    Mistaken,
    Patient,
    Polling,
    Stuck,
    offered,
    serial,
)

from benchmarks.core import subject
from benchmarks.core.cells import Broken
from benchmarks.core.notes import hearing
from benchmarks.turns import journey, playing, provider
from benchmarks.turns.fresh import fresh
from benchmarks.turns.ordering import play
from mocks.worlds.turns.orders import Kept, Order
from targets.bare.turns import _Runtime

Made = Callable[[Any], Any]


@pytest.fixture
def with_runtime(monkeypatch: pytest.MonkeyPatch) -> Callable[[Made], None]:
    """Puts a runtime in the place of the target's."""

    def put(runtime: Made) -> None:
        monkeypatch.setattr(subject, "capability", lambda _: offered(runtime))

    put(_Runtime)
    return put


def test_the_floor_does_all_that_is_allowed_at_once(with_runtime: Callable[[Made], None]) -> None:
    with hearing() as heard:
        figures = playing.measure(30, 1)
    assert heard.wrong == ""
    assert figures == playing.Figures(
        makespan=2.274, peak=20, statements=30, rows=30, failed=0, lost=0, foreign=0, remarks=""
    )


def test_one_turn_at_a_time_is_seen(with_runtime: Callable[[Made], None]) -> None:
    with_runtime(serial)
    figures = playing.measure(5, 1)
    assert (figures.peak, figures.makespan) == (1, 5.685)


def test_who_polls_ends_late_and_executes_more(with_runtime: Callable[[Made], None]) -> None:
    with_runtime(Polling)
    figures = playing.measure(5, 2)
    assert figures.makespan == 2.4
    assert figures.statements == 10 + 5 * 2 * 12


def test_turns_that_are_not_stored_are_lost(with_runtime: Callable[[Made], None]) -> None:
    with_runtime(Forgetting)
    assert playing.measure(3, 4).lost == 3


def test_an_answer_for_somebody_else_is_wrong(with_runtime: Callable[[Made], None]) -> None:
    with_runtime(Mistaken)
    with hearing() as heard:
        figures = playing.measure(3, 1)
    assert figures.foreign == 2
    assert heard.wrong == "user 2 has something of another user's"


def test_a_turn_without_an_answer_is_wrong(
    with_runtime: Callable[[Made], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(request: Any) -> Any:
        raise ConnectionError("the line is dead")

    monkeypatch.setattr("benchmarks.turns.running.script", broken)
    with hearing() as heard:
        figures = playing.measure(2, 1)
    assert figures.failed == 2
    assert heard.wrong == "turn 1 of user 1 is failed: the line is dead"


@pytest.mark.slow
def test_saving_that_deletes_is_seen_in_a_journey(with_runtime: Callable[[Made], None]) -> None:
    assert journey.measure().found == journey.TURNS
    with_runtime(Forgetful)
    assert journey.measure().found == 0


def test_a_batch_in_a_row_is_seen(with_runtime: Callable[[Made], None]) -> None:
    at_once = provider.measure(10)
    assert (at_once.peak, at_once.seconds, at_once.counted_tokens) == (10, 1.137, None)
    with_runtime(InARow)
    in_a_row = provider.measure(10)
    assert (in_a_row.peak, in_a_row.seconds) == (1, 11.37)


@pytest.mark.parametrize("order", Order)
def test_the_floor_does_what_is_wanted(order: Order, with_runtime: Callable[[Made], None]) -> None:
    result = play(order)
    assert result.kept is Kept.DONE, result.said


@pytest.mark.parametrize(
    ("runtime", "order", "kept"),
    [
        (Patient, Order.TIMEOUT, Kept.LATE),
        (Flagging, Order.CANCEL, Kept.SAID),
        (Flagging, Order.CANCEL_WAITING, Kept.SAID),
        (Deaf, Order.CANCEL, Kept.IGNORED),
        (Deaf, Order.CANCEL_WAITING, Kept.IGNORED),
        (Careless, Order.URGENT, Kept.IGNORED),
        (Careless, Order.AFTER, Kept.IGNORED),
        (Careless, Order.AFTER_FAILED, Kept.IGNORED),
        (Inventive, Order.FAILS, Kept.MADE_UP),
        (Crashing, Order.FAILS, Kept.CRASH),
        (Stuck, Order.AFTER, Kept.NEVER),
        (Stuck, Order.AFTER_DONE, Kept.NEVER),
    ],
)
def test_a_mistake_has_its_outcome(
    runtime: Made, order: Order, kept: Kept, with_runtime: Callable[[Made], None]
) -> None:
    with_runtime(runtime)
    result = play(order)
    assert result.kept is kept, result.said


def test_a_runtime_that_serves_nobody_afterwards_is_never_done(
    with_runtime: Callable[[Made], None],
) -> None:
    class Last(_Runtime):
        async def turn(self, *args: Any, **options: Any) -> Any:
            taken = await super().turn(*args, **options)
            self._floor._gate._free = 0
            return taken

    with_runtime(Last)
    result = play(Order.FAILS)
    assert result.kept is Kept.NEVER
    assert "afterwards it had not ended" in result.said


def test_nothing_of_a_runtime_that_cannot_be_opened_outlives_it(
    with_runtime: Callable[[Made], None],
) -> None:
    def broken(world: Any) -> Any:
        # Such as a connection of aiosqlite's, which is never closed.
        threading.Thread(target=threading.Event().wait, name="left behind").start()
        raise sqlite3.OperationalError("duplicate column name: stats")

    with_runtime(broken)
    cell = fresh(partial(playing.measure, 1, 1))
    assert isinstance(cell, Broken)
    assert "duplicate column name: stats" in cell.reason
    assert not cell.unavailable
    assert "left behind" not in {thread.name for thread in threading.enumerate()}
