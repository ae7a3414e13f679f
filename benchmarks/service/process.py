"""The service as a real process: what a start, a request and memory cost, how a stream begins, what
is left afterwards, whether it ends when it is asked to, and what several workers do.

The process and a mock model are on this machine's loopback. The model answers at once, and says the
words of a stream as it usually does: the first after 0.43 s, the last after 2.2. CPU and memory are
those of the whole process group. All of this is sampled: real seconds and real schedulers.

How it comes to its end:

0. *terminated*: it ends when it is asked to (SIGTERM).
1. *killed*: it has not ended after 10 s (``GRACE_S``), and is killed.
2. *ended by itself*: it was not there any more when it was to be asked.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from benchmarks.core.cells import Attempt, Kept, value_of
from benchmarks.core.forked import in_child
from benchmarks.core.notes import note, wrong
from benchmarks.core.presentation import portal_row, presented
from benchmarks.core.series import runs, series
from benchmarks.core.workload import WrongOutcome
from benchmarks.service.conversations import USERS as CONVERSATIONS
from benchmarks.service.lives import (
    BATCHES,
    REQUESTS,
    STARTS,
    STREAMS,
    USERS,
    WORKERS,
    LeftBehind,
    Lives,
    Shared,
    Used,
    lives,
)
from benchmarks.service.saying import unless
from benchmarks.service.started import PROVIDER
from meters.server_process import GRACE_S, Ending
from mocks.worlds.service.endpoints import Kind

LIMIT_S = 600.0
"""Real seconds after which all of it is given up, on however busy a machine."""

READ_TIMEOUT_S = 1.3
"""What a client of a stream waits for the next bytes. The model is silent for 0.43 s at most, so a
service that passes its words on is far below that, and one that keeps them until the end above."""

ENDINGS = {Ending.TERMINATED: 0, Ending.KILLED: 1, Ending.BY_ITSELF: 2}

HOLDS = {
    "first_token_s": PROVIDER.first_token_s,
    "per_token_s": PROVIDER.per_token_s,
    "users": USERS,
    "requests": REQUESTS,
}

Cache = Attempt[Lives]


def all_lives(self: object) -> Cache:
    """The ``setup_cache`` of all classes here, which is filled once for all of them."""
    return in_child(lives, limit_s=LIMIT_S)


vars(all_lives)["timeout"] = LIMIT_S + 60


def _left(cache: Cache) -> LeftBehind:
    return value_of(value_of(value_of(cache).used).left)


def _no_database(cache: Cache) -> str:
    return "" if _left(cache).to_database is not None else "the service has no database server"


def _sessions_unknown(cache: Cache) -> str:
    return "" if _left(cache).held is not None else "the driver cannot tell"


def _missing(cache: Cache) -> int | None:
    return value_of(value_of(value_of(cache).used).missing)


def _stored_unknown(cache: Cache) -> str:
    return "" if _missing(cache) is not None else "the driver cannot tell"


def _in_turn(values: Sequence[float], otherwise: str) -> Iterator[float]:
    """The samples that were taken, one after the other. Raises ``WrongOutcome`` without any."""
    if not values:
        raise WrongOutcome(otherwise or "nothing was measured")
    return itertools.cycle(values)


class Start:
    """Starting it, and waiting for its first right answer."""

    setup_cache = all_lives

    def setup(self, cache: Cache) -> None:
        found = value_of(cache)
        began = [one.began for one in value_of(found.unused)]
        began += [one.value.began for one in [found.used] if isinstance(one, Kept)]
        self.seconds = _in_turn([one.seconds for one in began], "")
        self.cpu_s = _in_turn([one.cpu_s for one in began], "")
        self.bytes = _in_turn([one.bytes for one in began], "")

    @series(version="1", kind="sampled", unit="seconds", group="real time")
    @runs(repeat=STARTS + 1, rounds=1)
    def sample_seconds(self, cache: Cache) -> float:
        """Real seconds until it is ready; looked at each hundredth of a second."""
        return next(self.seconds)

    @series(version="1", kind="sampled", unit="seconds", group="cpu")
    @runs(repeat=STARTS + 1, rounds=1)
    def sample_cpu(self, cache: Cache) -> float:
        """CPU seconds until it is ready."""
        return next(self.cpu_s)

    sample_cpu = portal_row(
        sample_cpu,
        rank=250,
        label="CPU to start a service",
        work="a real process, until it answers",
        unit="seconds",
        needs_same="machine",
    )

    @series(version="1", kind="sampled", unit="bytes", group="memory")
    @runs(repeat=STARTS + 1, rounds=1)
    def sample_memory(self, cache: Cache) -> float:
        """Resident memory when it is ready."""
        return next(self.bytes)


@presented(holds=HOLDS)
class Request:
    """Requests of some users at once, each of whom asks one thing after the other."""

    setup_cache = all_lives
    params = tuple(kind.value for kind in Kind)
    param_names = ("kind",)

    def setup(self, cache: Cache, kind: str) -> None:
        found = value_of(value_of(value_of(cache).used).kinds[Kind(kind)])
        if found.wrong:
            wrong(found.wrong)
        self.cpu_s = _in_turn(found.cpu_s, found.wrong)

    @series(version="1", kind="sampled", unit="seconds", group="cpu")
    @runs(repeat=BATCHES, rounds=1)
    def sample_cpu(self, cache: Cache, kind: str) -> float:
        """CPU seconds of a request."""
        return next(self.cpu_s)

    sample_cpu = portal_row(
        sample_cpu,
        rank=260,
        label="CPU for a request",
        work="a whole reply of a real process",
        unit="seconds",
        cell={"kind": Kind.CHAT.value},
        needs_same="machine",
    )


@presented(holds={**HOLDS, "read_timeout_s": READ_TIMEOUT_S})
class Stream:
    """How streams begin on the wire."""

    setup_cache = all_lives

    def setup(self, cache: Cache) -> None:
        found = value_of(value_of(value_of(cache).used).kinds[Kind.STREAM])
        if found.wrong:
            wrong(found.wrong)
        openings = found.openings
        first_bytes = [one.first_bytes_s for one in openings if one.first_bytes_s is not None]
        first_data = [one.first_data_s for one in openings if one.first_data_s is not None]
        self.first_bytes = _in_turn(first_bytes, found.wrong)
        self.first_data = _in_turn(first_data, found.wrong)
        self.given_up = sum(
            one.first_data_s is None or one.longest_wait_s > READ_TIMEOUT_S for one in openings
        )

    @series(version="1", kind="sampled", unit="seconds", group="real time")
    @runs(repeat=STREAMS, rounds=1)
    def sample_first_bytes(self, cache: Cache) -> float:
        """Real seconds to the first bytes of the body, a heartbeat's among them."""
        return next(self.first_bytes)

    @series(version="1", kind="sampled", unit="seconds", group="real time")
    @runs(repeat=STREAMS, rounds=1)
    def sample_first_data(self, cache: Cache) -> float:
        """Real seconds to the first event that carries data."""
        return next(self.first_data)

    @series(version="1", kind="sampled", unit="streams", group="outcome")
    @runs(repeat=1, rounds=1)
    def sample_given_up(self, cache: Cache) -> int:
        """Streams that a client gives up before the first data, for it waits for the next bytes no
        longer than its read time-out. Must be 0."""
        return self.given_up


