"""Where a coroutine waits when the virtual clock moves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from meters.waits import Wait, WaitProfile
from mocks.clock import VirtualClock, await_chain

SELF = __file__


async def sleep_here(seconds: float) -> None:
    await asyncio.sleep(seconds)


async def one_after_the_other() -> None:
    await sleep_here(2)
    await sleep_here(3)


async def gathered() -> None:
    await asyncio.gather(sleep_here(2), sleep_here(3))


async def gathered_apart() -> None:
    async def elsewhere() -> None:
        await asyncio.sleep(5)

    await asyncio.gather(sleep_here(2), elsewhere())


async def with_timeout() -> None:
    await asyncio.wait_for(sleep_here(2), 60)


async def waited_for() -> None:
    await asyncio.wait([asyncio.create_task(sleep_here(2))])


async def in_a_task() -> None:
    await asyncio.create_task(sleep_here(2))


async def in_a_group() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(sleep_here(2))


async def beside_another() -> None:
    other = asyncio.create_task(sleep_here(9))
    await sleep_here(2)
    other.cancel()


def watched(program: Callable[[], Coroutine[Any, Any, None]]) -> list[Wait]:
    with VirtualClock() as clock, WaitProfile(clock.loop, [SELF], await_chain) as profile:
        clock.run(profile.run(program()))
        ended = clock.now
    assert sum(wait.end - wait.start for wait in profile.waits) == ended
    return profile.waits


def places(waits: list[Wait]) -> list[tuple[float, list[str]]]:
    return [
        (wait.end - wait.start, [place.function.rpartition(".")[2] for place in wait.path])
        for wait in waits
    ]


def test_the_innermost_place_is_last() -> None:
    assert places(watched(one_after_the_other)) == [
        (2, ["one_after_the_other", "sleep_here"]),
        (3, ["one_after_the_other", "sleep_here"]),
    ]


def test_two_calls_of_one_place_differ_in_what_they_are_reached_from() -> None:
    first, second = watched(one_after_the_other)
    assert first.path[-1] == second.path[-1]
    assert first.path[0].line + 1 == second.path[0].line


def test_tasks_that_wait_alike_are_followed() -> None:
    assert places(watched(gathered)) == [
        (2, ["gathered", "sleep_here"]),
        (1, ["gathered", "sleep_here"]),
    ]


def test_tasks_that_wait_apart_are_not() -> None:
    assert places(watched(gathered_apart)) == [
        (2, ["gathered_apart"]),
        (3, ["gathered_apart", "elsewhere"]),
    ]


def test_tasks_are_followed_through_what_asyncio_offers() -> None:
    for program in (with_timeout, waited_for, in_a_task, in_a_group):
        assert places(watched(program)) == [(2, [program.__name__, "sleep_here"])], program


def test_a_task_that_nobody_waits_for_does_not_count() -> None:
    assert places(watched(beside_another)) == [(2, ["beside_another", "sleep_here"])]


def test_places_of_other_files_do_not_count() -> None:
    with VirtualClock() as clock, WaitProfile(clock.loop, ["/nowhere"], await_chain) as profile:
        clock.run(profile.run(sleep_here(2)))
    assert profile.waits == [Wait(0.0, 2.0, ())]


def test_the_loop_is_as_it_was() -> None:
    with VirtualClock() as clock:
        with WaitProfile(clock.loop, [SELF], await_chain):
            pass
        assert "move_to" not in vars(clock.loop)
