"""A run leaves nothing behind, however it ended."""

import asyncio
import gc
import logging
import math
import sys
import threading
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import suppress
from pathlib import Path
from types import CoroutineType
from typing import Any

import pytest

from mocks.clock import Hang, VirtualClock, VirtualLoop, run
from mocks.clock.cleanup import close

DESCRIPTORS = Path("/proc/self/fd")


@pytest.fixture(autouse=True)
def no_noise(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail on logged errors, exceptions lost in destructors and warnings."""
    lost: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lost.append)
    with caplog.at_level(logging.WARNING), warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
        gc.collect()
    assert caplog.get_records("call") == []
    assert caplog.get_records("teardown") == []
    assert lost == []


async def succeed() -> None:
    await asyncio.gather(*(asyncio.sleep(number) for number in range(5)))


async def use_threads() -> None:
    await asyncio.gather(*(asyncio.to_thread(lambda: None) for _ in range(5)))


async def hang() -> None:
    await asyncio.gather(asyncio.Event().wait(), asyncio.Event().wait())


async def hang_with_threads() -> None:
    await use_threads()
    await hang()


async def leave_tasks_and_timers() -> None:
    for delay in range(1, 5):
        asyncio.create_task(asyncio.sleep(delay * 100))  # noqa: RUF006
        asyncio.get_running_loop().call_later(delay * 100, pytest.fail, "a timer of another run")
    await asyncio.sleep(1)


async def leave_a_generator() -> None:
    async def numbers() -> AsyncIterator[int]:
        try:
            yield 1
        finally:
            await asyncio.sleep(1)

    left_open.append(numbers())
    await anext(left_open[-1])


left_open: list[AsyncIterator[int]] = []


async def fail() -> None:
    asyncio.create_task(asyncio.sleep(100))  # noqa: RUF006
    await asyncio.sleep(1)
    raise LookupError


async def refuse_once() -> None:
    try:
        await asyncio.sleep(100)
    except asyncio.CancelledError:
        await asyncio.Event().wait()


async def leave_a_task_that_refuses() -> None:
    asyncio.create_task(refuse_once())  # noqa: RUF006
    await asyncio.sleep(1)


PROGRAMS = [
    succeed,
    use_threads,
    hang,
    hang_with_threads,
    leave_tasks_and_timers,
    leave_a_generator,
    fail,
    leave_a_task_that_refuses,
]


def run_ignoring_its_error(program: Callable[[], Coroutine[Any, Any, None]]) -> None:
    try:
        run(program())
    except (Hang, LookupError):
        return
    finally:
        left_open.clear()


def descriptors() -> int:
    return len(list(DESCRIPTORS.iterdir()))


@pytest.mark.rotated
@pytest.mark.slow
@pytest.mark.skipif(not DESCRIPTORS.exists(), reason="counts open files in /proc")
@pytest.mark.parametrize("program", PROGRAMS)
def test_fifty_runs_leave_nothing_behind(program: Callable[[], Coroutine[Any, Any, None]]) -> None:
    def state() -> tuple[object, ...]:
        gc.collect()
        alive = [o for o in gc.get_objects() if isinstance(o, VirtualLoop | asyncio.Task)]
        return descriptors(), threading.enumerate(), len(alive), policy_state()

    def policy_state() -> dict[str, object]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return dict(vars(asyncio.get_event_loop_policy()._local))  # type: ignore[attr-defined]

    run_ignoring_its_error(program)
    before = state()
    for _ in range(50):
        run_ignoring_its_error(program)
    assert state() == before


def test_leftover_tasks_are_cancelled_before_the_next_run() -> None:
    ended: list[str] = []

    async def background() -> None:
        try:
            await asyncio.sleep(100)
        finally:
            await asyncio.sleep(2)
            ended.append("cleaned up")

    async def leave() -> asyncio.Task[None]:
        task = asyncio.create_task(background())
        asyncio.get_running_loop().call_later(1, ended.append, "timer")
        await asyncio.sleep(0.5)
        return task

    with VirtualClock() as clock:
        task = clock.run(leave())
        assert task.cancelled()
        assert clock.now == 2.5
        # The timer came due while the task cleaned up; one that is still armed would not.
        assert ended == ["timer", "cleaned up"]
        clock.run(leave_tasks_and_timers())
        clock.run(asyncio.sleep(1000))


def test_tasks_started_by_cancelled_tasks_are_cancelled_too() -> None:
    started: list[asyncio.Task[None]] = []

    async def background() -> None:
        try:
            await asyncio.sleep(100)
        finally:
            started.append(asyncio.create_task(asyncio.sleep(100)))

    async def main() -> None:
        started.append(asyncio.create_task(background()))
        await asyncio.sleep(1)

    run(main())
    assert [task.cancelled() for task in started] == [True, True]


def test_tasks_that_start_others_without_end_are_ended() -> None:
    started: list[asyncio.Task[None]] = []
    grows = True

    async def head() -> None:
        try:
            await asyncio.sleep(100)
        finally:
            if grows:
                started.append(asyncio.create_task(head(), name="head"))
                await asyncio.sleep(0)

    async def main() -> None:
        started.append(asyncio.create_task(head()))
        await asyncio.sleep(1)

    with pytest.raises(Hang, match="refuse cancellation: head"):
        run(main())
    grows = False
    assert all(task.cancelled() for task in started)


def test_an_error_on_cancellation_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    async def background() -> None:
        try:
            await asyncio.sleep(100)
        finally:
            raise LookupError("lost session")

    async def main() -> None:
        asyncio.create_task(background())  # noqa: RUF006
        await asyncio.sleep(1)

    run(main())
    (record,) = caplog.records
    assert "cancelled at the end of a run" in record.message
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], LookupError)
    caplog.clear()


async def swallow_for_ever() -> None:
    event = asyncio.Event()
    while not event.is_set():
        try:
            await event.wait()
        except asyncio.CancelledError:
            continue


async def tick_for_ever() -> None:
    ticks = 0
    while ticks >= 0:
        try:
            await asyncio.sleep(1)
        except asyncio.CancelledError:
            ticks += 1


@pytest.mark.parametrize("refuse", [refuse_once, swallow_for_ever, tick_for_ever])
def test_tasks_that_refuse_cancellation_are_named(
    refuse: Callable[[], Coroutine[Any, Any, None]],
) -> None:
    async def main() -> None:
        task = asyncio.create_task(refuse(), name="the stubborn one")
        asyncio.create_task(asyncio.sleep(100), name="the obedient one")  # noqa: RUF006
        await asyncio.wait([task], timeout=5)

    with VirtualClock() as clock:
        with pytest.raises(Hang, match=r"refuse cancellation: the stubborn one at ") as caught:
            clock.run(main())
        assert caught.value.at == 5.0
        assert caught.value.waiting == ()
        assert [waiting.task for waiting in caught.value.refusing] == ["the stubborn one"]
        assert caught.value.refusing[0].chain[0] == refuse.__name__
        assert asyncio.all_tasks(clock.loop) == set()
        assert clock.run(asyncio.sleep(1, "well")) == "well"


def test_a_hang_that_also_refuses_cancellation_says_both() -> None:
    with pytest.raises(Hang) as caught:
        run(swallow_for_ever())
    assert [waiting.chain[0] for waiting in caught.value.waiting] == ["swallow_for_ever"]
    assert caught.value.refusing == caught.value.waiting
    assert isinstance(caught.value.__context__, Hang)
    assert caught.value.__context__.refusing == ()


def test_a_parent_of_a_task_that_refuses_is_ended_too() -> None:
    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(swallow_for_ever(), name="child")

    with VirtualClock() as clock:
        with pytest.raises(Hang, match=r"refuse cancellation:.*child"):
            clock.run(main())
        assert asyncio.all_tasks(clock.loop) == set()


def test_a_task_that_refuses_even_to_be_closed_is_ended(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def survive() -> None:
        loop = asyncio.get_running_loop()
        for _ in range(30):
            try:
                await loop.create_future()
            except (asyncio.CancelledError, GeneratorExit):
                continue

    async def main() -> None:
        tasks.append(asyncio.create_task(survive(), name="survivor"))
        await asyncio.sleep(1)

    tasks: list[asyncio.Task[None]] = []
    with pytest.raises(Hang, match="refuse cancellation: survivor"):
        run(main())
    assert tasks[0].cancelled()
    assert [str(r.exc_info[1]) for r in caplog.records if r.exc_info] == [
        "coroutine ignored GeneratorExit"
    ]
    caplog.clear()
    coroutine = tasks[0].get_coro()
    assert isinstance(coroutine, CoroutineType)
    with suppress(StopIteration):
        while True:
            coroutine.throw(asyncio.CancelledError())


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("also_refuse", [False, True])
def test_an_interrupt_inside_the_program_propagates_and_cleans_up(
    error: type[BaseException], also_refuse: bool
) -> None:
    tasks: list[asyncio.Task[None]] = []

    async def main() -> None:
        tasks.append(asyncio.create_task(asyncio.sleep(100)))
        if also_refuse:
            tasks.append(asyncio.create_task(refuse_once()))
        await asyncio.sleep(1)
        raise error

    with VirtualClock() as clock:
        loop = clock.loop
        with pytest.raises(error):
            clock.run(main())
        assert all(task.done() for task in tasks)
        assert tasks[0].cancelled()
        assert clock.run(asyncio.sleep(1, "well")) == "well"
    assert loop.is_closed()


def test_generators_left_open_are_closed_at_the_end() -> None:
    closed: list[str] = []

    async def numbers() -> AsyncIterator[int]:
        try:
            yield 1
        finally:
            await asyncio.sleep(1)
            closed.append("closed")

    generator = numbers()

    async def main() -> int:
        return await anext(generator)

    with VirtualClock() as clock:
        assert clock.run(main()) == 1
        assert closed == []
    assert closed == ["closed"]


def test_leaving_the_context_cancels_tasks_made_between_runs() -> None:
    async def refuse() -> None:
        await refuse_once()

    with VirtualClock() as clock:
        task = clock.loop.create_task(asyncio.sleep(100))
        loop = clock.loop
    assert task.cancelled()
    assert loop.is_closed()

    stubborn = VirtualLoop(thread_patience=math.inf)
    task = stubborn.create_task(refuse())
    stubborn.run_until_complete(asyncio.sleep(1))
    assert [waiting.chain[:2] for waiting in close(stubborn)] == [("refuse", "refuse_once")]
    assert stubborn.is_closed()


def test_a_generator_that_hangs_on_being_closed_is_reported_and_ended() -> None:
    async def numbers() -> AsyncIterator[int]:
        try:
            yield 1
        finally:
            await asyncio.Event().wait()

    generator = numbers()

    async def main() -> int:
        await use_threads()
        return await anext(generator)

    threads = threading.enumerate()
    with pytest.raises(Hang, match="in numbers"):
        run(main())
    assert threading.enumerate() == threads


def test_a_run_inside_a_run_is_refused_and_does_no_harm() -> None:
    async def main() -> float:
        inner = asyncio.sleep(1)
        with pytest.raises(RuntimeError, match="while a loop is running"):
            clock.run(inner)
        inner.close()
        await asyncio.sleep(2)
        return clock.now

    with VirtualClock() as clock:
        assert clock.run(main()) == 2.0
