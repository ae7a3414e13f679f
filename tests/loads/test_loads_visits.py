"""What users do in real time, without Locust: the same traffic as on the virtual clock."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from loads.spec import OPENAI
from loads.visits import Visits
from mocks.worlds.service.endpoints import Answer, Ask, Endpoint, Kind, Piece
from mocks.worlds.service.profiles import CROWD, STEADY, Profile
from mocks.worlds.service.rows import Row
from mocks.worlds.service.traffic import arrivals, mix_for, steps

BUSY = CROWD.changed(users=2, duration_s=0.5, interval_s=0.05, think_s=(0.0, 0.05))


@dataclass
class Listener:
    rows: list[Row] = field(default_factory=list)
    counts: list[tuple[float, int]] = field(default_factory=list)

    def row(self, row: Row) -> None:
        self.rows.append(row)

    def present(self, at_s: float, more: int) -> None:
        self.counts.append((at_s, more))


@dataclass
class Instant:
    """Answers at once; the ``slow``-th request after a tenth of a second."""

    slow: int = 0
    asks: list[Ask] = field(default_factory=list)
    closed: int = 0

    def ask(self, endpoint: Endpoint, ask: Ask, timeout_s: float) -> Answer:
        self.asks.append(ask)
        if len(self.asks) == self.slow:
            time.sleep(0.1)
        now = time.monotonic()
        said = {"choices": [{"message": {"content": "so"}, "delta": {"content": "so"}}]}
        data = json.dumps(said)
        if endpoint.kind is Kind.STREAM:
            stream = Piece(now, f"data: {data}\n\n".encode())
            return Answer(200, {"content-type": "text/event-stream"}, [stream], now)
        return Answer(200, {}, [Piece(now, data.encode())], now)

    def close(self) -> None:
        self.closed += 1


def played(profile: Profile, user: Instant, endpoints: Sequence[Endpoint] = OPENAI) -> Listener:
    heard = Listener()
    visits = Visits(profile, 1, endpoints, time.monotonic(), lambda: user, heard)
    for stay in list(profile.stays())[:1]:
        visits.stay(stay)
    return heard


def test_a_stay_asks_what_the_traffic_says() -> None:
    user = Instant()
    heard = played(BUSY, user)
    profile = replace(BUSY, mix=mix_for([one.kind for one in OPENAI], BUSY.mix))
    expected = [step for step, _ in zip(steps(profile, 1, 1), user.asks, strict=False)]
    assert len(user.asks) > 3
    assert [ask.text for ask in user.asks] == [step.ask.text for step in expected]
    assert [row.kind for row in heard.rows] == [step.kind for step in expected]
    assert {row.error for row in heard.rows} == {""}
    assert [more for _, more in heard.counts] == [1, -1]
    assert user.closed == 1


def test_each_request_is_due_a_think_time_after_the_last_reply() -> None:
    user = Instant(slow=2)
    heard = played(BUSY, user)
    profile = replace(BUSY, mix=mix_for([one.kind for one in OPENAI], BUSY.mix))
    thinking = [step.think_s for step, _ in zip(steps(profile, 1, 1), user.asks, strict=False)]
    for before, after, think_s in zip(heard.rows, heard.rows[1:], thinking[1:], strict=False):
        assert 0 <= after.due - before.ended - think_s < 0.05
        assert after.started >= after.due - 1e-9
    assert heard.rows[1].latency >= 0.1
    assert all(row.due < BUSY.duration_s for row in heard.rows)


def test_what_was_said_before_is_sent_again_within_a_conversation() -> None:
    user = Instant()
    played(BUSY, user)
    for before, after in zip(user.asks, user.asks[1:], strict=False):
        if after.turn == 1:
            assert after.earlier == ()
        else:
            assert after.earlier[-1] == (before.text, "so")


def test_an_open_load_is_shared_among_workers() -> None:
    profile = STEADY.changed(users=4, duration_s=0.4, arrivals_per_s=50.0)
    whole = [one.step.ask.text for one in arrivals(_possible(profile), 1)]
    shares = []
    for share in range(3):
        visits = Visits(profile, 1, OPENAI, time.monotonic() - 60, Instant, Listener())
        shares.append([one.step.ask.text for one in visits.arrivals(share, 3)])
    assert len(whole) > 10
    assert [text for n in range(len(whole)) for text in shares[n % 3][n // 3 : n // 3 + 1]] == whole


def test_a_request_that_is_sent_late_was_due_when_it_was() -> None:
    """The generator comes two seconds too late: what it asks is late by as much."""
    profile = STEADY.changed(users=4, duration_s=0.4, arrivals_per_s=50.0)
    heard = Listener()
    visits = Visits(profile, 1, OPENAI, time.monotonic() - 2.0, Instant, heard)
    for arrival in visits.arrivals(0, 1):
        visits.answer(arrival)
    assert heard.counts == [(0.0, 4), (profile.duration_s, -4)]
    assert all(row.latency > 1.5 for row in heard.rows)


def _possible(profile: Profile) -> Profile:
    return replace(profile, mix=mix_for([one.kind for one in OPENAI], profile.mix))
