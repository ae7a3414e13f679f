"""Runtimes that are the floor's, but for one mistake each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from mocks.worlds.turns.asks import Ask
from mocks.worlds.turns.world import TurnsWorld
from targets.bare.turns import TURNS, _Runtime
from targets.protocols.turns import NO_WISH, Status, Taken, Turns, Wish


def offered(runtime: Callable[[TurnsWorld], Any]) -> Turns:
    """A driver that offers it."""

    async def open_it(world: TurnsWorld) -> Any:
        return runtime(world)

    return replace(TURNS, open=open_it)


def serial(world: TurnsWorld) -> Any:
    """Works on one turn at a time, whatever is allowed."""
    return _Runtime(replace(world, allowed=1))


class Forgetful(_Runtime):
    """Saving a session deletes its turns."""

    async def save(self, session: str) -> None:
        self._floor._database.execute("DELETE FROM turns WHERE session = ?", (int(session),))


class Forgetting(_Runtime):
    """The last turn of a session is never stored."""

    async def kept(self, session: str) -> Sequence[str]:
        return (await super().kept(session))[:-1]


class Polling(_Runtime):
    """Looks every tenth of a second, in the database, whether a turn has ended."""

    async def turn(self, session: str, ask: Ask, wish: Wish = NO_WISH) -> Taken:
        task = asyncio.ensure_future(super().turn(session, ask, wish))
        while not task.done():
            self._floor.kept(session)
            await asyncio.sleep(0.1)
        return task.result()


class Mistaken(_Runtime):
    """Gives each user the answer of the one before."""

    _before = ""

    async def turn(self, session: str, ask: Ask, wish: Wish = NO_WISH) -> Taken:
        taken = await super().turn(session, ask, wish)
        self._before, text = taken.text, self._before or taken.text
        return replace(taken, text=text)


class Patient(_Runtime):
    """Time-outs are ignored: the floor's own of half a minute holds."""

    async def turn(self, session: str, ask: Ask, wish: Wish = NO_WISH) -> Taken:
        return await super().turn(session, ask, replace(wish, timeout_s=None))


class Flagging(_Runtime):
    """Giving up sets a flag, and the work goes on."""

    def __init__(self, world: TurnsWorld) -> None:
        super().__init__(world)
        self._flags: dict[str, asyncio.Event] = {}

    async def turn(self, session: str, ask: Ask, wish: Wish = NO_WISH) -> Taken:
        work = asyncio.ensure_future(super().turn(session, ask, wish))
        flag = self._flags[ask.mark] = asyncio.Event()
        given_up = asyncio.ensure_future(flag.wait())
        await asyncio.wait([work, given_up], return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            given_up.cancel()
            return work.result()
        return Taken(Status.CANCELLED, "", "", None)

    async def cancel(self, ask: Ask) -> bool:
        self._flags[ask.mark].set()
        return True


class Deaf(_Runtime):
    """Can give up nothing."""

    async def cancel(self, ask: Ask) -> bool:
        return False


class Careless(_Runtime):
    """Begins every turn at once, whatever it has to come after, and however urgent others are."""

    async def turn(self, session: str, ask: Ask, wish: Wish = NO_WISH) -> Taken:
        return await super().turn(session, ask, Wish(timeout_s=wish.timeout_s))


class Inventive(_Runtime):
    """Makes an answer up where the model gives none."""

    async def turn(self, session: str, ask: Ask, wish: Wish = NO_WISH) -> Taken:
        taken = await super().turn(session, ask, wish)
        if taken.status is Status.FAILED:
            return replace(taken, status=Status.DONE, text="Let us go on.")
        return taken


class Crashing(_Runtime):
    """Raises somebody else's error where the model gives no answer."""

    async def turn(self, session: str, ask: Ask, wish: Wish = NO_WISH) -> Taken:
        taken = await super().turn(session, ask, wish)
        if taken.status is Status.FAILED:
            raise KeyError(ask.mark)
        return taken


class Stuck(_Runtime):
    """Waits for ever for a turn that has to come after another one."""

    async def turn(self, session: str, ask: Ask, wish: Wish = NO_WISH) -> Taken:
        if wish.after:
            await asyncio.get_running_loop().create_future()
        return await super().turn(session, ask, wish)


class InARow(_Runtime):
    """Asks the model for a batch one after the other."""

    async def say(self, asks: Sequence[Ask]) -> Sequence[str]:
        return [(await super(InARow, self).say([ask]))[0] for ask in asks]
