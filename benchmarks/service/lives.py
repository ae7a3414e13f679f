"""The lives of a service as a real process that are measured, one after the other:
started and ended, started and used by many, started with several workers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count

from benchmarks.core.cells import Attempt, Broken, attempt
from benchmarks.service.asking import Asked, answers_to
from benchmarks.service.checks import reasons
from benchmarks.service.conversations import Conversed, converse
from benchmarks.service.played import is_broken_off
from benchmarks.service.readings import most_in_flight
from benchmarks.service.started import Started, Surroundings, surroundings
from meters.server_process import ServerEnd
from meters.sockets import connections_at, connections_to
from mocks.worlds.service.endpoints import Endpoint, Kind
from mocks.worlds.service.prompts import BLOCKED, PROMPTS
from mocks.worlds.service.traffic import ask_of
from mocks.worlds.service.users import users
from targets.protocol import Unavailable

STARTS = 2
"""How often it is started only to be ended, besides the life in which it is used."""

BATCHES = 3
"""Batches of requests that are measured, after one that warms up."""

USERS = 8
REQUESTS = 10
"""What a batch is: so many users at once, each of whom asks so often."""

STREAMS = 16
"""So many users have a stream each, at the same time: most of it is waiting, and what there is to
warm up has been by then."""

WORKERS = 4

REST_S = 0.5
"""Real seconds between the last reply and the look at what is left."""

PLAIN = (Kind.BLOCKED, Kind.HEALTH, Kind.WORK, Kind.CHAT)
"""Kinds that the model does not keep waiting, in the order in which they are asked. Streams come
last, for not every service survives them."""

_STORED = (Kind.CHAT, Kind.STREAM, Kind.WORK)
"""Kinds whose replies are the model's, which a service may store."""


@dataclass(frozen=True, slots=True)
class Began:
    """A start: real and CPU seconds until it was ready, resident memory then."""

    seconds: float
    cpu_s: float
    bytes: int

    @classmethod
    def of(cls, service: Started) -> Began:
        """That of a service that is ready."""
        return cls(service.ready_s, service.ready_cpu_s, service.ready_bytes)


@dataclass(frozen=True, slots=True)
class Unused:
    """The life of a service that nobody has asked anything but whether it is ready."""

    began: Began
    end: ServerEnd


@dataclass(frozen=True, slots=True)
class Opening:
    """How a reply begins, in real seconds: from the request to the first bytes of its body and to
    the first event with data (``None``: there was none), and the longest time without a byte until
    then."""

    first_bytes_s: float | None
    first_data_s: float | None
    longest_wait_s: float


@dataclass(frozen=True, slots=True)
class Batches:
    """Requests of a kind. ``cpu_s``: CPU seconds of a request, by batch; ``per_s``: right replies a
    second, by batch; ``openings``: how the replies begin; ``wrong``: what is wrong with them, empty
    if nothing is."""

    cpu_s: Sequence[float]
    per_s: Sequence[float]
    openings: Sequence[Opening]
    wrong: str


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """What is left when all users have gone and the service had its rest.

    ``to_clients``, ``to_model``: connections that it holds open, those to the model beyond one for
    each call that was in flight at the busiest moment; ``to_database``: by their state (``None``:
    it has no database server); ``held``: sessions that it holds (``None``: the driver cannot
    tell); ``broken_off``: replies that began and did not come to their end.
    """

    to_clients: int
    to_model: int
    to_database: Mapping[str, int] | None
    held: int | None
    broken_off: int


@dataclass(frozen=True, slots=True)
class Used:
    """The life of a service with one worker that all kinds of requests were made to. ``bytes``:
    resident memory afterwards; ``missing``: requests that were answered and are not stored now that
    it has ended (``None``: the driver cannot tell)."""

    began: Began
    kinds: Mapping[Kind, Attempt[Batches]]
    conversed: Attempt[Conversed]
    left: Attempt[LeftBehind]
    bytes: int
    end: ServerEnd
    missing: Attempt[int | None]

    @property
    def chats(self) -> Attempt[Batches]:
        """Those of chats."""
        return self.kinds[Kind.CHAT]


@dataclass(frozen=True, slots=True)
class Shared:
    """The life of a service with several workers. ``bytes``: resident memory afterwards."""

    chats: Attempt[Batches]
    conversed: Attempt[Conversed]
    bytes: int
    end: ServerEnd


@dataclass(frozen=True, slots=True)
class Lives:
    """All lives."""

    unused: Attempt[Sequence[Unused]]
    used: Attempt[Used]
    shared: Attempt[Shared]


def lives() -> Lives:
    """Measure them. Raises ``Unavailable`` where the service cannot be started as a process."""
    with surroundings() as around:
        began: Attempt[Sequence[Unused]] = attempt(lambda: [unused(around) for _ in range(STARTS)])
        if isinstance(began, Broken):
            # It would not start the next time either, and may take its whole time not to.
            return Lives(began, began, began)
        return Lives(began, attempt(lambda: used(around)), attempt(lambda: shared(around)))


