"""Many users at once on one service: do their requests overlap, are they refused, mixed up?

Each has a connection of their own, and all ask the same kind of thing at the same moment; the
service has served one user before. Which of them comes first is no matter: they are alike, and what
is told of them are their percentiles and counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import product
from operator import itemgetter

from benchmarks.core.cells import Attempt, value_of
from benchmarks.core.counted import number
from benchmarks.core.notes import note
from benchmarks.core.presentation import headline, portal_row, presented
from benchmarks.core.series import series
from benchmarks.service.checks import check, is_failed, is_refused, reasons, share_of, shortfall
from benchmarks.service.request import HOLDS, PROVIDER, Asking
from benchmarks.service.running import CACHE_TIMEOUT_S, Running, fresh_each
from benchmarks.service.saying import needs, unless
from benchmarks.service.visitors import at_once
from mocks.worlds.service.endpoints import Kind
from mocks.worlds.service.prompts import PROMPTS
from mocks.worlds.service.rows import Error
from mocks.worlds.service.traffic import ask_of
from mocks.worlds.service.users import users

USERS_AT_ONCE = (1, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class BurstResult:
    """What came of a burst; virtual seconds. ``p50``, ``p95``: of the right replies' latencies
    (``None``: there is none), ``first_token_p95`` of their times to the first text; ``short``: see
    ``checks.shortfall``."""

    makespan: float
    p50: float | None
    p95: float | None
    first_token_p95: float | None
    refused: int
    failed: int
    wrong: int
    foreign: int
    model_calls: int
    lock_waits: int
    short: str
    notes: str


def measure(kind: Kind, count: int) -> BurstResult:
    """So many users of a service that nobody else uses."""
    with Running(PROVIDER) as running:
        Asking(running, kind).one()
        running.forget()
        asks = [ask_of(user, 1000, PROMPTS[1]) for user in users(count)]
        rows = running.run(at_once(running.endpoint(kind), asks)).rows
        right = [row for row in rows if row.ok]
        tokens = [row.time_to_first_token for row in right if row.time_to_first_token is not None]
        return BurstResult(
            makespan=max(row.ended for row in rows),
            p50=share_of([row.latency for row in right], 0.5),
            p95=share_of([row.latency for row in right], 0.95),
            first_token_p95=share_of(tokens, 0.95),
            refused=sum(map(is_refused, rows)),
            failed=sum(map(is_failed, rows)),
            wrong=sum(row.error is Error.WRONG for row in rows),
            foreign=sum(row.foreign for row in rows),
            model_calls=number(running.calls),
            lock_waits=running.machine.databases.lock_waits,
            short=shortfall(rows),
            notes="\n".join(filter(None, [reasons(rows), *running.remarks()])),
        )


Cache = Mapping[tuple[str, int], Attempt[BurstResult]]

KINDS = (Kind.CHAT.value, Kind.STREAM.value)


def _no_right_reply(name: str, cache: Cache, kind: str, count: int) -> str:
    result = value_of(cache[kind, count])
    if getattr(result, name) is not None:
        return ""
    return "no reply is right" + (f": {result.notes}" if result.notes else "")


def _is_whole(cache: Cache, kind: str, count: int) -> str:
    return "" if kind == Kind.STREAM else f"no text comes in events where the kind is {kind}"


FIFTY = {"kind": Kind.CHAT.value, "users": "50"}


@presented(holds=HOLDS, roles={"users": "runs"})
class Burst:
    """So many users who ask the same kind of thing at the same moment."""

    params = (KINDS, USERS_AT_ONCE)
    param_names = ("kind", "users")

    def setup_cache(self) -> Cache:
        measures = {
            (kind, count): partial(measure, Kind(kind), count)
            for kind, count in product(KINDS, USERS_AT_ONCE)
        }
        return fresh_each(measures, kind=itemgetter(0))

    vars(setup_cache)["timeout"] = CACHE_TIMEOUT_S

    def setup(self, cache: Cache, kind: str, count: int) -> None:
        self.result = value_of(cache[kind, count])
        if self.result.notes:
            note(self.result.notes)

    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_makespan(self, cache: Cache, kind: str, count: int) -> float:
        """From the start to the last reply, in virtual seconds."""
        check(self.result.short)
        return self.result.makespan

    @needs(partial(_no_right_reply, "p50"))
    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_p50_latency(self, cache: Cache, kind: str, count: int) -> float:
        """Virtual seconds in which half of the right replies have come."""
        check(self.result.short)
        return self.result.p50 or 0.0

    @needs(partial(_no_right_reply, "p95"))
    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_p95_latency(self, cache: Cache, kind: str, count: int) -> float:
        """Virtual seconds in which 95 % of the right replies have come."""
        check(self.result.short)
        return self.result.p95 or 0.0

    track_p95_latency = headline(
        portal_row(
            track_p95_latency,
            rank=230,
            label="50 users at once",
            work="95 % of the replies of a service that 50 users ask at the same moment",
            unit="seconds",
            cell=FIFTY,
        ),
        of="a burst of users",
        label="virtual seconds to nearly all replies",
        rank=13,
        cell=FIFTY,
    )

    @unless(_is_whole)
    @needs(partial(_no_right_reply, "first_token_p95"))
    @series(version="1", kind="exact", unit="seconds", group="virtual time")
    def track_p95_first_token(self, cache: Cache, kind: str, count: int) -> float:
        """Virtual seconds in which 95 % of the right replies have begun to say something."""
        check(self.result.short)
        return self.result.first_token_p95 or 0.0

    @series(version="1", kind="exact", unit="requests", group="outcome")
    def track_refused(self, cache: Cache, kind: str, count: int) -> int:
        """Requests that the service refuses with 429 or 503."""
        return self.result.refused

    track_refused = portal_row(
        track_refused,
        rank=232,
        label="Refused of 50 at once",
        work="chats of users who ask at the same moment, answered 429 or 503",
        unit="requests",
        cell=FIFTY,
        in_floors=False,
    )

    @series(version="1", kind="exact", unit="requests", group="outcome")
    def track_failed(self, cache: Cache, kind: str, count: int) -> int:
        """Requests without a reply: another error, a connection that breaks, none in 120 s."""
        return self.result.failed

    track_failed = portal_row(
        track_failed,
        rank=231,
        label="Failed of 50 at once",
        work="chats of users who ask at the same moment, without a reply",
        unit="requests",
        cell=FIFTY,
        in_floors=False,
    )

    @series(version="1", kind="exact", unit="requests", group="outcome")
    def track_wrong(self, cache: Cache, kind: str, count: int) -> int:
        """Replies that are not what was asked for, for somebody else among them."""
        return self.result.wrong

    @series(version="1", kind="exact", unit="requests", group="outcome")
    def track_crosstalk(self, cache: Cache, kind: str, count: int) -> int:
        """Replies that carry another user's mark. Must be 0."""
        return self.result.foreign

    @series(version="1", kind="exact", unit="waits", group="calls")
    def track_database_lock_waits(self, cache: Cache, kind: str, count: int) -> int:
        """SQL statements that wait for a lock of SQLite's."""
        return self.result.lock_waits

    @series(version="1", kind="exact", unit="calls", group="calls")
    def track_model_calls(self, cache: Cache, kind: str, count: int) -> int:
        """Calls to the model, of all users together."""
        check(self.result.short)
        return self.result.model_calls