UNUSED, USED, SHARED = "unused", "after requests", f"{WORKERS} workers"


@presented(holds={"grace_s": GRACE_S})
class End:
    """Asking it to end: after its start, after requests of all kinds, and with several workers."""

    setup_cache = all_lives
    params = (UNUSED, USED, SHARED)
    param_names = ("life",)

    def setup(self, cache: Cache, life: str) -> None:
        found = value_of(cache)
        ends = {
            UNUSED: lambda: [one.end for one in value_of(found.unused)],
            USED: lambda: [value_of(found.used).end],
            SHARED: lambda: [value_of(found.shared).end],
        }[life]()
        self.end = max(ends, key=lambda end: (ENDINGS[end.how], end.left))
        note(f"{self.end.how}, exit code {self.end.exit_code}, after {self.end.seconds:.1f} s")

    @series(
        version="1",
        kind="sampled",
        unit="outcome",
        group="outcome",
        codes=[ending.value for ending in ENDINGS],
    )
    @runs(repeat=1, rounds=1)
    def sample_ending(self, cache: Cache, life: str) -> int:
        """From 0 (terminated) to 2 (ended by itself): see ``benchmarks.service.process``."""
        return ENDINGS[self.end.how]

    @series(version="1", kind="sampled", unit="processes", group="outcome")
    @runs(repeat=1, rounds=1)
    def sample_processes_left(self, cache: Cache, life: str) -> int:
        """Processes of its own that outlive it. Must be 0."""
        return 0 if self.end.how is Ending.KILLED else self.end.left


