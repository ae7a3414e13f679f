"""Turns: a runtime connected to Unladen's mock model.

What is driven is ``turns_example``; put your SDK in its place. Use its public API only, import it
inside functions, raise ``Unavailable("why")`` for what a commit of its history lacks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mocks.model import Request
from mocks.worlds.turns.asks import Ask, mark_in
from mocks.worlds.turns.script import ROLE
from mocks.worlds.turns.world import TurnsWorld
from targets.protocol import Unavailable
from targets.protocols.turns import NO_WISH, Status, Taken, Turns, Wish


class Runtime:
    """A runtime of your SDK with the model of the world."""

    def __init__(self, world: TurnsWorld) -> None:
        from . import turns_example as sdk  # import your SDK here

        async def ask(prompt: str) -> str:
            return (await world.model.call(Request(ROLE, "", mark_in(prompt), prompt))).text

        self._runtime: Any = sdk.Runtime(ask, world.folder / "turns.db", world.allowed)

    async def begin(self, user: int) -> str:
        return str(self._runtime.begin(f"user {user}"))

    async def turn(self, session: str, ask: Ask, wish: Wish = NO_WISH) -> Taken:
        if wish.priority or wish.after:
            raise Unavailable("its turns have no order")
        end = await self._runtime.turn(int(session), ask.mark, ask.text, wish.timeout_s)
        return Taken(Status(end.status), end.answer, end.error, native=end)

    async def cancel(self, ask: Ask) -> bool:
        return bool(self._runtime.cancel(ask.mark))

    async def save(self, session: str) -> None:
        """Each turn is stored when it is done."""

    async def kept(self, session: str) -> Sequence[str]:
        return list(self._runtime.answers(int(session)))

    async def say(self, asks: Sequence[Ask]) -> Sequence[str]:
        return list(await self._runtime.batch([ask.text for ask in asks]))

    def tokens(self) -> int | None:
        return None  # it counts none

    async def close(self) -> None:
        self._runtime.close()


CAPABILITY = Turns(open=Runtime)
