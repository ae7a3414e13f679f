"""Streams of messages: when each comes, what is logged, in whichever way they are handed over."""

from __future__ import annotations

import asyncio
import inspect

import pytest

from mocks import clock
from mocks.worlds.calls.ends import FailingPredicate
from mocks.worlds.calls.kinds import Kind, as_kind
from mocks.worlds.calls.messages import MARK, Message, messages
from mocks.worlds.calls.stream import Pace
from mocks.worlds.calls.world import Ask, CallsWorld, Plan


async def read(ask: Ask, at_most: int | None = None) -> list[tuple[float, int]]:
    """When each message came, and which it was."""
    loop = asyncio.get_running_loop()
    seen = []
    stream = ask.stream()
    async for message in stream:
        seen.append((round(loop.time(), 9), message.number))
        if len(seen) == at_most:
            break
    await stream.aclose()  # type: ignore[attr-defined]
    return seen


def world(**plan: object) -> CallsWorld:
    return CallsWorld(plan=Plan(**plan))  # type: ignore[arg-type]


def test_messages_carry_the_mark_of_their_call_and_one_is_the_target() -> None:
    made = messages("#k00003", 3, 2)
    assert [MARK.findall(message.text) for message in made] == [["#k00003"]] * 3
    assert [message.kind.value for message in made] == ["work", "result", "work"]


def test_messages_come_at_their_pace_and_the_log_tells() -> None:
    there = world(messages=3, target=3)
    assert clock.run(read(there.ask(1))) == [(1.1, 1), (1.33, 2), (1.56, 3)]
    (call,), (delivery,) = there.model.calls, there.deliveries
    assert (call.outcome, call.mark, call.ended) == ("ok", "#k00001", pytest.approx(1.56))
    assert (delivery.count, delivery.target_at) == (3, pytest.approx(1.56))
    there.clear()
    assert there.deliveries == there.model.calls == []


def test_all_can_come_at_once_and_whoever_stops_cancels() -> None:
    there = world(messages=5, target=2, pace=Pace(1.1, 0.0))
    assert clock.run(read(there.ask(1), at_most=2)) == [(1.1, 1), (1.1, 2)]
    assert there.model.calls[0].outcome == "cancelled"


def test_a_stream_breaks_or_never_ends() -> None:
    breaking = world(messages=5, target=5, pace=Pace(breaks_after=2))
    with pytest.raises(ConnectionResetError):
        clock.run(read(breaking.ask(1)))
    assert breaking.deliveries[0].count == 2
    hanging = world(messages=5, target=5, pace=Pace(hangs_after=2))
    with pytest.raises(clock.Hang):
        clock.run(read(hanging.ask(1)))
    assert hanging.deliveries[0].count == 2


def test_the_predicate_fails_at_its_message_only() -> None:
    there = CallsWorld(trouble=FailingPredicate(2))
    ask = there.ask(1)
    assert [ask.is_target(ask.messages[n]) for n in (0, 7)] == [False, True]
    with pytest.raises(LookupError):
        ask.is_target(ask.messages[1])


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_of_callable_gives_the_same_messages(kind: Kind) -> None:
    ask = world(messages=3, target=3).ask(1)

    async def through() -> list[Message]:
        given = as_kind(ask.stream, kind)()
        stream = await given if inspect.iscoroutine(given) else given
        return [message async for message in stream]

    assert clock.run(through()) == ask.messages


def test_what_the_kinds_are_to_inspect() -> None:
    ask = world().ask(1)
    generators = [k for k in Kind if inspect.isasyncgenfunction(as_kind(ask.stream, k))]
    assert generators == [Kind.FUNCTION, Kind.METHOD, Kind.PARTIAL]
    assert inspect.iscoroutinefunction(as_kind(ask.stream, Kind.COROUTINE))
