"""Users of a service that runs virtually: each request becomes a ``Row``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace

from benchmarks.core.schedules import comes, current_trial
from benchmarks.service.running import Running
from mocks.clock.schedules import actor, own_clock
from mocks.http.client import Ask as HttpAsk
from mocks.http.client import Client, Patience
from mocks.http.errors import HttpFailure, TimedOut
from mocks.worlds.service.endpoints import Answer, Ask, Endpoint, Kind, Piece, row_of
from mocks.worlds.service.profiles import Profile, Stay
from mocks.worlds.service.rows import Row
from mocks.worlds.service.traffic import arrivals, mix_for, steps
from mocks.worlds.service.world import SERVICE_HOST, SERVICE_PORT

TIMEOUT_S = 120.0
"""What a user gives a reply, in virtual seconds."""


@dataclass(slots=True)
class Played:
    """What became of a load: a row for each request, in the order in which they ended, with what
    was asked; and how many users there were from which second on."""

    rows: list[Row] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    present: list[tuple[float, int]] = field(default_factory=list)

    @property
    def answered(self) -> list[Ask]:
        """The asks that were answered rightly."""
        return [ask for row, ask in zip(self.rows, self.asks, strict=True) if row.ok]


def user_client() -> Client:
    """What one user connects with."""
    return Client(SERVICE_HOST, SERVICE_PORT)


async def answer_to(
    client: Client, endpoint: Endpoint, ask: Ask, *, timeout_s: float = TIMEOUT_S
) -> Answer:
    """Ask, and take what comes until it ends, breaks off or takes too long."""
    asked = HttpAsk(
        method=endpoint.method,
        path=endpoint.path_of(ask),
        headers={"Content-Type": "application/json", **endpoint.headers(ask)},
        body=endpoint.content(ask) or b"",
    )
    pieces: list[Piece] = []
    answer = Answer()
    try:
        async with client.ask(asked, patience=Patience(total=timeout_s)) as response:
            headers = {name.lower(): value for name, value in response.headers.pairs}
            answer = Answer(response.status, headers, pieces, response.first_byte)
            while (arrival := await response.piece()) is not None:
                pieces.append(Piece(arrival.at, arrival.data))
    except TimedOut as error:
        return replace(answer, broken=str(error), timed_out=True)
    except HttpFailure as error:
        return replace(answer, broken=f"{error}")
    return answer


async def send(
    client: Client, endpoint: Endpoint, ask: Ask, *, due: float, timeout_s: float = TIMEOUT_S
) -> tuple[Row, Answer]:
    """One request that was due at this loop time, its row in loop times, and the answer."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    answer = await answer_to(client, endpoint, ask, timeout_s=timeout_s)
    row = row_of(endpoint, ask, answer, due=due, started=started, ended=loop.time())
    return row, answer


async def at_once(endpoint: Endpoint, asks: Iterable[Ask]) -> Played:
    """All of them at the same moment, each from a user with a connection of their own; under a
    schedule (``benchmarks.core.schedules``) they come in any order."""
    begin = asyncio.get_running_loop().time()
    played = Played()
    is_scheduled = current_trial() is not None

    async def one(ask: Ask) -> None:
        own_clock.set(ask.user)
        if is_scheduled:
            await comes(f"user {ask.user.number}")
        async with user_client() as client:
            row, _ = await send(client, endpoint, ask, due=begin)
        played.rows.append(row.since(begin))
        played.asks.append(ask)

    await asyncio.gather(*map(one, asks))
    return played


async def play(
    running: Running, profile: Profile, seed: int, heard: Callable[[Row], None] | None = None
) -> Played:
    """The traffic of a profile, from now to when the last reply has come. ``heard`` gets each row
    as soon as there is one."""
    mix = mix_for(running.offered.kinds, profile.mix)
    load = _Load(running, replace(profile, mix=mix), seed, heard)
    await (load.closed() if profile.arrivals_per_s is None else load.open())
    return load.played


class _Load:
    def __init__(
        self, running: Running, profile: Profile, seed: int, heard: Callable[[Row], None] | None
    ) -> None:
        self.played = Played()
        self._profile = profile
        self._seed = seed
        self._heard = heard
        self._endpoints = {one.kind: one for one in running.offered.endpoints}
        self._loop = asyncio.get_running_loop()
        self._begin = self._loop.time()
        self._users = 0

    async def closed(self) -> None:
        """Each user waits for a reply before the next request."""
        await asyncio.gather(*map(self._visit, self._profile.stays()))

    async def open(self) -> None:
        """Requests come when they are due."""
        tasks = []
        self._count(self._profile.users)
        async with AsyncExitStack() as stack:
            clients: dict[int, Client] = {}
            for arrival in arrivals(self._profile, self._seed):
                await self._until(arrival.at_s)
                step = arrival.step
                user = step.ask.user.number
                if user not in clients:
                    clients[user] = await stack.enter_async_context(user_client())
                request = self._request(clients[user], step.kind, step.ask, arrival.at_s)
                tasks.append(self._loop.create_task(request))
            await asyncio.gather(*tasks)
        self._count(-self._profile.users)

    async def _visit(self, stay: Stay) -> None:
        actor.set(f"user {stay.user}")
        own_clock.set(stay)
        await self._until(stay.arrives_s)
        self._count(1)
        earlier: list[tuple[str, str]] = []
        async with user_client() as client:
            for step in steps(self._profile, stay.user, self._seed):
                if self._now() + step.think_s >= stay.leaves_s:
                    break
                if step.think_s:
                    await asyncio.sleep(step.think_s)
                if step.ask.turn == 1:
                    earlier.clear()
                ask = replace(step.ask, earlier=tuple(earlier))
                words = await self._request(client, step.kind, ask, self._now())
                if words:
                    earlier.append((ask.text, words))
        self._count(-1)

    async def _request(self, client: Client, kind: Kind, ask: Ask, due_s: float) -> str:
        """Make it, and give what the reply says if it is right and says something."""
        endpoint = self._endpoints[kind]
        timeout_s = self._profile.timeout_s
        row, answer = await send(
            client, endpoint, ask, due=self._begin + due_s, timeout_s=timeout_s
        )
        row = row.since(self._begin)
        self.played.rows.append(row)
        self.played.asks.append(ask)
        if self._heard is not None:
            self._heard(row)
        return endpoint.words(answer) if row.ok and endpoint.carries_mark else ""

    def _now(self) -> float:
        return self._loop.time() - self._begin

    async def _until(self, at_s: float) -> None:
        seconds = self._begin + at_s - self._loop.time()
        if seconds > 0:
            await asyncio.sleep(seconds)

    def _count(self, more: int) -> None:
        self._users += more
        self.played.present.append((round(self._now(), 9), self._users))
