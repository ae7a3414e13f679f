"""One request to an idle service: when its reply comes, and what it takes.

The service is warm: three users have asked the same before, one after the other.
"""

from __future__ import annotations

import asyncio
import statistics
import tracemalloc
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.notes import note, wrong
from benchmarks.core.presentation import headline, portal_row, presented
from benchmarks.core.series import runs, series
from benchmarks.core.subject import own_files
from benchmarks.core.workload import WrongOutcome
from benchmarks.service.checks import reasons
from benchmarks.service.readings import Readings
from benchmarks.service.running import CACHE_TIMEOUT_S, USERS, Provider, Running, fresh, fresh_each
from benchmarks.service.saying import answers, needs, unless
from benchmarks.service.visitors import at_once, send, user_client
from meters import memory
from meters.bytecodes import BytecodeCounter
from mocks.worlds.service.endpoints import Kind
from mocks.worlds.service.prompts import BLOCKED, PROMPTS
from mocks.worlds.service.rows import Row
from mocks.worlds.service.traffic import ask_of
from mocks.worlds.service.users import User

WARM_UP = 3
BATCH = 8
BATCHES = 4
"""Batches of requests whose growths are measured, after another one."""

REST_S = 65.0
"""Virtual seconds of rest before what is kept is looked at: a service may clean up late, and a
timer that was cancelled stays with asyncio until its time has come."""

GRAIN_BYTES = 16
"""What is kept is told to so many bytes: an integer more or less for all requests together depends
on what the process did before."""

KEPT_TIMEOUT_S = 20.0
"""What a user of these requests gives a reply: its timers must be gone by then."""

PROVIDER = Provider()

