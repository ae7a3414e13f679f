"""Schedules show every order that a real run can show, and none that it cannot."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial

import pytest
from jittery_loop import orders_of

from mocks.clock import VirtualClock
from mocks.clock.schedules import Exploration, Trial, event_at, explore, own_clock

Program = Callable[[], Coroutine[None, None, str]]


def explored(program: Program, seeds: int, *, any_timers: bool = False) -> Exploration[str]:
    def measure(trial: Trial) -> str:
        with VirtualClock(trial=trial) as clock:
            return clock.run(program())

    return explore(measure, range(1, seeds + 1), any_timers=any_timers)


def scheduled(program: Program, seeds: int = 600, *, any_timers: bool = False) -> set[str]:
    found = explored(program, seeds, any_timers=any_timers)
    return {found.canonical, *found.by_seed.values()}


def sleepers(*sleeps: tuple[float, ...], hops: int = 1) -> Program:
    """So many tasks that sleep one time after the other, then note so many times who they are."""

    async def run() -> str:
        log: list[str] = []

        async def sleeper(name: str, seconds: tuple[float, ...]) -> None:
            for each in seconds:
                await asyncio.sleep(each)
            for _ in range(hops):
                log.append(name)
                await asyncio.sleep(0)

        await asyncio.gather(*map(sleeper, "abcdefg", sleeps))
        return "".join(log)

    return run


async def queue_with_timeout() -> str:
    log: list[str] = []
    queue: asyncio.Queue[str] = asyncio.Queue()

    async def produce() -> None:
        for item in "012":
            await asyncio.sleep(0.25)
            queue.put_nowait(item)

    async def consume() -> None:
        for _ in range(4):
            try:
                log.append(await asyncio.wait_for(queue.get(), 0.25))
            except TimeoutError:
                log.append("t")

    await asyncio.gather(produce(), consume(), asyncio.sleep(0.75))
    return "".join(log)


async def polling() -> str:
    log: list[str] = []
    is_over = False

    async def poll(name: str) -> None:
        while not is_over:
            log.append(name)
            await asyncio.sleep(0.25)

    async def end() -> None:
        nonlocal is_over
        await asyncio.sleep(0.5)
        await asyncio.sleep(0.25)
        is_over = True
        log.append("|")

    await asyncio.gather(poll("a"), end(), poll("b"))
    return "".join(log)


async def timers_due_at_once() -> str:
    log: list[str] = []
    loop = asyncio.get_running_loop()
    loop.call_later(0, log.append, "x")
    loop.call_soon(log.append, "y")
    loop.call_later(0.5, log.append, "z")
    await asyncio.sleep(0.5)
    log.append("m")
    loop.call_later(0, log.append, "n")
    await asyncio.sleep(0)
    log.append("o")
    await asyncio.sleep(0.1)
    return "".join(log)


async def answers_and_timeouts() -> str:
    log: list[str] = []

    async def ask(name: str, patience: float) -> None:
        loop = asyncio.get_running_loop()
        answer = loop.create_future()
        event_at(loop, loop.time() + 0.5, _answer, answer)
        try:
            async with asyncio.timeout(patience):
                await answer
            log.append(name)
        except TimeoutError:
            log.append(name.upper())

    await asyncio.gather(ask("a", 0.5), ask("b", 1), ask("c", 0.5))
    return "".join(log)


def _answer(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


async def packets() -> str:
    log: list[str] = []
    loop = asyncio.get_running_loop()
    for packet in ("a1", "b1", "a2", "c1", "b2"):
        event_at(loop, 0.5, log.append, packet, lane=packet[0])
    await asyncio.sleep(1)
    return " ".join(log)


PROGRAMS = {
    "two equal sleeps": (sleepers((1,), (1,)), 1),
    "one long, then two short": (sleepers((1,), (0.5, 0.5)), 1),
    "two short, then one long": (sleepers((0.5, 0.5), (1,)), 2),
    "three ways": (sleepers((0.5, 0.5), (1,), (0.25, 0.75)), 3),
    "four ways": (sleepers((0.25, 0.25, 0.5), (0.5, 0.5), (1,), (0.25, 0.75)), 12),
    "steps between": (sleepers((0.5, 0.5), (1,), hops=3), 6),
    "steps between equal sleeps": (sleepers((1,), (1,), hops=3), 3),
    "a queue with a time-out": (queue_with_timeout, 7),
    "polling": (polling, 2),
    "timers due when armed": (timers_due_at_once, 1),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PROGRAMS)
def test_the_orders_are_those_of_a_clock_on_which_everything_takes_a_little(name: str) -> None:
    program, count = PROGRAMS[name]
    real = orders_of(program, range(1200))
    assert scheduled(program) == real
    assert len(real) == count


@pytest.mark.slow
@pytest.mark.parametrize(("program", "least"), [(answers_and_timeouts, 15), (packets, 25)])
def test_what_comes_from_outside_comes_in_any_order_that_can_be(
    program: Program, least: int
) -> None:
    """Not every one of them: the rarest take thousands of seeds."""
    found = scheduled(program)
    assert found <= orders_of(program, range(4000))
    assert len(found) >= least


def test_no_order_of_ready_callbacks_is_changed() -> None:
    async def run() -> str:
        log: list[str] = []
        loop = asyncio.get_running_loop()
        answers = [loop.create_future() for _ in range(3)]
        for answer in answers:
            answer.add_done_callback(lambda _: log.append("d"))
        for name in "abc":
            loop.call_soon(log.append, name)
        for answer in answers:
            answer.set_result(None)
        await asyncio.sleep(0)
        return "".join(log)

    assert scheduled(run, 60) == {"abcddd"}


def test_what_asyncio_leaves_undefined_is_tried_when_asked_for() -> None:
    assert scheduled(sleepers((1,), (1,)), 20, any_timers=True) == {"ab", "ba"}
    assert scheduled(sleepers((1,), (0.5, 0.5)), 20, any_timers=True) == {"ab", "ba"}


def test_timers_of_other_machines_keep_their_order_machine_by_machine() -> None:
    async def run(clocks: str) -> str:
        log: list[str] = []

        async def sleeper(name: str, clock: str) -> None:
            if clock != "-":
                own_clock.set(clock)
            await asyncio.sleep(1)
            log.append(name)

        await asyncio.gather(*map(sleeper, "abc", clocks))
        return "".join(log)

    assert scheduled(partial(run, "---"), 60) == {"abc"}
    assert scheduled(partial(run, "xxx"), 60) == {"abc"}
    assert scheduled(partial(run, "xyx"), 200) == {"abc", "acb", "bac"}
    assert scheduled(partial(run, "-x-"), 200) == {"abc", "acb", "bac"}


def test_what_comes_late_comes_before_the_next_instant() -> None:
    async def run() -> str:
        log: list[str] = []
        loop = asyncio.get_running_loop()
        for when, name in ((1.0, "a"), (1.0, "b"), (1.000001, "c"), (2.0, "d")):
            event_at(loop, when, log.append, name)
        await asyncio.sleep(3)
        return "".join(log)

    assert scheduled(run, 60) == {"abcd", "bacd"}


def test_the_clock_shows_the_instants_of_the_canonical_order() -> None:
    async def run() -> str:
        loop = asyncio.get_running_loop()
        times: list[float] = []

        async def look(*seconds: float) -> None:
            for each in seconds:
                await asyncio.sleep(each)
                times.append(loop.time())

        await asyncio.gather(look(0.5, 0.5), look(0.25, 0.75), look(1.0, 1.0))
        return str(sorted(times))

    assert len(scheduled(run, 40)) == 1


def test_what_is_overdue_because_the_program_slept_comes_at_once() -> None:
    """`time.sleep` in a callback: the loop then finds everything due, in the order of its times."""

    async def run() -> str:
        log: list[str] = []
        loop = asyncio.get_running_loop()

        def sleep(name: str) -> None:
            log.append(name)
            loop.move_to(loop.time() + 1.0)  # type: ignore[attr-defined]

        for name in "abc":
            event_at(loop, 1.0, sleep if name == "a" else log.append, name)
        event_at(loop, 1.5, log.append, "d")
        await asyncio.sleep(3)
        return "".join(log)

    found = scheduled(run, 60)
    assert {order[-1] for order in found} == {"d"}
    assert {"abcd", "bacd", "bcad"} <= found


@pytest.mark.parametrize("seconds", [0.5, 1.0])
def test_a_cancelled_timer_stays_away_however_late_it_was_to_be(seconds: float) -> None:
    async def run() -> str:
        log: list[str] = []
        loop = asyncio.get_running_loop()
        first = event_at(loop, 1.0, log.append, "x")
        event_at(loop, 1.0, first.cancel)
        await asyncio.sleep(seconds)
        first.cancel()
        await asyncio.sleep(3)
        return f"{log.count('x')} {loop.time()}"

    assert scheduled(run, 40) <= {f"0 {seconds + 3}", f"1 {seconds + 3}"}
