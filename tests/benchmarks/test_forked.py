"""Measuring in a forked process."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from benchmarks.core.cells import Attempt, Broken, CellFailed, Kept, value_of
from benchmarks.core.forked import each_fresh, give, in_child, witnesses
from benchmarks.core.notes import hearing, wrong
from benchmarks.core.schedules import comes, current_trial, tried
from mocks.clock import VirtualClock
from mocks.clock.schedules import Canonical, Chosen, Late, Trial
from targets.protocol import Lacking


def test_the_value_comes_from_another_process() -> None:
    changed: list[int] = []

    def measure() -> int:
        changed.append(1)
        return os.getpid()

    assert value_of(in_child(measure)) != os.getpid()
    assert changed == []


def test_what_is_wrong_with_it_comes_too() -> None:
    def measure() -> int:
        wrong("the reply is for somebody else")
        return 1

    with hearing() as heard:
        assert value_of(in_child(measure)) == 1
    assert heard.wrong == "the reply is for somebody else"


def test_why_there_is_no_value() -> None:
    def missing() -> int:
        raise NotImplementedError("there is no stream")

    def broken() -> int:
        raise LookupError("what is this?")

    with pytest.raises(NotImplementedError, match="there is no stream"):
        value_of(in_child(missing))
    with pytest.raises(CellFailed, match="LookupError: what is this"):
        value_of(in_child(broken))


def test_a_process_that_dies_or_does_not_end_is_a_failure() -> None:
    dead = in_child(lambda: os.kill(os.getpid(), signal.SIGKILL))
    assert dead == Broken("its process ended with signal SIGKILL", unavailable=False)
    endless = in_child(signal.pause, limit_s=0.2)
    assert endless == Broken("not done after 0.2 s of real time", unavailable=False)


def test_a_large_value_comes_whole() -> None:
    assert value_of(in_child(lambda: b"x" * 5_000_000)) == b"x" * 5_000_000


def test_a_process_gives_its_value_in_the_midst_of_something() -> None:
    def measure() -> str:
        try:
            inner = value_of(in_child(partial(give, "inner")))
            give(f"{inner}, outer")
        finally:
            # Would be the end of it, if it were closed.
            os.kill(os.getpid(), signal.SIGKILL)

    assert value_of(in_child(measure)) == "inner, outer"


def test_what_a_trial_sees_in_another_process_is_part_of_it() -> None:
    late = {1: Late(passes=2), 4: Late(places=1)}
    trial = Trial(Chosen(late), is_watched=True)

    async def users() -> list[int]:
        log: list[int] = []

        async def user(number: int) -> None:
            await comes(f"user {number}")
            log.append(number)

        await asyncio.gather(*map(user, range(3)))
        return log

    def measure() -> list[int]:
        with VirtualClock(trial=current_trial()) as clock:
            return clock.run(users())

    with tried(trial):
        first = value_of(in_child(measure))
        assert (trial.asked, trial.chosen) == (3, {1: Late(passes=2)})
        (told,) = trial.overtakings
        assert (told.first.name, told.late.name) == ("user 2", "user 1")
        second = value_of(in_child(measure))
    assert (first, second) == ([0, 2, 1], [0, 2, 1])
    assert (trial.asked, trial.chosen) == (6, late)
    assert [each.late.name for each in trial.overtakings] == ["user 1", "user 1"]


def test_what_a_process_learns_that_dies_is_not_known() -> None:
    trial = Trial(Canonical())
    with tried(trial):
        in_child(lambda: os.kill(os.getpid(), signal.SIGKILL))
    assert (trial.asked, trial.chosen, trial.overtakings) == (0, {}, [])


class _Asked:
    """Cells that are asked for in this process, and which of them were."""

    def __init__(self, **cells: Broken | Kept[int]) -> None:
        self.asked: list[str] = []
        self._cells = cells

    def each(self, **how: Any) -> dict[str, Attempt[int]]:
        return each_fresh({name: partial(self._measure, name) for name in self._cells}, **how)

    def ask(self, measure: Callable[[], int]) -> Attempt[int]:
        return self._cells[[*self._cells][measure()]]

    def _measure(self, name: str) -> int:
        self.asked.append(name)
        return [*self._cells].index(name)


def test_once_an_sdk_has_nothing_of_the_kind_no_more_is_asked() -> None:
    nothing = Broken("it has no memory", unavailable=True, lacking=True)
    cells = _Asked(one=Kept(1, ""), two=nothing, three=Kept(3, ""), four=Kept(4, ""))
    found = cells.each(ask=cells.ask)
    assert cells.asked == ["one", "two"]
    assert found == {"one": Kept(1, ""), "two": nothing, "three": nothing, "four": nothing}
    assert len({id(cell) for cell in found.values()}) == len(found)  # each is found among all


def test_that_one_cell_is_not_there_says_nothing_of_the_others() -> None:
    without = Broken("it streams nothing", unavailable=True)
    cells = _Asked(one=without, two=Kept(2, ""))
    assert cells.each(ask=cells.ask) == {"one": without, "two": Kept(2, "")}


def test_what_tells_of_its_kind_answers_for_that() -> None:
    frozen = Broken("a step never ends", unavailable=False)
    cells = _Asked(a1=frozen, b1=Kept(2, ""), a2=Kept(3, ""), b2=Kept(4, ""))
    found = cells.each(ask=cells.ask, tells=lambda cell: cell == frozen, kind=lambda key: key[0])
    assert found == {"a1": frozen, "b1": Kept(2, ""), "a2": frozen, "b2": Kept(4, "")}
    assert cells.asked == ["a1", "b1", "b2"]


def test_that_there_is_nothing_of_the_kind_comes_out_of_a_process() -> None:
    def missing() -> int:
        raise Lacking("it has no memory")

    found = each_fresh({"one": missing, "two": os.getpid})
    assert found["one"] == found["two"]
    assert found["one"] == Broken("it has no memory", unavailable=True, lacking=True)


class Diary:
    """What was noted, here and in processes that were forked."""

    def __init__(self) -> None:
        self.notes = ["before"]

    def forked(self) -> None:
        self.notes.clear()

    def witnessed(self) -> list[str]:
        return self.notes

    def learn(self, witnessed: list[str]) -> None:
        self.notes += witnessed


@pytest.fixture
def diary() -> Iterator[Diary]:
    made = Diary()
    witnesses.append(made)
    yield made
    witnesses.remove(made)


def test_what_is_seen_comes_back_from_the_innermost_process(diary: Diary) -> None:
    def inner() -> None:
        diary.notes.append("inner")
        give(None)

    def outer() -> None:
        diary.notes.append("outer")
        in_child(inner)

    in_child(outer)
    assert diary.notes == ["before", "outer", "inner"]


def test_what_is_seen_in_a_process_that_dies_stays_there(diary: Diary) -> None:
    def dies() -> None:
        diary.notes.append("dead")
        os.kill(os.getpid(), signal.SIGKILL)

    in_child(dies)
    assert diary.notes == ["before"]


def test_in_plain_measuring_nobody_looks_on() -> None:
    assert witnesses == []
