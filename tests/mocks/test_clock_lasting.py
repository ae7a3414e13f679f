"""What is opened on a clock lives through later runs, and ends with the clock."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mocks.clock import Hang, LastingClock, OutOfTime
from mocks.clock.hang import pending_tasks


class Beat:
    """A background task that counts, once a second, until it is stopped or ended."""

    def __init__(self) -> None:
        self.count = 0
        self.ended = False
        self._task = asyncio.ensure_future(self._beat())

    async def _beat(self) -> None:
        try:
            while True:
                await asyncio.sleep(1.0)
                self.count += 1
        finally:
            self.ended = True

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])


async def start() -> Beat:
    return Beat()


@contextmanager
def beating() -> Iterator[tuple[LastingClock, Beat]]:
    with LastingClock() as clock:
        yield clock, clock.open(start())


def test_a_task_that_was_opened_goes_on_through_runs() -> None:
    with beating() as (clock, beat):
        assert not beat.ended
        clock.run(asyncio.sleep(2.5))
        assert beat.count == 2
        clock.run(asyncio.sleep(2.5))
        assert beat.count == 5
    assert beat.ended


def test_what_a_run_itself_leaves_is_ended() -> None:
    async def leave() -> asyncio.Task[None]:
        return asyncio.ensure_future(asyncio.sleep(9.0))

    with beating() as (clock, beat):
        left = clock.run(leave())
        assert left.cancelled()
        assert not beat.ended


def test_it_can_be_closed_in_a_run() -> None:
    with beating() as (clock, beat):
        clock.run(beat.stop())
        assert beat.ended
        left: list[asyncio.TimerHandle] = []

        async def arm() -> None:
            left.append(asyncio.get_running_loop().call_later(5.0, print))

        clock.run(arm())
        assert left[0].cancelled(), "with nothing open, timers are cancelled as on any clock"


def test_an_opener_that_fails_leaves_nothing() -> None:
    made: list[Beat] = []

    async def fail() -> None:
        made.append(Beat())
        await asyncio.sleep(0.0)
        raise ConnectionError("no database")

    with LastingClock() as clock:
        with pytest.raises(ConnectionError):
            clock.open(fail())
        assert made[0].ended
        assert pending_tasks(clock.loop) == []


def test_an_opener_that_hangs_is_proved_to() -> None:
    async def hang() -> None:
        await asyncio.get_running_loop().create_future()

    with LastingClock() as clock, pytest.raises(Hang):
        clock.open(hang())


def test_a_wait_beside_a_task_that_wakes_up_is_out_of_time() -> None:
    async def wait() -> None:
        await asyncio.get_running_loop().create_future()

    with beating() as (clock, _), pytest.raises(OutOfTime):
        clock.run(wait(), limit=60.0)
