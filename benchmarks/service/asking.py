"""Users of a service that runs as a real process, on a real loop: what they ask and get, in real
seconds."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.service.visitors import send
from mocks.http.client import Client
from mocks.worlds.service.endpoints import Answer, Ask, Endpoint
from mocks.worlds.service.rows import Error, Row
from mocks.worlds.service.world import SERVICE_HOST

TIMEOUT_S = 10.0
"""What a user gives a reply; the model takes 2.2 s at most."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, its reply, and the row of both in times of the loop."""

    ask: Ask
    row: Row
    answer: Answer

    @property
    def is_hopeless(self) -> bool:
        """Whether nobody listens any more, so that there is no use in asking again."""
        return self.row.error in (Error.NETWORK, Error.TIME_OUT)

    @property
    def first_bytes_s(self) -> float | None:
        """From the request to the first bytes of the body; ``None`` if none came."""
        return None if self.row.first_byte is None else self.row.first_byte - self.row.started

    @property
    def first_data_s(self) -> float | None:
        """From the request to the first event that carries data; ``None`` if none came."""
        events = self.answer.events()
        return events[0].at - self.row.started if events else None

    @property
    def longest_wait_s(self) -> float:
        """Longest time without a byte, up to the first event with data, or to the end."""
        events = self.answer.events()
        end = events[0].at if events else self.row.ended
        moments = [self.row.started, *(piece.at for piece in self.answer.pieces), self.row.ended]
        if self.answer.answered is not None:
            moments.insert(1, self.answer.answered)
        known = [moment for moment in moments if moment <= end]
        return max((after - before for before, after in itertools.pairwise(known)), default=0.0)


async def answers_to(port: int, endpoint: Endpoint, each: Iterable[Sequence[Ask]]) -> list[Asked]:
    """Each user asks one thing after the other over a connection that is kept, all users at the
    same time. Who does not get any reply asks nothing more."""
    loop = asyncio.get_running_loop()
    done: list[Asked] = []

    async def one(asks: Sequence[Ask]) -> None:
        async with Client(SERVICE_HOST, port) as client:
            for ask in asks:
                row, answer = await send(
                    client, endpoint, ask, due=loop.time(), timeout_s=TIMEOUT_S
                )
                done.append(Asked(ask, row, answer))
                if done[-1].is_hopeless:
                    return

    await asyncio.gather(*map(one, each))
    return done
