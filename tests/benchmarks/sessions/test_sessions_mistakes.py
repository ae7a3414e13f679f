"""What the floor's sessions take, and what each mistake of a keeper does to the figures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from benchmarks.core import subject
from benchmarks.core.notes import hearing
from benchmarks.sessions.operations import held, measure
from benchmarks.sessions.work import Operation, unknown_key
from mocks.worlds.sessions.world import SessionsWorld
from targets.bare.sessions import SESSIONS, _Keeper
from targets.protocols.sessions import Loaded

Put = Callable[[Callable[[SessionsWorld], Any]], None]


class Rewriting(_Keeper):
    """Writes every note anew each time."""

    async def save(self, key: str) -> None:
        self._floor._database.execute("DELETE FROM notes WHERE session = ?", (int(key),))
        self._floor._open[key].saved = 0
        await super().save(key)


class Forgetful(_Keeper):
    """Does not store the last note."""

    async def load(self, key: str) -> Loaded | None:
        found = await super().load(key)
        return found and replace(found, notes=found.notes[:-1])


class Confused(_Keeper):
    """Puts notes of all sessions into the one that is loaded."""

    async def load(self, key: str) -> Loaded | None:
        found = await super().load(key)
        others = [text for one in self._floor._open.values() for text in one.notes]
        return found and replace(found, notes=others)


class Inventive(_Keeper):
    """Gives a session for any key."""

    async def load(self, key: str) -> Loaded | None:
        return await super().load(key) or Loaded("", (), None)


class Hesitant(_Keeper):
    """Lets one creation wait for the other."""

    def __init__(self, world: SessionsWorld) -> None:
        super().__init__(world)
        self._lock = asyncio.Lock()

    async def create(self, title: str) -> str:
        async with self._lock:
            await asyncio.sleep(0.01)
            return await super().create(title)


class Hoarding(_Keeper):
    """Keeps a copy of whatever it loads."""

    def __init__(self, world: SessionsWorld) -> None:
        super().__init__(world)
        self._copies: list[Sequence[str]] = []

    async def load(self, key: str) -> Loaded | None:
        found = await super().load(key)
        if found:
            self._copies.append(["".join([note, " "]) for note in found.notes])
        return found


@pytest.fixture
def with_keeper(monkeypatch: pytest.MonkeyPatch) -> Put:
    """Puts a keeper in the place of the target's."""

    def put(keeper: Callable[[SessionsWorld], Any]) -> None:
        async def open_it(world: SessionsWorld) -> Any:
            return keeper(world)

        monkeypatch.setattr(subject, "capability", lambda _: replace(SESSIONS, open=open_it))

    put(_Keeper)
    return put


@pytest.mark.parametrize(
    ("operation", "statements", "rows"),
    [
        (Operation.CREATE, 1, 1),
        (Operation.LOAD, 2, 0),
        (Operation.SAVE, 3, 1),
        (Operation.SAVE_UNCHANGED, 0, 0),
        (Operation.CREATE_TEN, 10, 10),
        (Operation.LOAD_UNKNOWN, 1, 0),
    ],
)
def test_what_the_floor_executes(
    operation: Operation, statements: int, rows: int, with_keeper: Put
) -> None:
    with hearing() as heard:
        measured = measure(operation)
    assert (measured.statements, measured.rows, measured.seconds) == (statements, rows, 0.0)
    assert (heard.wrong, measured.remarks) == ("", "")


def test_writing_all_anew_is_seen_in_rows(with_keeper: Put) -> None:
    with_keeper(Rewriting)
    measured = measure(Operation.SAVE)
    # 20 are deleted, 21 are inserted.
    assert measured.rows == 41


@pytest.mark.parametrize(
    ("keeper", "operation", "said"),
    [
        (Forgetful, Operation.LOAD, "session #s00101 lacks 1 of 20 notes"),
        (Forgetful, Operation.SAVE, "session #s00101 lacks 1 of 21 notes"),
        (Confused, Operation.LOAD, "session #s00201 has notes of #s00101"),
        (Inventive, Operation.LOAD_UNKNOWN, "an unknown key gives Loaded("),
    ],
)
def test_what_is_not_as_it_was_kept_is_wrong(
    keeper: Callable[[SessionsWorld], Any], operation: Operation, said: str, with_keeper: Put
) -> None:
    with_keeper(keeper)
    with hearing() as heard:
        measure(operation)
    assert heard.wrong.startswith(said)


def test_creations_that_wait_for_each_other_take_time(with_keeper: Put) -> None:
    with_keeper(Hesitant)
    assert measure(Operation.CREATE_TEN).seconds == 0.1


@pytest.mark.slow
def test_what_is_held_is_seen(with_keeper: Put) -> None:
    plain = held(Operation.LOAD)
    with_keeper(Hoarding)
    assert held(Operation.LOAD) > plain + 20 * 100


@pytest.mark.parametrize("key", ["1", "9", "99", "s-9", "0f3a9c77-1b2d", "999999999"])
def test_an_unknown_key_is_of_nobody_who_was_counted(key: str) -> None:
    unknown = unknown_key(key)
    assert unknown != key
    assert unknown.startswith("".join("9" if sign.isdigit() else sign for sign in key))
    counted = unknown.removeprefix("s-")
    assert not counted.isdigit() or int(counted) > 100_000