@presented(holds=HOLDS)
class Left:
    """What is left half a second after the last of all requests."""

    setup_cache = all_lives

    def setup(self, cache: Cache) -> None:
        self.left = _left(cache)

    @series(version="1", kind="sampled", unit="connections", group="outcome")
    @runs(repeat=1, rounds=1)
    def sample_client_connections(self, cache: Cache) -> int:
        """Connections to users that it holds open. Must be 0."""
        return self.left.to_clients

    @series(version="1", kind="sampled", unit="connections", group="outcome")
    @runs(repeat=1, rounds=1)
    def sample_model_connections(self, cache: Cache) -> int:
        """Connections to the model that it holds open, beyond one for each call that was in flight
        at the busiest moment, which a pool may keep. Must be 0."""
        return self.left.to_model

    @unless(_no_database)
    @series(version="1", kind="sampled", unit="connections", group="outcome")
    @runs(repeat=1, rounds=1)
    def sample_database_connections(self, cache: Cache) -> int:
        """Connections to its database server that are open (``pg_stat_activity``), those that a
        pool keeps among them."""
        return sum((self.left.to_database or {}).values())

    @unless(_no_database)
    @series(version="1", kind="sampled", unit="connections", group="outcome")
    @runs(repeat=1, rounds=1)
    def sample_open_transactions(self, cache: Cache) -> int:
        """Those of them that are not idle: in a transaction or a statement for nobody. Must be
        0."""
        found = self.left.to_database or {}
        return sum(number for state, number in found.items() if state != "idle")

    @unless(_sessions_unknown)
    @series(version="1", kind="sampled", unit="sessions", group="outcome")
    @runs(repeat=1, rounds=1)
    def sample_sessions(self, cache: Cache) -> int:
        """Sessions that it holds."""
        return self.left.held or 0

    @series(version="1", kind="sampled", unit="streams", group="outcome")
    @runs(repeat=1, rounds=1)
    def sample_broken_off(self, cache: Cache) -> int:
        """Replies that began and did not come to their end. Must be 0."""
        return self.left.broken_off

    @unless(_stored_unknown)
    @series(version="1", kind="sampled", unit="requests", group="outcome")
    @runs(repeat=1, rounds=1)
    def sample_not_stored(self, cache: Cache) -> int:
        """Requests that were answered and are not stored when it has ended. Must be 0."""
        return _missing(cache) or 0


def _workers(cache: Cache, workers: int) -> Used | Shared:
    """The life with so many workers."""
    found = value_of(cache)
    return value_of(found.used) if workers == 1 else value_of(found.shared)


@presented(holds=HOLDS)
class Workers:
    """Chats with one worker process, and with several behind one port."""

    setup_cache = all_lives
    params = (1, WORKERS)
    param_names = ("workers",)

    def setup(self, cache: Cache, workers: int) -> None:
        life = _workers(cache, workers)
        self.bytes = life.bytes
        found = value_of(life.chats)
        if found.wrong:
            wrong(found.wrong)
        self.per_s = _in_turn(found.per_s, found.wrong)

    @series(version="1", kind="sampled", unit="requests/s", group="real time", direction="higher")
    @runs(repeat=BATCHES, rounds=1)
    def sample_throughput(self, cache: Cache, workers: int) -> float:
        """Right replies in a real second. Users and model need CPU of this machine too, so that it
        cannot grow with the workers beyond what its cores have left."""
        return next(self.per_s)

    @series(version="1", kind="sampled", unit="bytes", group="memory")
    @runs(repeat=1, rounds=1)
    def sample_memory(self, cache: Cache, workers: int) -> int:
        """Resident memory of all its processes after all that is asked of it; what they share
        counts for each."""
        return self.bytes


@presented(holds={"conversations": CONVERSATIONS})
class Conversations:
    """Conversations of which each message comes over a new connection, so that with several workers
    another process may answer it."""

    setup_cache = all_lives
    params = (1, WORKERS)
    param_names = ("workers",)

    def setup(self, cache: Cache, workers: int) -> None:
        found = value_of(_workers(cache, workers).conversed)
        if found.wrong:
            wrong(found.wrong)
        self.lost = found.lost

    @series(version="1", kind="sampled", unit="conversations", group="outcome")
    @runs(repeat=1, rounds=1)
    def sample_lost(self, cache: Cache, workers: int) -> int:
        """Conversations whose second reply does not know the first message. Must be 0."""
        return self.lost
