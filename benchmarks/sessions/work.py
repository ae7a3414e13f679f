"""What is done with sessions, and what must come of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any

from mocks.worlds.sessions.stories import Story, foreign_marks, story
from targets.protocols.sessions import Keeper, Loaded

NOTES = 20
"""In a session, where their number does not matter."""

AT_ONCE = 10


class Operation(Enum):
    """One thing that is done with a keeper."""

    CREATE = "create"
    LOAD = "load"
    SAVE = "save"
    SAVE_UNCHANGED = "save unchanged"
    CREATE_TEN = "create ten at once"
    LOAD_UNKNOWN = "load unknown"


@dataclass(frozen=True, slots=True)
class Stored:
    """A session that is there: what it is about and the key that the keeper gave."""

    story: Story
    key: str


@dataclass(frozen=True, slots=True)
class Job:
    """``do``: one operation; ``check``: what is wrong with what it gave and left, empty if nothing
    is."""

    do: Callable[[], Coroutine[Any, Any, object]]
    check: Callable[[object], Coroutine[Any, Any, str]]


async def created(keeper: Keeper, first: int, count: int) -> list[Stored]:
    """So many new sessions at once, of the stories from number ``first`` on."""
    stories = [story(number) for number in range(first, first + count)]
    keys = await asyncio.gather(*(keeper.create(each.title) for each in stories))
    return [Stored(each, key) for each, key in zip(stories, keys, strict=True)]


async def filled(keeper: Keeper, number: int, notes: int) -> Stored:
    """A session with so many notes, saved."""
    (stored,) = await created(keeper, number, 1)
    await keeper.note(stored.key, stored.story.notes(notes))
    await keeper.save(stored.key)
    return stored


async def prepared(keeper: Keeper, operation: Operation, number: int) -> Job:
    """The operation, ready to be done, on a session of its own (``number``) where it needs one."""
    if operation is Operation.CREATE:
        return _creation(keeper, number, 1)
    if operation is Operation.CREATE_TEN:
        return _creation(keeper, number, AT_ONCE)
    if operation is Operation.LOAD_UNKNOWN:
        key = unknown_key((await filled(keeper, number, 1)).key)
        return Job(lambda: keeper.load(key), _nothing)
    stored = await filled(keeper, number, NOTES)
    if operation is Operation.LOAD:
        return Job(lambda: keeper.load(stored.key), partial(_is_whole, stored, NOTES))
    notes = NOTES
    if operation is Operation.SAVE:
        notes += 1
        await keeper.note(stored.key, stored.story.notes(1, first=notes))
    return Job(lambda: keeper.save(stored.key), lambda _: whole(keeper, stored, notes))


def _creation(keeper: Keeper, first: int, count: int) -> Job:
    async def check(result: object) -> str:
        assert isinstance(result, list)
        found = [await whole(keeper, each, 0) for each in result]
        return next(filter(None, found), "")

    return Job(lambda: created(keeper, first, count), check)


async def whole(keeper: Keeper, stored: Stored, notes: int) -> str:
    """What is wrong with a session with so many notes, when it is loaded; empty if nothing is."""
    return problem(stored, notes, await keeper.load(stored.key))


async def _is_whole(stored: Stored, notes: int, result: object) -> str:
    assert isinstance(result, Loaded | None)
    return problem(stored, notes, result)


async def _nothing(result: object) -> str:
    return "" if result is None else f"an unknown key gives {result!r}"[:200]


def unknown_key(key: str) -> str:
    """One that looks like this and that nobody was given: longer, if it looks like a number of
    which there may be as many."""
    nines = "".join("9" if sign.isdigit() else sign for sign in key)
    is_long = nines.count("9") >= _MANY and nines != key
    return nines if is_long else nines + "9" * _MANY


_MANY = 6
"""Digits of a number that no keeper counts up to here."""


def problem(stored: Stored, notes: int, loaded: Loaded | None) -> str:
    """What is wrong with a session that was loaded and has to have so many notes; empty if nothing
    is."""
    mark = stored.story.mark
    if loaded is None:
        return f"session {mark} is not there any more"
    if loaded.title != stored.story.title:
        return f"session {mark} is called {loaded.title[:60]!r}"
    text = "\n".join(loaded.notes)
    if found := foreign_marks(text, mark):
        return f"session {mark} has notes of {found[0]}"
    missing = sum(note not in text for note in stored.story.notes(notes))
    return f"session {mark} lacks {missing} of {notes} notes" if missing else ""