def unused(around: Surroundings) -> Unused:
    """Start it, end it."""
    with Started(around) as service:
        return Unused(Began.of(service), service.stop())


def used(around: Surroundings) -> Used:
    """Start it, ask all that it can be asked, look at what is left, end it."""
    with Started(around) as service:
        crowd = Crowd(service)
        kinds = {kind: attempt(partial(crowd.batches, kind)) for kind in PLAIN}
        conversed = attempt(crowd.converse)
        kinds[Kind.STREAM] = attempt(crowd.streams)
        time.sleep(REST_S)
        left = attempt(crowd.left)
        return Used(
            began=Began.of(service),
            kinds=kinds,
            conversed=conversed,
            left=left,
            bytes=service.resident_bytes(),
            end=service.stop(),
            missing=attempt(crowd.missing),
        )


def shared(around: Surroundings) -> Shared:
    """Start it with several workers, ask what may depend on their number, end it."""
    with Started(around, WORKERS) as service:
        service.settle()
        crowd = Crowd(service, first=100_000)
        chats = attempt(partial(crowd.batches, Kind.CHAT))
        conversed = attempt(crowd.converse)
        return Shared(chats, conversed, service.resident_bytes(), service.stop())


class Crowd:
    """The users of one life of a service. ``first``: the number of the first request of each, which
    is none that was made in another life."""

    def __init__(self, service: Started, first: int = 1) -> None:
        self._service = service
        self._offered = service.around.offered
        self._numbers = count(first)
        self._asked: list[Asked] = []
        self._is_hopeless = False

    def batches(self, kind: Kind) -> Batches:
        """Plain requests. Raises ``Unavailable`` where the service has none of the kind."""
        endpoint = self._endpoint(kind)
        warm_up, *measured = (self._batch(endpoint, USERS, REQUESTS) for _ in range(BATCHES + 1))
        return _together([warm_up, *measured], measured)

    def streams(self) -> Batches:
        """Streams. Raises as ``batches`` does."""
        batch = self._batch(self._endpoint(Kind.STREAM), STREAMS, 1)
        return _together([batch], [batch])

    def converse(self) -> Conversed:
        """Conversations. Raises ``Unavailable`` where the service remembers none."""
        endpoint = self._offered.conversation
        if endpoint is None:
            raise Unavailable("the service keeps no conversation: its users send all of it")
        return asyncio.run(converse(self._service.port, endpoint, self._numbers))

    def left(self) -> LeftBehind:
        """What is left now."""
        around, start = self._service.around, self._service.start
        to_model = connections_to(around.model_port) - most_in_flight(around.model.calls)
        held = self._offered.held
        return LeftBehind(
            to_clients=connections_at(start.port),
            to_model=max(0, to_model),
            to_database=None if around.database is None else around.database.clients(),
            held=None if held is None else held(start),
            broken_off=sum(is_broken_off(one.row) for one in self._asked),
        )

    def missing(self) -> int | None:
        """How many of the asks that were answered are not stored; ``None`` if nobody can tell."""
        missing = self._offered.missing
        answered = [one.ask for one in self._asked if one.row.ok and one.row.kind in _STORED]
        return None if missing is None else missing(self._service.around.world, answered)

    def _endpoint(self, kind: Kind) -> Endpoint:
        found = self._offered.endpoint(kind)
        if found is None:
            raise Unavailable(f"the service has no endpoint of the kind {kind}")
        return found

    def _batch(self, endpoint: Endpoint, each: int, requests: int) -> _Batch:
        """So many users, each with so many requests. Nothing where nobody listens any more."""
        if self._is_hopeless:
            return _Batch([], 0.0, 0.0)
        prompt = BLOCKED[0] if endpoint.kind is Kind.BLOCKED else PROMPTS[1]
        numbers = [next(self._numbers) for _ in range(requests)]
        asks = [[ask_of(user, number, prompt) for number in numbers] for user in users(each)]
        cpu_s, begin = self._service.cpu_s(), time.monotonic()
        done = asyncio.run(answers_to(self._service.port, endpoint, asks))
        seconds, cpu_s = time.monotonic() - begin, self._service.cpu_s() - cpu_s
        self._asked += done
        self._is_hopeless = any(one.is_hopeless for one in done)
        return _Batch(done, seconds, cpu_s)


@dataclass(frozen=True, slots=True)
class _Batch:
    """What was asked at once, and the real and the CPU seconds that it took."""

    asked: Sequence[Asked]
    seconds: float
    cpu_s: float


def _together(all_of_them: Sequence[_Batch], measured: Sequence[_Batch]) -> Batches:
    """``measured``: those whose costs count."""
    asked = [one for batch in all_of_them for one in batch.asked]
    costs = [batch for batch in measured if batch.asked]
    return Batches(
        cpu_s=[batch.cpu_s / len(batch.asked) for batch in costs],
        per_s=[sum(one.row.ok for one in batch.asked) / batch.seconds for batch in costs],
        openings=[
            Opening(one.first_bytes_s, one.first_data_s, one.longest_wait_s) for one in asked
        ],
        wrong=reasons(one.row for one in asked),
    )