HOLDS = {
    "latency_s": PROVIDER.latency_s,
    "first_token_s": PROVIDER.first_token_s,
    "per_token_s": PROVIDER.per_token_s,
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One request: its row, what it took (``readings``), bytecodes in the SDK's own files; what is
    wrong with it and what a reader must know."""

    row: Row
    readings: Readings
    own_bytecodes: int
    remarks: str
    wrong: str


class Asking:
    """A running service that is asked one kind of thing, by one new user after the other."""

    def __init__(self, running: Running, kind: Kind) -> None:
        self.running = running
        self.endpoint = running.endpoint(kind)
        self._prompt = BLOCKED[0] if kind is Kind.BLOCKED else PROMPTS[1]
        self._asked = 0

    def one(self) -> Row:
        """A request and its row."""
        self._asked += 1
        user = User(1 + self._asked % USERS)
        (row,) = self.running.run(
            at_once(self.endpoint, [ask_of(user, self._asked, self._prompt)])
        ).rows
        return row

    async def in_a_row(self, count: int) -> None:
        """So many of one user, each after the other. Raises ``WrongOutcome`` if one goes wrong."""
        loop = asyncio.get_running_loop()
        async with user_client() as client:
            for _ in range(count):
                self._asked += 1
                ask = ask_of(User(1), self._asked, self._prompt)
                row, _ = await send(
                    client, self.endpoint, ask, due=loop.time(), timeout_s=KEPT_TIMEOUT_S
                )
                if not row.ok:
                    raise WrongOutcome(row.reason)


def measure(kind: Kind) -> Measured:
    """What one request of a kind is."""
    with Running(PROVIDER) as running:
        asking = Asking(running, kind)
        for _ in range(WARM_UP):
            asking.one()
        running.forget()
        before = Readings.of(running)
        row = asking.one()
        took = Readings.of(running) - before
        with running.traced(), BytecodeCounter(own_files()) as counter:
            again = asking.one()
        remarks = "\n".join(running.remarks())
        return Measured(row, took, counter.inside, remarks, reasons([row, again]))


def kept(kind: Kind) -> int:
    """Bytes that a request leaves behind: those of one user's, over a connection that is kept. The
    median of several batches, for tables grow in steps."""
    with Running(PROVIDER) as running:
        asking = Asking(running, kind)
        asking.one()  # what never ends is proved before anything is traced

        def ask() -> None:
            with running.traced():
                running.run(asking.in_a_row(BATCH))
            running.forget()
            running.rest(REST_S)

        tracemalloc.start(1)
        try:
            ask()
            growths = [memory.traced(ask).retained for _ in range(BATCHES)]
        finally:
            tracemalloc.stop()
    return round(statistics.median(growths) / BATCH / GRAIN_BYTES) * GRAIN_BYTES


Cache = Mapping[str, Attempt[Measured]]

CHAT = {"kind": Kind.CHAT.value}
STREAM = {"kind": Kind.STREAM.value}


def _is_whole(cache: Cache, kind: str) -> str:
    return "" if kind == Kind.STREAM else f"no text comes in events where the kind is {kind}"


def _without_text(cache: Cache, kind: str) -> str:
    row = value_of(cache[kind]).row
    return row.reason or "a stream without text" if row.time_to_first_token is None else ""


@presented(
    holds=HOLDS,
    demo=(
        *("track_latency", "track_time_to_first_token"),
        *("track_connections_opened", "track_own_bytecodes"),
    ),
)
class Request:
    """One request of each kind."""

    params = tuple(kind.value for kind in Kind)
    param_names = ("kind",)

    def setup_cache(self) -> Cache:
        return fresh_each({kind.value: partial(measure, kind) for kind in Kind}, kind=str)

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Cache, kind: str) -> None:
        self.measured = value_of(cache[kind])
        if self.measured.wrong:
            wrong(self.measured.wrong)
        if self.measured.remarks:
            note(self.measured.remarks)

    @answers("work.makespan")
    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_latency(self, cache: Cache, kind: str) -> float:
        """From the request to the end of its reply, in virtual seconds."""
        return round(self.measured.row.latency, 9)

    @unless(_is_whole)
    @needs(_without_text)
    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_time_to_first_token(self, cache: Cache, kind: str) -> float:
        """From the request to the first text of a stream, in virtual seconds."""
        return round(self.measured.row.time_to_first_token or 0.0, 9)

    track_time_to_first_token = headline(
        portal_row(
            track_time_to_first_token,
            rank=210,
            label="Time to first token",
            work="a streamed reply of an idle service",
            unit="seconds",
            cell=STREAM,
        ),
        of="a stream",
        label="virtual seconds to the first token",
        rank=11,
        cell=STREAM,
    )

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_longest_gap(self, cache: Cache, kind: str) -> float:
        """Longest time in which nothing comes, from the request on: what a time-out between two
        reads must exceed. Heartbeats make it short."""
        return self.measured.row.longest_gap

    @series(version="1", kind="exact", unit="events", group="calls")
    def track_events(self, cache: Cache, kind: str) -> int:
        """Events of a stream."""
        return self.measured.row.events

    @series(version="1", kind="exact", unit="bytes", group="calls")
    def track_bytes(self, cache: Cache, kind: str) -> int:
        """Bytes of the reply's body."""
        return self.measured.row.received

    @series(version="1", kind="exact", unit="calls", group="calls")
    def track_model_calls(self, cache: Cache, kind: str) -> int:
        """Calls to the model."""
        return self.measured.readings.model_calls

    @series(version="1", kind="exact", unit="connections", group="calls")
    def track_connections_opened(self, cache: Cache, kind: str) -> int:
        """Connections that the service opens, to the model and whatever else."""
        return self.measured.readings.connections

    @series(version="1", kind="exact", unit="statements", group="calls")
    def track_sql_statements(self, cache: Cache, kind: str) -> int:
        """SQL statements that SQLite executes, those that begin and end transactions too."""
        return self.measured.readings.statements

    @series(version="1", kind="exact", unit="contexts", group="calls")
    def track_ssl_contexts(self, cache: Cache, kind: str) -> int:
        """SSL contexts that it makes: each takes milliseconds in which nothing else runs."""
        return self.measured.readings.ssl_contexts

    @series(version="1", kind="exact", unit="calls", group="calls")
    def track_executor_calls(self, cache: Cache, kind: str) -> int:
        """Pieces of work that it gives to threads."""
        return self.measured.readings.executor_calls

    @series(version="1", kind="exact", unit="calls", group="calls")
    def track_outside_calls(self, cache: Cache, kind: str) -> int:
        """Calls to addresses that are neither the model nor what the driver allows."""
        return self.measured.readings.outside

    @series(version="1", kind="exact", unit="bytecodes", group="work")
    def track_own_bytecodes(self, cache: Cache, kind: str) -> int:
        """Bytecodes executed in the service's own files."""
        return self.measured.own_bytecodes

    track_own_bytecodes = headline(
        portal_row(
            track_own_bytecodes,
            rank=220,
            label="Bytecodes per request",
            work="a whole reply: only the target's own files",
            unit="bytecodes",
            cell=CHAT,
            needs_same="python",
        ),
        of="a chat",
        label="bytecodes of the service",
        rank=12,
        cell=CHAT,
    )


@presented(holds={**HOLDS, "requests": BATCH * BATCHES})
class Kept:
    """What requests leave behind in the process."""

    params = (Kind.CHAT.value, Kind.STREAM.value)
    param_names = ("kind",)

    def setup(self, kind: str) -> None:
        self.bytes = value_of(fresh(partial(kept, Kind(kind))))

    @series(version="1", kind="sampled", unit="bytes", group="memory")
    @runs(repeat=1, rounds=3)
    def sample_bytes(self, kind: str) -> int:
        """Bytes that a request leaves behind, to the nearest 16: sampled, because the tables of
        libraries grow by what their keys hash to."""
        return self.bytes
