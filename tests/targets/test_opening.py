"""Plain and asynchronous openers, opened by the same code."""

from __future__ import annotations

import asyncio

import pytest

from mocks.clock import LastingClock, VirtualClock
from mocks.model import Model, Reply
from mocks.world import World
from targets.opening import clock_for, finish, finished
from targets.protocol import Capability, Unavailable


class Service:
    """Answers with the loop's time; a background task ticks as long as it is open."""

    def __init__(self) -> None:
        self.ticks = 0
        self.closed = False

    async def tick(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            self.ticks += 1

    async def close(self) -> None:
        self.closed = True


def plain(world: World) -> Service:
    return Service()


async def awaited(world: World) -> Service:
    service = Service()
    await asyncio.sleep(3.0)
    service.task = asyncio.ensure_future(service.tick())  # type: ignore[attr-defined]
    return service


async def missing(world: World) -> Service:
    raise Unavailable("no service at this commit")


@pytest.fixture
def world() -> World:
    return World(model=Model(lambda _: Reply()))


def test_a_plain_opener_is_done_when_it_returns(world: World) -> None:
    opened = Capability(open=plain).open(world)
    assert clock_for(opened) is VirtualClock
    with VirtualClock() as clock:
        assert finish(opened, clock) is opened
        assert clock.now == 0.0


def test_an_asynchronous_opener_runs_on_the_clock_and_is_closed_on_it(world: World) -> None:
    opened = Capability(open=awaited).open(world)
    with clock_for(opened)() as clock:
        service = finish(opened, clock)
        assert clock.now == 3.0
        clock.run(asyncio.sleep(5.5))
        assert service.ticks == 5
        clock.run(service.close())
    assert service.closed


def test_what_the_opener_raises_comes_through(world: World) -> None:
    opened = Capability(open=missing).open(world)
    with clock_for(opened)() as clock, pytest.raises(Unavailable, match="at this commit"):
        finish(opened, clock)


def test_the_wrong_clock_is_refused(world: World) -> None:
    opened = awaited(world)
    with VirtualClock() as clock, pytest.raises(TypeError, match="clock_for"):
        finish(opened, clock)
    opened.close()


@pytest.mark.parametrize("open_it", [plain, awaited])
def test_both_open_inside_a_running_loop(world: World, open_it: object) -> None:
    async def use() -> Service:
        service: Service = await finished(open_it(world))  # type: ignore[operator]
        return service

    with LastingClock() as clock:
        assert isinstance(clock.run(use()), Service)
