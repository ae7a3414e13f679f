"""What one user does to all others: meanwhile, does the service still answer a health check?

Its outcome, from good to bad:

0. *ok*: every check is answered as on an idle service.
1. *refused*: one gets another answer, or its connection is refused or broken.
2. *hang*: one gets no answer within 10 virtual seconds.
3. *spin*: a step of the service does not come to an end, so nobody gets an answer: the process is
   of no use any more. The note tells where it stands.

CPU is invisible in virtual time: what computes for long, and ends, is no freeze here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from functools import partial

from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.forked import each_fresh
from benchmarks.core.notes import note
from benchmarks.core.presentation import presented
from benchmarks.core.series import series
from benchmarks.service.request import HOLDS, PROVIDER
from benchmarks.service.running import CACHE_TIMEOUT_S, Frozen, Running, fresh
from benchmarks.service.saying import unless
from benchmarks.service.visitors import answer_to, send, user_client
from mocks.clock import Hang
from mocks.http.client import Ask as HttpAsk
from mocks.http.client import Client, Patience, Trickle
from mocks.http.errors import HttpFailure
from mocks.worlds.service.endpoints import Ask, Endpoint, Kind
from mocks.worlds.service.prompts import PROMPTS, Prompt
from mocks.worlds.service.rows import Error, Row
from mocks.worlds.service.traffic import ask_of
from mocks.worlds.service.users import User

CHECKS = 30
EVERY_S = 0.1
PATIENCE_S = 10.0

BIG_BYTES = 10_000_000


class State(IntEnum):
    """What became of the health checks, from good to bad."""

    OK = 0
    REFUSED = 1
    HANG = 2
    SPIN = 3


WORDS = [state.name.lower() for state in State]

Disturb = Callable[[Client, Endpoint, Ask], Awaitable[None]]


def _request(endpoint: Endpoint, ask: Ask, trickle: Trickle | None = None) -> HttpAsk:
    return HttpAsk(
        method=endpoint.method,
        path=endpoint.path_of(ask),
        headers={"Content-Type": "application/json", **endpoint.headers(ask)},
        body=endpoint.content(ask) or b"",
        trickle=trickle,
    )


async def _plainly(client: Client, endpoint: Endpoint, ask: Ask) -> None:
    await answer_to(client, endpoint, ask)


async def _slowly(client: Client, endpoint: Endpoint, ask: Ask) -> None:
    """A request that takes three seconds to be sent."""
    content = endpoint.content(ask) or b""
    trickle = Trickle(max(1, len(content) // 30), 0.1)
    async with client.ask(_request(endpoint, ask, trickle)) as response:
        await response.read()


async def _without_reading(client: Client, endpoint: Endpoint, ask: Ask) -> None:
    """The reply is left in the connection for three seconds."""
    async with client.ask(_request(endpoint, ask)) as response:
        await asyncio.sleep(3.0)
        await response.read()


async def _leaving_early(client: Client, endpoint: Endpoint, ask: Ask) -> None:
    """Before anything came of the reply."""
    async with client.ask(_request(endpoint, ask), patience=Patience(total=0.2)):
        pass


async def _leaving_midway(client: Client, endpoint: Endpoint, ask: Ask) -> None:
    """After the first events."""
    async with client.ask(_request(endpoint, ask)) as response:
        for _ in range(3):
            await response.piece()


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What one user does, with an endpoint of this kind."""

    does: Disturb
    kind: Kind
    prompt: Prompt = PROMPTS[1]


