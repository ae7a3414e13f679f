"""A program that can never go on is told so, with the place where each task waits."""

import asyncio
import contextlib
import inspect
import math
import pickle
import re
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from mocks.clock import Hang, OutOfTime, VirtualClock, VirtualLoop, run
from mocks.clock import hang as hangs
from mocks.clock.hang import Waiting

HERE = Path(__file__).name


def next_line() -> str:
    """The place one line below the caller."""
    frame = inspect.currentframe()
    assert frame is not None
    caller = frame.f_back
    assert isinstance(caller, FrameType)
    return f"{HERE}:{caller.f_lineno + 1} in {caller.f_code.co_name}"


def hang_of(main: Coroutine[Any, Any, object]) -> Hang:
    with pytest.raises(Hang) as caught:
        run(main)
    message = str(caught.value)
    assert "\n" not in message
    for waiting in caught.value.waiting[:10]:
        assert waiting.task in message
        assert waiting.where in message
    return caught.value


places: list[str] = []


async def lock_never_released() -> None:
    lock = asyncio.Lock()
    await lock.acquire()
    places.append(next_line())
    await lock.acquire()


async def event_never_set() -> None:
    event = asyncio.Event()
    places.append(next_line())
    await event.wait()


async def future_never_resolved() -> None:
    future = asyncio.get_running_loop().create_future()
    places.append(next_line())
    await future


async def queue_never_filled() -> None:
    queue: asyncio.Queue[int] = asyncio.Queue()
    places.append(next_line())
    await queue.get()


async def semaphore_exhausted() -> None:
    semaphore = asyncio.Semaphore(0)
    places.append(next_line())
    await semaphore.acquire()


async def generator_that_stalls() -> None:
    async def numbers() -> AsyncIterator[int]:
        yield 1
        places.append(next_line())
        await asyncio.Event().wait()

    async for _ in numbers():
        pass


async def anext_that_stalls() -> None:
    async def numbers() -> AsyncIterator[int]:
        places.append(next_line())
        await asyncio.Event().wait()
        yield 1

    await anext(numbers(), None)


