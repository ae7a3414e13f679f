"""What fails is never told as a good figure, nor as something that a service does not have."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from made_services import ENDPOINTS, Choose

from benchmarks.core.cells import Attempt, Broken, Kept
from benchmarks.core.notes import hearing
from benchmarks.core.workload import WrongOutcome
from benchmarks.service import burst, capacity, faults, played, profiles, request
from benchmarks.service.burst import Burst, BurstResult
from benchmarks.service.checks import shortfall
from benchmarks.service.played import recovery
from benchmarks.service.profiles import Load
from benchmarks.service.running import Provider, fresh
from mocks.worlds.service.endpoints import Kind
from mocks.worlds.service.faults import CASES
from mocks.worlds.service.profiles import SPIKE, Group, Profile
from mocks.worlds.service.rows import Error, Row
from targets.protocol import Unavailable

CROWD = Profile(name="crowd", groups=(Group(3, 0.0, 20.0, 6.0),), duration_s=20.0, think_s=(1, 5))


def row(due: float, *, ok: bool = True, seconds: float = 1.0, kind: Kind = Kind.CHAT) -> Row:
    error = Error.NONE if ok else Error.SERVER
    status = 200 if ok else 500
    return Row(
        user=1, kind=kind, prompt="p", due=due, started=due, ended=due + seconds,
        status=status, error=error, reason="" if ok else f"status {status}",
    )  # fmt: skip


@pytest.mark.parametrize(("bad", "is_short"), [(0, False), (5, False), (6, True), (100, True)])
def test_a_figure_of_right_replies_leaves_out_one_in_twenty_at_most(
    bad: int, is_short: bool
) -> None:
    rows = [row(0.0, ok=number >= bad) for number in range(100)]
    said = shortfall(rows)
    assert bool(said) == is_short
    if is_short:
        assert said.startswith(f"{bad} of 100 requests have no right reply: ")
        assert "status 500" in said


GOOD = ("makespan", "p50_latency", "p95_latency", "p95_first_token", "model_calls")
COUNTS = ("refused", "failed", "wrong", "crosstalk", "database_lock_waits")


@pytest.mark.parametrize("short", ["", "6 of 100 requests have no right reply: status 503"])
def test_how_fast_a_burst_is_over_says_nothing_where_it_was_refused(short: str) -> None:
    result = BurstResult(
        makespan=1.0, p50=1.0, p95=1.0, first_token_p95=0.4, refused=6, failed=0, wrong=0,
        foreign=0, model_calls=94, lock_waits=0, short=short, notes="",
    )  # fmt: skip
    told = {name: told_of(Burst, name, result, "stream", 100) for name in GOOD}
    assert set(told.values()) == {short}
    assert {told_of(Burst, name, result, "stream", 100) for name in COUNTS} == {""}


def told_of(kind: type, name: str, result: object, *cell: object) -> str:
    """What is said to be wrong with the value of a series."""
    benchmark = kind()
    benchmark.result = result
    with hearing() as heard:
        getattr(benchmark, f"track_{name}")({}, *cell)
    return heard.wrong


def setup_of(kind: type, name: str) -> Callable[..., None]:
    found: Callable[..., None] = vars(getattr(kind, f"track_{name}"))["setup"]
    return found


@pytest.mark.slow
def test_without_a_right_reply_percentiles_fail(choose: Choose) -> None:
    choose("a stream without data")
    found: Attempt[BurstResult] = fresh(lambda: burst.measure(Kind.STREAM, 3))
    assert isinstance(found, Kept)
    assert (found.value.wrong, found.value.p95) == (3, None)
    cache = {("stream", 3): found, ("chat", 3): found}
    for name in ("p50_latency", "p95_latency", "p95_first_token"):
        with pytest.raises(WrongOutcome, match=r"no reply is right: .*a stream without data"):
            setup_of(Burst, name)(cache, "stream", 3)
    # A whole reply has no first token, whatever became of it.
    with pytest.raises(Unavailable, match="no text comes in events where the kind is chat"):
        setup_of(Burst, "p95_first_token")(cache, "chat", 3)
    one = fresh(lambda: request.measure(Kind.STREAM))
    assert isinstance(one, Kept)
    with pytest.raises(WrongOutcome, match="a stream without data"):
        setup_of(request.Request, "time_to_first_token")({"stream": one}, "stream")


@pytest.mark.slow
def test_a_load_of_which_little_comes_is_of_a_wrong_outcome(choose: Choose) -> None:
    choose()
    found = fresh(lambda: played.measure(CROWD, Provider(per_minute=1)))
    assert isinstance(found, Kept)
    result = found.value
    assert result.errors
    assert "requests have no right reply: " in result.short
    for name in ("requests", "p50_latency", "p95_latency"):
        assert told_of(Load, name, result, "baseline") == result.short
    assert told_of(Load, "server_errors", result, "baseline") == ""


@pytest.mark.slow
def test_nobody_asks_for_a_stream_where_there_is_none(choose: Choose) -> None:
    choose(endpoints=[each for each in ENDPOINTS if each.kind is not Kind.STREAM])
    found = fresh(lambda: played.measure(CROWD, Provider()))
    assert isinstance(found, Kept)
    assert found.value.streams == 0
    with pytest.raises(Unavailable, match="nobody asks for a stream"):
        setup_of(profiles.Load, "p95_first_token")({"baseline": found}, "baseline")


@pytest.mark.slow
def test_faults_of_a_service_that_does_not_work_fail(choose: Choose) -> None:
    choose("a stream without data")
    case = next(case for case in CASES if case.name == "stream: 503")
    broken = fresh(lambda: faults.measure(case))
    assert isinstance(broken, Broken)
    assert not broken.unavailable
    assert "it does not work without a fault either: a stream without data" in broken.reason


def test_a_service_that_nobody_hears_of_after_the_peak_has_not_recovered() -> None:
    assert SPIKE.peak_s == (60.0, 120.0)
    fine = [row(10.0), row(70.0), row(130.0)]
    assert recovery(SPIKE, fine) == 0.0
    assert recovery(SPIKE, [*fine, row(140.0, seconds=4.0)]) == 24.0
    silent = [row(10.0), row(70.0, ok=False, seconds=120.0)]
    assert recovery(SPIKE, silent) == 70.0
    assert recovery(SPIKE, [*silent, row(150.0, ok=False, seconds=40.0)]) == 70.0


@pytest.mark.slow
def test_the_capacity_of_nobody_is_no_percentile(choose: Choose) -> None:
    choose("errors as successes")
    found = capacity.find(Provider(per_minute=1), cap=1)
    assert found.users == 0
    assert found.short
