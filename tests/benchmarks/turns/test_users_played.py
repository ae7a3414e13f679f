"""Which users are played for which series: what a series does not show costs it nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from benchmarks.core.cells import Attempt, Broken, Kept
from benchmarks.turns import users
from benchmarks.turns.playing import Figures

Played = list[tuple[str, int, int]]


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Played:
    """What is played, each as its function, users and turns; every user takes 300 statements."""
    calls: Played = []

    def fresh(measure: Callable[[], Any]) -> Attempt[Any]:
        assert isinstance(measure, partial)
        number, turns = measure.args
        calls.append((measure.func.__name__, number, turns))
        return Kept(Figures(1.0, 1, 300 * number, 0, 0, 0, 0, ""), "")

    monkeypatch.setattr(users, "fresh", fresh)
    return calls


def test_turns_at_once_are_played_alone_and_not_traced(played: Played) -> None:
    cache = users.AtOnce().setup_cache()
    assert played == [("measure", number, 1) for number in users.AT_ONCE]
    assert [*cache] == [*users.AT_ONCE]


def test_of_users_who_are_too_many_nothing_more_is_played_or_traced(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(users, "MOST_STATEMENTS", 1000)
    monkeypatch.setattr(users, "TURNS", (1,))
    cache = users.setup_cache()
    assert played == [
        *(("measure", number, 1) for number in (1, 5)),
        ("own_bytecodes", 1, 1),
    ]
    reason = Broken("5 users take 1,500 statements already", unavailable=True)
    assert isinstance(cache[5, 1].figures, Kept)
    assert cache[5, 1].own_bytecodes == reason
    assert {cache[20, 1].figures, cache[100, 1].figures} == {reason}
    assert {cache[20, 1].own_bytecodes, cache[100, 1].own_bytecodes} == {reason}