@pytest.mark.parametrize(
    "program",
    [
        lock_never_released,
        event_never_set,
        future_never_resolved,
        queue_never_filled,
        semaphore_exhausted,
        generator_that_stalls,
        anext_that_stalls,
    ],
)
def test_the_error_names_task_and_place(program: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def main() -> None:
        await asyncio.sleep(3)
        current = asyncio.current_task()
        assert current is not None
        current.set_name("the agent")
        await program()

    places.clear()
    hang = hang_of(main())
    assert hang.at == 3.0
    assert [(waiting.task, waiting.origin) for waiting in hang.waiting] == [
        ("the agent", places[0])
    ]
    assert places[0] in str(hang)
    assert hang.waiting[0].chain[:2] == ("main", program.__name__)


def test_the_innermost_place_may_be_in_the_standard_library() -> None:
    hang = hang_of(event_never_set())
    assert re.fullmatch(r"locks\.py:\d+ in wait", hang.waiting[0].where)
    assert hang.waiting[0].chain == ("event_never_set", "Event.wait")


def test_every_task_of_a_gather_is_named_in_order() -> None:
    places.clear()

    async def main() -> None:
        children = [event_never_set(), lock_never_released()]
        tasks = [asyncio.create_task(c, name=f"child-{n}") for n, c in enumerate(children)]
        places.append(next_line())
        await asyncio.gather(*tasks)

    hang = hang_of(main())
    main_place, *child_places = places
    by_task = {waiting.task: waiting.origin for waiting in hang.waiting}
    assert len(by_task) == 3
    assert by_task["child-0"] == child_places[0]
    assert by_task["child-1"] == child_places[1]
    assert main_place in by_task.values()


def test_tasks_are_ordered_by_number_and_a_long_list_is_cut() -> None:
    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(25):
                group.create_task(future_never_resolved(), name=f"agent-{number}")

    hang = hang_of(main())
    names = [waiting.task for waiting in hang.waiting if waiting.task.startswith("agent-")]
    assert names == [f"agent-{number}" for number in range(25)]
    assert str(hang).endswith("and 16 more")


@pytest.mark.parametrize(
    ("number", "said"), [(9, "t8"), (10, "t9"), (11, "t9, and 1 more"), (12, "t9, and 2 more")]
)
def test_ten_are_listed(number: int, said: str) -> None:
    hang = Hang(1.0, (), tuple(f"t{n}" for n in range(number)))
    assert str(hang).endswith(f", {said}")


def test_what_a_hang_says() -> None:
    one = Waiting("Task-1", "a.py:1 in f", "a.py:1 in f", ("f",))
    waits, refuses = "waiting: Task-1 at a.py:1 in f", "refuse cancellation: Task-1 at a.py:1 in f"
    begin = "hang at virtual time 2.0 s; "
    assert str(Hang(2.0, ())) == begin + "waiting: nobody"
    assert str(Hang(2.0, (one,))) == begin + waits
    assert str(Hang(2.0, (), (), (one,))) == begin + refuses
    assert str(Hang(2.0, (one,), (), (one,))) == f"{begin}{waits}; {refuses}"


def test_the_files_are_no_part_of_what_a_task_waits_for() -> None:
    one = Waiting("Task-1", "a.py:1 in f", "a.py:1 in f", ("f",))
    other = replace(one, places=(("/here/a.py", "a.py:1 in f"),))
    assert one == other
    assert repr(one) == repr(other)


def test_a_hang_is_out_of_time_only_if_timers_are_left() -> None:
    with VirtualClock() as clock:
        assert type(hangs.hang_of(clock.loop)) is Hang
        assert type(hangs.hang_of(clock.loop, timers_left=True)) is OutOfTime


def test_a_timer_at_infinity_is_no_timer() -> None:
    hang = hang_of(asyncio.sleep(math.inf))
    assert hang.at == 0.0


def test_a_hang_survives_pickling() -> None:
    hang = hang_of(event_never_set())
    copy = pickle.loads(pickle.dumps(hang))
    assert (copy.at, copy.waiting, str(copy)) == (hang.at, hang.waiting, str(hang))


def test_a_hang_beside_asyncio_runner() -> None:
    with (
        pytest.raises(Hang, match="event_never_set"),
        asyncio.Runner(loop_factory=VirtualLoop) as runner,
    ):
        runner.run(event_never_set())


def test_the_clock_can_be_used_after_a_hang() -> None:
    with VirtualClock() as clock:
        for _ in range(3):
            with pytest.raises(Hang):
                clock.run(event_never_set())
            assert asyncio.all_tasks(clock.loop) == set()
            assert clock.run(asyncio.sleep(1, "well")) == "well"
        assert clock.now == 3.0


def test_a_thread_that_wakes_the_loop_late_prevents_the_hang() -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()
        event = asyncio.Event()

        def work() -> None:
            time.sleep(0.1)
            loop.call_soon_threadsafe(event.set)

        threading.Thread(target=work).start()
        await event.wait()
        return loop.time()

    assert run(main()) == 0.0


def test_a_thread_that_ends_without_waking_the_loop_ends_in_a_hang() -> None:
    async def main() -> None:
        threading.Thread(target=time.sleep, args=(0.1,)).start()
        await event_never_set()

    hang = hang_of(main())
    assert hang.threads == ()


def test_a_daemon_thread_that_never_ends_is_named() -> None:
    release = threading.Event()

    async def main() -> None:
        threading.Thread(target=release.wait, name="exporter", daemon=True).start()
        await event_never_set()

    with pytest.raises(Hang, match="exporter") as caught:
        run(main(), thread_patience=0.05)
    release.set()
    assert caught.value.threads == ("exporter",)


def test_threads_from_before_the_run_do_not_delay_the_hang() -> None:
    release = threading.Event()
    thread = threading.Thread(target=release.wait)
    thread.start()
    try:
        with pytest.raises(Hang) as caught:
            run(event_never_set(), thread_patience=math.inf)
    finally:
        release.set()
        thread.join()
    assert caught.value.threads == ()


def test_idle_workers_of_a_pool_do_not_delay_the_hang() -> None:
    async def main() -> None:
        await asyncio.gather(*(asyncio.to_thread(lambda: None) for _ in range(4)))
        await event_never_set()

    with pytest.raises(Hang) as caught:
        run(main(), thread_patience=math.inf)
    assert caught.value.threads == ()


def test_threads_from_before_a_later_run_do_not_delay_its_hang() -> None:
    release = threading.Event()
    thread = threading.Thread(target=release.wait)
    with VirtualClock(thread_patience=math.inf) as clock:
        clock.run(asyncio.sleep(1))
        thread.start()
        try:
            with pytest.raises(Hang) as caught:
                clock.run(event_never_set())
        finally:
            release.set()
            thread.join()
    assert caught.value.threads == ()


def test_threads_get_ten_seconds_unless_it_is_said_otherwise() -> None:
    async def patience() -> float:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        return loop.thread_patience

    assert run(patience()) == 10
    assert run(patience(), thread_patience=3) == 3
    with VirtualClock() as clock:
        assert clock.run(patience()) == 10
    with contextlib.closing(VirtualLoop()) as loop:
        assert loop.thread_patience == 10


def test_threads_from_before_do_not_delay_the_hang_of_a_bare_loop() -> None:
    release = threading.Event()
    thread = threading.Thread(target=release.wait)
    thread.start()
    loop = VirtualLoop(thread_patience=0.05)
    try:
        with pytest.raises(Hang) as caught:
            loop.run_until_complete(loop.create_future())
    finally:
        release.set()
        thread.join()
        loop.close()
    assert caught.value.threads == ()


async def _sleep_by(seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)


def test_a_run_with_a_limit_is_given_up_when_only_later_timers_are_left() -> None:
    with VirtualClock() as clock:
        with pytest.raises(OutOfTime, match="not over at the limit of the run") as caught:
            clock.run(_sleep_by(40), limit=100)
        assert caught.value.at == clock.now == 80
        assert caught.value.waiting[0].chain[0] == "_sleep_by"
        with pytest.raises(OutOfTime):
            clock.run(_sleep_by(100), limit=100)
        assert clock.now == 80


def test_a_limit_is_no_timer_and_does_not_hide_a_hang() -> None:
    with VirtualClock() as clock:
        with pytest.raises(Hang) as caught:
            clock.run(asyncio.Event().wait(), limit=100)
        assert not isinstance(caught.value, OutOfTime)
        assert caught.value.at == 0
        clock.run(asyncio.sleep(99), limit=100)
        assert clock.now == 99


def test_a_timer_at_infinity_is_none_for_a_limit_either() -> None:
    async def main() -> None:
        forever = asyncio.create_task(asyncio.sleep(math.inf))
        await asyncio.Event().wait()
        forever.cancel()

    with VirtualClock() as clock, pytest.raises(Hang) as caught:
        clock.run(main(), limit=100)
    assert type(caught.value) is Hang


def test_a_live_timer_counts_among_cancelled_ones() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(200, lambda: None)
        loop.call_later(300, lambda: None).cancel()
        await asyncio.Event().wait()

    with VirtualClock() as clock, pytest.raises(OutOfTime):
        clock.run(main(), limit=100)


def test_no_timer_of_a_run_fires_in_the_next() -> None:
    fired: list[int] = []

    async def main() -> None:
        for seconds in (3, 1, 2):
            asyncio.get_running_loop().call_later(seconds, fired.append, seconds)

    with VirtualClock() as clock:
        clock.run(main())
        clock.run(asyncio.sleep(10))
    assert fired == []
