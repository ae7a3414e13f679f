"""The floor's turns for the benchmarks."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

from mocks.model import Request
from mocks.worlds.turns.asks import Ask, mark_in
from mocks.worlds.turns.script import ROLE
from mocks.worlds.turns.world import TurnsWorld
from targets.exposition import Exposition
from targets.protocols.turns import NO_WISH, Status, Taken, Turns, Wish

_SESSIONS, _TURNS, _CALLS = "floor_sessions_total", "floor_turns_total", "floor_calls_total"
"""What it tells of itself, in Prometheus' words."""


class _Runtime:
    def __init__(self, world: TurnsWorld) -> None:
        from floor.turns import Turns as Floor

        self._begun = self._asked = 0
        self._ended: Counter[Status] = Counter()

        async def ask(prompt: str) -> str:
            self._asked += 1
            asked = Request(ROLE, "", mark_in(prompt), prompt)
            return (await world.model.call(asked)).text

        self._floor = Floor(ask, str(world.folder / "turns.db"), world.allowed)

    async def begin(self, user: int) -> str:
        self._begun += 1
        return str(self._floor.begin(f"user {user}"))

    async def turn(self, session: str, ask: Ask, wish: Wish = NO_WISH) -> Taken:
        taken = await self._taken(session, ask, wish)
        self._ended[taken.status] += 1
        return taken

    async def _taken(self, session: str, ask: Ask, wish: Wish) -> Taken:
        task = self._floor.submit(
            session,
            ask.mark,
            ask.text,
            priority=wish.priority,
            after=[one.mark for one in wish.after],
            timeout_s=wish.timeout_s,
        )
        try:
            return Taken(Status.DONE, await task, "", task)
        except TimeoutError:
            return Taken(Status.TIMED_OUT, "", "it took too long", task)
        except asyncio.CancelledError:
            if not task.cancelled():
                raise
            return Taken(Status.CANCELLED, "", "it was given up", task)
        except Exception as error:  # noqa: BLE001 - a turn fails with whatever its model raises
            return Taken(Status.FAILED, "", str(error), task)

    async def cancel(self, ask: Ask) -> bool:
        return bool(self._floor.cancel(ask.mark))

    async def save(self, session: str) -> None:
        """Each turn is stored when it is done."""

    async def kept(self, session: str) -> Sequence[str]:
        return list(self._floor.kept(session))

    async def say(self, asks: Sequence[Ask]) -> Sequence[str]:
        return list(await self._floor.say([ask.text for ask in asks]))

    def tokens(self) -> int | None:
        """The floor counts none."""
        return None

    def expose(self) -> Exposition:
        return Exposition(self._told, {"sessions": _SESSIONS, "turns": _TURNS, "calls": _CALLS})

    def _told(self) -> str:
        counts = [f'{_TURNS}{{status="{status.value}"}} {n}' for status, n in self._ended.items()]
        return "\n".join([f"{_SESSIONS} {self._begun}", f"{_CALLS} {self._asked}", *counts, ""])

    async def close(self) -> None:
        self._floor.close()


async def _open(world: TurnsWorld) -> _Runtime:
    return _Runtime(world)


TURNS = Turns(open=_open)
