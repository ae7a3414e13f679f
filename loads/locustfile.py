"""Locust's users. Started by ``python -m loads.users``; by ``locust -f`` too, on several machines,
with ``UNLADEN_LOAD_SPEC`` naming the load and Locust's own options (docs/load.md).

Locust spawns as many users as the load has, all at the beginning, and divides them among its
workers; each then gets its number from the master, comes and goes when the profile says, and ends.
Rows go to the master, which prints them. Locust's own statistics get each request as well, and the
time to the first token of a stream as one of the type ``TTFT``.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import gevent
from gevent.event import Event
from gevent.pool import Group
from gevent.queue import Queue
from locust import User, events, task
from locust.exception import StopUser
from locust.runners import MasterRunner, WorkerRunner

from loads.client import UserClient
from loads.spec import VARIABLE, LoadSpec
from loads.visits import Visits
from mocks.worlds.service.lines import end_line, plan_line, row_line, users_line
from mocks.worlds.service.rows import Row

FLUSH_S = 0.25
"""Between two messages of a worker to the master."""

LEAD_S = 0.5
"""From the moment at which all users are spawned to the begin of the load: every worker must have
heard of it by then."""

BEAT_S = 5.0
"""Between two lines of a load in which nothing ends."""

LATE_S = 60.0
"""A load that is not over so long after its last reply could come breaks off."""

SPEC = LoadSpec.read(Path(os.environ[VARIABLE]))
PROFILE = SPEC.profile


class Station:
    """This process's users: what they are told by the master, and what they tell it."""

    def __init__(self, environment: Any) -> None:
        self.environment = environment
        self.runner = environment.runner
        self.numbers: Queue[int] = Queue()
        self.has_begun = Event()
        self.begin = 0.0
        self._rows: list[str] = []
        self._present: list[tuple[float, int]] = []
        self._gone = 0
        self.runner.register_message("unladen_number", self._get_number)
        self.runner.register_message("unladen_begin", self._begin)
        gevent.spawn(self._flush_for_ever)

    def _get_number(self, environment: Any, msg: Any, **_: Any) -> None:
        self.numbers.put(msg.data)

    def _begin(self, environment: Any, msg: Any, **_: Any) -> None:
        self.begin = time.monotonic() + msg.data
        self.has_begun.set()

    def visits(self) -> Visits:
        """The traffic, once it has begun."""
        self.has_begun.wait()
        return Visits(
            PROFILE,
            SPEC.seed,
            SPEC.endpoints(),
            self.begin,
            lambda: UserClient(SPEC.base, SPEC.headers),
            self,
        )

    def row(self, row: Row) -> None:
        """See ``Heard``."""
        self._rows.append(row_line(row))
        error = RuntimeError(f"{row.error}: {row.reason}") if row.error else None
        self._fire(row.kind, row.latency, row, error)
        if row.time_to_first_token is not None:
            self._fire("TTFT", row.time_to_first_token, row, None)

    def _fire(self, kind: str, seconds: float, row: Row, error: Exception | None) -> None:
        self.environment.events.request.fire(
            request_type=kind,
            name=row.kind,
            response_time=seconds * 1000,
            response_length=row.received,
            exception=error,
            context={},
        )

    def present(self, at_s: float, more: int) -> None:
        """See ``Heard``."""
        self._present.append((at_s, more))

    def gone(self) -> None:
        """A user has done everything."""
        self._gone += 1

    def _flush_for_ever(self) -> None:
        while True:
            gevent.sleep(FLUSH_S)
            self.flush()

    def flush(self) -> None:
        """Tell the master what has happened since the last time."""
        if self._rows or self._present or self._gone:
            data = {"rows": self._rows, "present": self._present, "gone": self._gone}
            self._rows, self._present, self._gone = [], [], 0
            self.runner.send_message("unladen_rows", data)


class Desk:
    """The master: numbers the users, lets the load begin, prints the rows and ends it."""

    def __init__(self, environment: Any) -> None:
        self.runner = environment.runner
        self._output = os.fdopen(os.dup(SPEC.output), "w", encoding="utf-8")
        self._numbered = 0
        self._gone = 0
        self._present = 0
        self._last = 0.0
        self._begun_at = 0.0
        environment.process_exit_code = 0  # failed requests are what a load finds out
        self.runner.register_message("unladen_who", self._number)
        self.runner.register_message("unladen_rows", self._print)
        environment.events.spawning_complete.add_listener(self._spawned)
        environment.events.quitting.add_listener(lambda **_: self._output.close())
        more = {} if SPEC.limit is None else {"limit_per_minute": SPEC.limit}
        self._say(
            plan_line(
                PROFILE,
                engine="locust",
                subject=SPEC.target or SPEC.url,
                seed=SPEC.seed,
                more=more,
            )
        )

    def _say(self, line: str) -> None:
        self._output.write(f"{line}\n")

    def _number(self, environment: Any, msg: Any, **_: Any) -> None:
        self.runner.send_message("unladen_number", self._numbered, msg.node_id)
        self._numbered += 1

    def _spawned(self, user_count: int, **_: Any) -> None:
        if not self._begun_at:
            self._begun_at = time.monotonic() + LEAD_S
            self.runner.send_message("unladen_begin", LEAD_S)
            gevent.spawn(self._beat)
            gevent.spawn_later(
                LEAD_S + PROFILE.duration_s + PROFILE.timeout_s + LATE_S, self.runner.quit
            )

    def _beat(self) -> None:
        """Say how many users there are even while nothing ends."""
        gevent.sleep(LEAD_S + BEAT_S)
        while not self._output.closed:
            self._say_users(time.monotonic() - self._begun_at)
            self._output.flush()
            gevent.sleep(BEAT_S)

    def _say_users(self, at_s: float) -> None:
        self._last = max(self._last, round(at_s, 9))
        self._say(users_line(self._last, self._present))

    def _print(self, environment: Any, msg: Any, **_: Any) -> None:
        for row in msg.data["rows"]:
            self._say(row)
        for at_s, more in sorted(msg.data["present"]):
            self._present += more
            self._say_users(at_s)
        self._output.flush()
        self._gone += msg.data["gone"]
        if self._gone == SPEC.spawned:
            self._say(end_line(time.monotonic() - self._begun_at, {}))
            self._output.flush()
            gevent.spawn(self.runner.quit)


STATIONS: list[Station] = []


@events.init.add_listener
def set_up(environment: Any, **_: Any) -> None:
    """A local runner is both."""
    if not isinstance(environment.runner, WorkerRunner):
        Desk(environment)
    if not isinstance(environment.runner, MasterRunner):
        STATIONS.append(Station(environment))


class Visitor(User):
    """A user, or in an open load, in which users wait for nobody, what sends a share of the
    requests: one for each worker."""

    def on_start(self) -> None:
        """Get a number."""
        self.environment.runner.send_message("unladen_who", None)

    @task
    def visit(self) -> None:
        """Do everything."""
        (station,) = STATIONS
        number = station.numbers.get()
        visits = station.visits()
        if SPEC.is_open:
            answers = Group()
            for arrival in visits.arrivals(number, SPEC.sources):
                answers.spawn(visits.answer, arrival)
            answers.join()
            visits.close()
        else:
            visits.stay(list(PROFILE.stays())[number])
        station.gone()
        raise StopUser