DISTURBANCES: Mapping[str, Disturbance] = {
    "chat": Disturbance(_plainly, Kind.CHAT),
    "stream": Disturbance(_plainly, Kind.STREAM),
    "request sent slowly": Disturbance(_slowly, Kind.STREAM),
    "stream not read": Disturbance(_without_reading, Kind.STREAM),
    "user leaves a chat": Disturbance(_leaving_early, Kind.CHAT),
    "user leaves before a stream": Disturbance(_leaving_early, Kind.STREAM),
    "user leaves a stream": Disturbance(_leaving_midway, Kind.STREAM),
    "10 MB body": Disturbance(_plainly, Kind.CHAT, Prompt("10 MB", "word " * (BIG_BYTES // 5))),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of the health checks, the longest of them (virtual seconds; ``None``: one has no
    end), and of the request of another user afterwards: what is wrong with it, empty if nothing
    is."""

    state: State
    slowest: float | None
    afterwards: str
    about: str


def measure(name: str) -> Checked:
    """Let one user do that, on a service that nobody else uses."""
    disturbance = DISTURBANCES[name]
    with Running(PROVIDER) as running:
        health = running.endpoint(Kind.HEALTH)
        endpoint = running.endpoint(disturbance.kind)
        running.run(_checks(health, 1))
        ask = ask_of(User(1), 1, disturbance.prompt)
        rows: list[Row] = []
        try:
            running.run(_disturbed(rows, health, endpoint, disturbance, ask))
            later = running.run(_afterwards(endpoint, ask_of(User(2), 1)))
        except Frozen as frozen:
            return Checked(State.SPIN, None, "it does not answer any more", str(frozen))
        except Hang as hang:
            return Checked(State.HANG, None, "it does not answer any more", str(hang))
        return _judged(rows, later)


async def _disturbed(
    rows: list[Row], health: Endpoint, endpoint: Endpoint, disturbance: Disturbance, ask: Ask
) -> None:
    async with user_client() as client:
        task = asyncio.ensure_future(disturbance.does(client, endpoint, ask))
        rows += await _checks(health, CHECKS)
        with suppress(HttpFailure, TimeoutError):
            await asyncio.wait_for(task, 120.0)


async def _checks(health: Endpoint, count: int) -> list[Row]:
    """One after the other, so that a slow one is followed by fewer."""
    loop = asyncio.get_running_loop()
    rows = []
    async with user_client() as client:
        for number in range(count):
            ask = ask_of(User(3), number + 1)
            row, _ = await send(client, health, ask, due=loop.time(), timeout_s=PATIENCE_S)
            rows.append(row)
            await asyncio.sleep(EVERY_S)
    return rows


async def _afterwards(endpoint: Endpoint, ask: Ask) -> str:
    loop = asyncio.get_running_loop()
    async with user_client() as client:
        row, _ = await send(client, endpoint, ask, due=loop.time())
    return row.reason


def _judged(rows: list[Row], later: str) -> Checked:
    slowest = max(row.latency for row in rows)
    bad = [row for row in rows if not row.ok]
    about = bad[0].reason if bad else ""
    if later:
        about = "\n".join(filter(None, [about, f"the next user's request: {later}"]))
    if any(row.error is Error.TIME_OUT for row in bad):
        return Checked(State.HANG, None, later, about)
    state = State.REFUSED if bad else State.OK
    return Checked(state, round(slowest, 9), later, about)


Cache = Mapping[str, Attempt[Checked]]


def _has_no_end(cache: Cache, disturbance: str) -> str:
    found = value_of(cache[disturbance])
    return "" if found.slowest is not None else " ".join(found.about.split())


@presented(holds={**HOLDS, "patience_s": PATIENCE_S}, demo=("track_outcome",))
class Health:
    """Health checks each tenth of a second while one user does something."""

    params = (tuple(DISTURBANCES),)
    param_names = ("disturbance",)

    def setup_cache(self) -> Cache:
        return each_fresh({name: partial(measure, name) for name in DISTURBANCES}, fresh)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Cache, disturbance: str) -> None:
        self.checked = value_of(cache[disturbance])
        if self.checked.about:
            note(self.checked.about)

    @series(version="1", kind="exact", unit="outcome", group="outcome", codes=WORDS)
    def track_outcome(self, cache: Cache, disturbance: str) -> int:
        """From 0 (ok) to 3 (spin): see ``benchmarks.service.freeze``."""
        return self.checked.state.value

    @unless(_has_no_end)
    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_slowest_check(self, cache: Cache, disturbance: str) -> float:
        """The longest that a check takes, in virtual seconds; n/a where one has no end."""
        return self.checked.slowest or 0.0

    @series(version="1", kind="exact", unit="requests", group="outcome")
    def track_next_user_failed(self, cache: Cache, disturbance: str) -> int:
        """Whether the next user's request goes wrong (1) or not (0)."""
        return int(bool(self.checked.afterwards))
