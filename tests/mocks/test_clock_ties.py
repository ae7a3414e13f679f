"""The clock can fire timers of the same instant in either order."""

from __future__ import annotations

import asyncio

import pytest

from mocks.clock import ReversedLoop, VirtualClock, VirtualLoop
from mocks.clock.timer import Timer
from mocks.model import ByRole, Model, Reply, Request, ReversedWakeups, Wakeups


def fired(*, reverse_ties: bool, seconds: list[float], debug: bool = False) -> list[int]:
    """The numbers of timers armed for these seconds, in the order in which they fire."""
    order: list[int] = []

    async def arm() -> None:
        loop = asyncio.get_running_loop()
        for number, delay in enumerate(seconds):
            loop.call_later(delay, order.append, number)
        await asyncio.sleep(max(seconds) + 1)

    with VirtualClock(reverse_ties=reverse_ties, debug=debug) as clock:
        clock.run(arm())
    return order


@pytest.mark.parametrize("debug", [False, True])
def test_timers_of_the_same_instant_fire_in_either_order(debug: bool) -> None:
    seconds = [2.0, 1.0, 2.0, 1.0, 2.0]
    assert fired(reverse_ties=False, seconds=seconds, debug=debug) == [1, 3, 0, 2, 4]
    assert fired(reverse_ties=True, seconds=seconds, debug=debug) == [3, 1, 4, 2, 0]


def test_an_instant_that_only_rounding_splits_is_one() -> None:
    seconds = [0.1 + 0.2, 0.3]
    assert seconds[0] > seconds[1]
    assert fired(reverse_ties=False, seconds=seconds) == [1, 0]
    assert fired(reverse_ties=True, seconds=seconds) == [1, 0]
    assert fired(reverse_ties=True, seconds=seconds[::-1]) == [1, 0]


def test_instants_a_microsecond_apart_keep_their_order() -> None:
    assert fired(reverse_ties=True, seconds=[1.0, 1.000001, 0.999999]) == [2, 0, 1]


def test_what_is_ready_keeps_its_order() -> None:
    """asyncio promises that callbacks run in the order in which they became ready."""
    order: list[int] = []

    async def make_ready() -> None:
        loop = asyncio.get_running_loop()
        for number in range(3):
            loop.call_soon(order.append, number)
        loop.call_later(0, order.append, 3)
        await asyncio.sleep(1)

    with VirtualClock(reverse_ties=True) as clock:
        clock.run(make_ready())
    assert order == [0, 1, 2, 3]


def test_a_time_out_and_what_it_waits_for_can_win_alike() -> None:
    async def wait() -> str:
        loop = asyncio.get_running_loop()
        end: asyncio.Future[str] = loop.create_future()
        for what in ("answered", "timed out"):
            loop.call_later(30, lambda what=what: end.done() or end.set_result(what))
        return await end

    ends = []
    for reverse_ties in (False, True):
        with VirtualClock(reverse_ties=reverse_ties) as clock:
            ends.append(clock.run(wait()))
            assert clock.now == 30
    assert ends == ["answered", "timed out"]


def test_the_clock_stops_at_the_instants_it_was_asked_for() -> None:
    async def read() -> list[float]:
        loop = asyncio.get_running_loop()
        times = []
        for _ in range(3):
            await asyncio.sleep(0.1)
            times.append(loop.time())
        return times

    with VirtualClock(reverse_ties=True) as clock:
        assert clock.run(read()) == [0.1, 0.2, 0.3]


def test_an_instant_that_is_none_is_refused_as_asyncio_refuses_it() -> None:
    async def arm() -> None:
        asyncio.get_running_loop().call_at(None, print)  # type: ignore[arg-type]

    with VirtualClock(reverse_ties=True) as clock, pytest.raises(TypeError, match="None"):
        clock.run(arm())


def test_the_default_loop_knows_nothing_of_it() -> None:
    """Exact work is counted on it: not one bytecode may be spent on the choice."""
    assert ReversedLoop.call_at is not VirtualLoop.call_at
    assert "reverse" not in " ".join(VirtualLoop.call_at.__code__.co_names)
    assert Timer.__lt__.__code__.co_names == ("isinstance", "Timer", "NotImplemented", "_when",
                                              "order")  # fmt: skip


@pytest.mark.parametrize(("reverse_ties", "agents"), [(False, "abc"), (True, "cba")])
def test_answers_of_the_same_instant_come_in_either_order(reverse_ties: bool, agents: str) -> None:
    order: list[str] = []
    replies = ByRole({"offer": lambda _: Reply("offer")})
    wakeups = ReversedWakeups() if reverse_ties else Wakeups()
    model = Model(replies, latency=2.0, wakeups=wakeups)

    async def ask(agent: str) -> None:
        await model.call(Request("offer", agent, "#d00001", "?"))
        order.append(agent)

    async def ask_all() -> None:
        await asyncio.gather(*map(ask, "abc"))

    with VirtualClock(reverse_ties=reverse_ties) as clock:
        clock.run(ask_all())
        assert clock.now == 2
    assert "".join(order) == agents
