"""What users of a real load do: the traffic of a profile, played with blocking calls.

The same as on the virtual clock. A request that is sent late (a generator that is too slow) was due
when it was, and its latency counts from then.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from mocks.worlds.service.endpoints import Answer, Ask, Endpoint, Kind, row_of
from mocks.worlds.service.profiles import Profile, Stay
from mocks.worlds.service.rows import Row
from mocks.worlds.service.traffic import Arrival, arrivals, mix_for, steps


class Asking(Protocol):
    """What a user connects with."""

    def ask(self, endpoint: Endpoint, ask: Ask, timeout_s: float) -> Answer:
        """Ask; the answer, with times of ``time.monotonic``."""

    def close(self) -> None:
        """Hang up."""


class Heard(Protocol):
    """Who is told what happens, in seconds since the load began."""

    def row(self, row: Row) -> None:
        """A request ended."""

    def present(self, at_s: float, more: int) -> None:
        """So many users came, or left."""


@dataclass(frozen=True)
class Visits:
    """A profile's traffic on endpoints. ``begin``: when the load began, of ``time.monotonic``."""

    profile: Profile
    seed: int
    endpoints: Sequence[Endpoint]
    begin: float
    connect: Callable[[], Asking]
    heard: Heard
    _idle: dict[int, list[Asking]] = field(default_factory=lambda: defaultdict(list))

    def stay(self, stay: Stay) -> None:
        """One user's whole stay in a closed load."""
        self._wait_until(stay.arrives_s)
        self.heard.present(self._now(), 1)
        client = self.connect()
        earlier: list[tuple[str, str]] = []
        due_s = stay.arrives_s
        for step in steps(self._possible, stay.user, self.seed):
            due_s += step.think_s
            if due_s >= stay.leaves_s:
                break
            self._wait_until(due_s)
            if step.ask.turn == 1:
                earlier.clear()
            ask = replace(step.ask, earlier=tuple(earlier))
            words = self._request(client, self._endpoint(step.kind), ask, due_s)
            if words:
                earlier.append((ask.text, words))
            due_s = self._now()
        client.close()
        self.heard.present(self._now(), -1)

    def arrivals(self, share: int, of: int) -> Iterator[Arrival]:
        """The requests of an open load, each when it is due: every ``of``-th, from ``share`` on."""
        if share == 0:
            self.heard.present(0.0, self.profile.users)
        for number, arrival in enumerate(arrivals(self._possible, self.seed)):
            if number % of == share:
                self._wait_until(arrival.at_s)
                yield arrival
        self._wait_until(self.profile.duration_s)
        if share == 0:
            self.heard.present(self.profile.duration_s, -self.profile.users)

    def answer(self, arrival: Arrival) -> None:
        """One request of an open load, over an idle connection of its user, if there is one."""
        step = arrival.step
        idle = self._idle[step.ask.user.number]
        client = idle.pop() if idle else self.connect()
        self._request(client, self._endpoint(step.kind), step.ask, arrival.at_s)
        idle.append(client)

    def close(self) -> None:
        """Hang up what is idle."""
        for idle in self._idle.values():
            for client in idle:
                client.close()

    @property
    def _possible(self) -> Profile:
        """The profile, of which what the service lacks is asked as something that it has."""
        kinds = tuple(endpoint.kind for endpoint in self.endpoints)
        return replace(self.profile, mix=mix_for(kinds, self.profile.mix))

    def _endpoint(self, kind: str) -> Endpoint:
        return next(one for one in self.endpoints if one.kind == kind)

    def _request(self, client: Asking, endpoint: Endpoint, ask: Ask, due_s: float) -> str:
        """Make it, and give what the reply says if it is right and says something."""
        started = time.monotonic()
        answer = client.ask(endpoint, ask, self.profile.timeout_s)
        row = row_of(
            endpoint,
            ask,
            answer,
            due=self.begin + due_s,
            started=started,
            ended=time.monotonic(),
        )
        self.heard.row(row.since(self.begin))
        return _said(endpoint, answer) if row.ok else ""

    def _now(self) -> float:
        return time.monotonic() - self.begin

    def _wait_until(self, at_s: float) -> None:
        seconds = self.begin + at_s - time.monotonic()
        if seconds > 0:
            time.sleep(seconds)


def _said(endpoint: Endpoint, answer: Answer) -> str:
    """What a right reply says, for the user to go on from; "" of one that is no speech."""
    if endpoint.kind in (Kind.BLOCKED, Kind.HEALTH):
        return ""
    try:
        return endpoint.words(answer)
    except ValueError:
        return ""
