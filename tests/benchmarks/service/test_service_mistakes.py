"""Each mistake of a small service is found where it is looked for, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
from made_services import Choose

from benchmarks.core.cells import Broken, Kept
from benchmarks.service import burst, capacity, faults, freeze, played, request
from benchmarks.service.running import Provider, fresh
from mocks.faults import Case, Outcome
from mocks.worlds.service.endpoints import Kind
from mocks.worlds.service.faults import CASES
from mocks.worlds.service.profiles import Group, Profile
from mocks.worlds.service.rows import Error

T = TypeVar("T")

CROWD = Profile(name="crowd", groups=(Group(6, 0.0, 40.0, 6.0),), duration_s=40.0, think_s=(1, 5))


def one(kind: Kind) -> request.Measured:
    """One request to it."""
    return value(lambda: request.measure(kind))


def value(measure: Callable[[], T]) -> T:
    """What is measured in a process of its own, which must work."""
    kept = fresh(measure)
    assert isinstance(kept, Kept), kept
    return kept.value


def case(name: str) -> Case:
    """The case of that name."""
    return next(each for each in CASES if each.name == name)


@pytest.mark.slow
def test_a_service_without_a_mistake(choose: Choose) -> None:
    choose()
    chat = one(Kind.CHAT)
    assert (chat.row.latency, chat.wrong) == (pytest.approx(1.1), "")
    assert chat.readings.model_calls == 1
    assert chat.readings.connections == 0
    assert (chat.readings.statements, chat.readings.ssl_contexts) == (0, 0)
    assert chat.remarks == ""
    assert chat.own_bytecodes > 50
    stream = one(Kind.STREAM)
    assert stream.row.time_to_first_token == pytest.approx(0.43)
    assert stream.row.longest_gap == pytest.approx(0.43)
    assert stream.row.events > 10
    assert one(Kind.BLOCKED).readings.model_calls == 0
    assert one(Kind.HEALTH).row.latency == 0.0

    at_once = value(lambda: burst.measure(Kind.CHAT, 50))
    assert (at_once.makespan, at_once.p95) == (pytest.approx(1.1), pytest.approx(1.1))
    assert (at_once.refused, at_once.failed, at_once.wrong, at_once.foreign) == (0, 0, 0, 0)

    load = value(lambda: played.measure(CROWD, Provider()))
    assert load.requests > 30
    assert load.errors == {}
    assert load.p95 < 2.5
    assert (load.left.to_clients, load.left.to_others, load.left.in_flight) == (0, 0, 0)
    assert load.left.to_model <= load.pooled <= 6
    assert (load.left.missing, load.left.held) == (0, 0)


@pytest.mark.slow
def test_a_buffer_before_the_first_token_is_seen_by_its_time(choose: Choose) -> None:
    choose("a buffer before the first token")
    row = one(Kind.STREAM).row
    assert row.ok
    assert row.time_to_first_token == pytest.approx(row.latency)
    assert row.time_to_first_token > 1.5


@pytest.mark.slow
def test_heartbeats_make_the_longest_gap_short_and_are_no_tokens(choose: Choose) -> None:
    choose("heartbeats")
    row = one(Kind.STREAM).row
    assert row.ok
    assert row.first_byte - row.started == pytest.approx(0.0)
    assert row.time_to_first_token == pytest.approx(0.79)
    assert row.longest_gap == pytest.approx(0.43 + 0.09)


@pytest.mark.slow
def test_a_lock_across_the_call_makes_a_burst_a_queue(choose: Choose) -> None:
    choose("a lock across the call")
    assert one(Kind.CHAT).row.latency == pytest.approx(1.1)
    at_once = value(lambda: burst.measure(Kind.CHAT, 10))
    assert at_once.makespan == pytest.approx(11.0)
    assert at_once.p50 == pytest.approx(5.5)


@pytest.mark.slow
def test_a_client_for_each_request_is_seen_by_its_connections(choose: Choose) -> None:
    choose("a client for each request")
    chat = one(Kind.CHAT)
    assert chat.readings.connections == 1
    assert chat.readings.ssl_contexts == 1
    assert chat.row.latency == pytest.approx(1.1)


@pytest.mark.slow
def test_a_small_pool_makes_a_burst_wait(choose: Choose) -> None:
    choose("a small pool")
    at_once = value(lambda: burst.measure(Kind.CHAT, 20))
    assert at_once.makespan == pytest.approx(4.4)
    assert at_once.failed == 0


@pytest.mark.slow
def test_a_blocking_client_lets_nobody_else_be_served(choose: Choose) -> None:
    choose("a blocking client")
    chat = one(Kind.CHAT)
    assert chat.row.latency == pytest.approx(1.1)
    assert chat.remarks == "blocks its loop to wait for 127.0.0.1:9100"
    assert value(lambda: burst.measure(Kind.CHAT, 10)).makespan == pytest.approx(11.0)
    checked = value(lambda: freeze.measure("chat"))
    assert (checked.state, checked.slowest) == (freeze.State.OK, pytest.approx(1.1))


@pytest.mark.slow
def test_a_session_for_each_request_is_kept_and_counted(choose: Choose) -> None:
    choose()
    right = value(lambda: request.kept(Kind.CHAT))
    choose("a session for each request")
    assert value(lambda: request.kept(Kind.CHAT)) > right + 4000
    load = value(lambda: played.measure(CROWD, Provider()))
    assert load.left.held > 20


@pytest.mark.slow
def test_retries_without_end_are_a_hang_and_many_calls(choose: Choose) -> None:
    choose("retries without end")
    endless = value(lambda: faults.measure(case("chat: 429, every call")))
    assert endless.outcome is Outcome.HANG
    assert endless.seconds is None
    choose()
    told = value(lambda: faults.measure(case("chat: 429, every call")))
    assert told.outcome is Outcome.TYPED_ERROR


@pytest.mark.slow
def test_errors_as_successes_are_data_lost(choose: Choose) -> None:
    choose("errors as successes")
    lost = value(lambda: faults.measure(case("chat: 503")))
    assert lost.outcome is Outcome.DATA_LOST
    refused = value(lambda: played.measure(CROWD, Provider(per_minute=5)))
    assert refused.errors[Error.WRONG] > 0
    assert refused.refused > 0


@pytest.mark.slow
def test_a_refusal_is_no_success(choose: Choose) -> None:
    choose()
    load = value(lambda: played.measure(CROWD, Provider(per_minute=10)))
    assert sum(load.errors.values()) == load.refused > load.errors[Error.SERVER] > 0
    at_once = value(lambda: burst.measure(Kind.CHAT, 10))
    assert at_once.refused == 0


@pytest.mark.slow
def test_a_blocked_loop_keeps_health_checks_waiting(choose: Choose) -> None:
    choose("a blocked loop")
    checked = value(lambda: freeze.measure("chat"))
    assert checked.state is freeze.State.OK
    assert checked.slowest == pytest.approx(0.5)
    choose()
    assert value(lambda: freeze.measure("chat")).slowest == 0.0


@pytest.mark.slow
def test_a_receive_that_never_waits_is_a_spin(choose: Choose) -> None:
    choose("a receive that never waits")
    checked = value(lambda: freeze.measure("stream"))
    assert checked.state is freeze.State.SPIN
    assert "listen_for_disconnect" in checked.about
    assert checked.slowest is None
    assert value(lambda: freeze.measure("chat")).state is freeze.State.OK
    broken = fresh(lambda: burst.measure(Kind.STREAM, 10))
    assert isinstance(broken, Broken)
    assert "Frozen" in broken.reason
    assert "listen_for_disconnect" in broken.reason


@pytest.mark.slow
def test_another_users_answer_is_found(choose: Choose) -> None:
    choose("another user's question")
    at_once = value(lambda: burst.measure(Kind.CHAT, 5))
    assert at_once.foreign == at_once.wrong == 4
    assert "of another user" in at_once.notes
    assert one(Kind.CHAT).wrong == ""


@pytest.mark.slow
def test_a_stream_without_data_is_wrong(choose: Choose) -> None:
    choose("a stream without data")
    assert "a stream without data" in one(Kind.STREAM).wrong


@pytest.mark.slow
def test_what_is_answered_and_not_stored_is_counted(choose: Choose) -> None:
    choose("nothing is stored")
    load = value(lambda: played.measure(CROWD, Provider()))
    assert load.errors == {}
    assert load.left.missing == load.model_calls > 20


@pytest.mark.slow
def test_a_service_that_does_not_start_is_a_failure_with_its_reason(choose: Choose) -> None:
    choose("it does not start")
    broken = fresh(lambda: request.measure(Kind.CHAT))
    assert isinstance(broken, Broken)
    assert not broken.unavailable
    assert "the table of rules is missing" in broken.reason


@pytest.mark.slow
def test_what_a_service_does_not_have_is_unavailable(choose: Choose) -> None:
    choose()
    missing = fresh(lambda: request.measure(Kind.WORK))
    assert isinstance(missing, Broken)
    assert missing.unavailable
    assert "no endpoint of the kind work" in missing.reason


@pytest.mark.slow
@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_every_case_says_something_of_a_right_service(choose: Choose, name: str) -> None:
    choose()
    found = value(lambda: faults.measure(case(name)))
    if name.startswith("chat"):
        assert found.outcome in (Outcome.TYPED_ERROR, Outcome.CRASH, Outcome.DATA_LOST)


@pytest.mark.slow
def test_capacity_is_where_the_provider_ends(choose: Choose) -> None:
    choose()
    found = capacity.find(Provider(per_minute=20))
    assert 3 <= found.users <= 7
    assert "status 503" in found.beyond
    assert found.tries <= 4


@pytest.mark.slow
@pytest.mark.parametrize("users", [2, 30])
def test_a_try_is_broken_off_where_a_request_fails(choose: Choose, users: int) -> None:
    choose()
    provider = Provider(per_minute=20)
    whole = value(lambda: played.measure(capacity.profile_of(users), provider))
    found = value(lambda: capacity.unless_any_fails(users, provider))
    assert bool(whole.errors) == (users == 30)
    assert found == (None if whole.errors else whole)


@pytest.mark.parametrize("answer", [0, 1, 7, 15, 16, 31, 50])
@pytest.mark.parametrize("guess", [1, 15, 50])
def test_the_search_finds_where_the_level_ends(answer: int, guess: int) -> None:
    tried: list[int] = []

    def meets(users: int) -> bool:
        tried.append(users)
        return users <= answer

    assert capacity.search(meets, guess, 50) == answer
    assert len(tried) == len(set(tried)) <= 12
    assert set(tried) <= set(range(1, 51))
