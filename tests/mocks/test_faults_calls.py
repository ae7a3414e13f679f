"""Each fault of a call: how long it takes, and how it ends."""

from __future__ import annotations

import asyncio

import pytest

from mocks.clock import Hang, VirtualClock, run
from mocks.faults.calls import CallFault, StreamFault, fault_of, to_spoil
from mocks.faults.case import What
from mocks.model import Disconnected, GatewayTimeout, RateLimited, Reply, Unserved

ANSWER = Reply("a good answer")


async def answer() -> Reply:
    await asyncio.sleep(0.25)
    return ANSWER


@pytest.mark.parametrize(
    ("what", "error", "seconds"),
    [
        (What.RAISES, ConnectionError, 0.7),
        (What.DISCONNECTS, Disconnected, 0.7),
        (What.TIMES_OUT, GatewayTimeout, 61),
        (What.LIMITED, RateLimited, 0.7),
        (What.LIMITED_HINT, RateLimited, 0.7),
        (What.UNAVAILABLE, Unserved, 0.7),
    ],
)
def test_a_refusal_takes_its_time(what: What, error: type[Exception], seconds: float) -> None:
    with VirtualClock() as clock:
        with pytest.raises(error):
            clock.run(fault_of(what).apply(answer))
        assert clock.now == seconds


@pytest.mark.parametrize(("what", "hint"), [(What.LIMITED, None), (What.LIMITED_HINT, 21.0)])
def test_a_limit_says_when_to_come_back_or_not(what: What, hint: float | None) -> None:
    with pytest.raises(RateLimited) as caught:
        run(fault_of(what).apply(answer))
    assert caught.value.retry_after == hint


def test_what_hangs_never_ends() -> None:
    with pytest.raises(Hang):
        run(fault_of(What.HANGS).apply(answer))


def test_a_late_answer_is_the_answer() -> None:
    with VirtualClock() as clock:
        assert clock.run(fault_of(What.LATE).apply(answer)) is ANSWER
        assert clock.now == 121.25


def test_a_body_is_answered_in_time_and_spoilt_later() -> None:
    async def spoilt() -> tuple[Reply, What | None]:
        return await fault_of(What.EMPTY).apply(answer), to_spoil.get()

    with VirtualClock() as clock:
        assert clock.run(spoilt()) == (ANSWER, What.EMPTY)
        assert clock.now == 0.25


async def streamed(fault: StreamFault, words: int) -> list[float]:
    """When each word of a reply is given."""
    assert await fault.apply(answer) is ANSWER
    given = []
    for index in range(words):
        await fault.before_word(index, words)
        given.append(asyncio.get_running_loop().time())
    return given


def test_a_stream_crawls() -> None:
    fault = StreamFault(What.STREAM_CRAWLS)
    assert not fault.streamed
    assert run(streamed(fault, 3)) == [31.25, 62.25, 93.25]
    assert fault.streamed


@pytest.mark.parametrize("words", [1, 2, 5, 6])
def test_a_stream_stops_halfway(words: int) -> None:
    fault = StreamFault(What.STREAM_STOPS)
    given = 0

    async def main() -> None:
        nonlocal given
        for index in range(words):
            await fault.before_word(index, words)
            given += 1

    with pytest.raises(Hang) as caught:
        run(main())
    assert (given, caught.value.at) == (words // 2, 0)
    assert fault.streamed


@pytest.mark.parametrize("what", [one for one in What if one.value.startswith("stream")])
def test_streams_have_faults_of_their_own(what: What) -> None:
    assert isinstance(fault_of(what), StreamFault)


def test_other_calls_have_those_of_calls() -> None:
    assert fault_of(What.LATE) == CallFault(What.LATE)
