"""The virtual clock with asyncio's own building blocks."""

import asyncio
import contextvars
import logging
import math
import sys
from collections.abc import AsyncIterator

import pytest

from mocks.clock import VirtualClock, VirtualLoop, run
from mocks.clock.base import SelectorLoop


def now() -> float:
    return asyncio.get_running_loop().time()


def test_time_starts_at_zero_and_moves_only_to_timers() -> None:
    async def main() -> tuple[float, float, float]:
        begin = now()
        for _ in range(1000):
            await asyncio.sleep(0)
        busy = now()
        await asyncio.sleep(5.0)
        return begin, busy, now()

    assert run(main()) == (0.0, 0.0, 5.0)


def test_a_century_passes() -> None:
    century = 100 * 365 * 86400.0
    with VirtualClock() as clock:
        clock.run(asyncio.sleep(century))
        assert clock.now == century


def test_instants_that_differ_by_one_rounding_are_kept_apart() -> None:
    fired: list[tuple[str, float]] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.call_at(0.1 + 0.2, lambda: fired.append(("sum", loop.time())))
        loop.call_at(0.3, lambda: fired.append(("literal", loop.time())))
        await asyncio.sleep(1)

    run(main())
    assert fired == [("literal", 0.3), ("sum", 0.1 + 0.2)]
    assert 0.3 < 0.1 + 0.2


@pytest.mark.parametrize("instant", [5e-324, 1e-9, 0.5, 1.0, 1024.0, 1e15, 2.0**60])
def test_neighbouring_floats_are_different_instants(instant: float) -> None:
    fired: list[float] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        done = asyncio.Event()
        following = math.nextafter(instant, math.inf)
        loop.call_at(following, lambda: fired.append(loop.time()))
        loop.call_at(following, done.set)
        loop.call_at(instant, lambda: fired.append(loop.time()))
        await done.wait()

    run(main())
    assert fired == [instant, math.nextafter(instant, math.inf)]


def test_a_timer_from_before_the_first_run_has_its_instant() -> None:
    fired: list[float] = []
    with VirtualClock() as clock:
        clock.loop.call_at(1e-17, lambda: fired.append(clock.now))
        clock.run(asyncio.sleep(1))
    assert fired == [1e-17]


def test_cancelled_timers_do_not_pile_up() -> None:
    async def main() -> int:
        loop = asyncio.get_running_loop()
        for _ in range(1000):
            loop.call_later(5, lambda: None)
            for seconds in (6, 7, 8):
                loop.call_later(seconds, lambda: None).cancel()
        await asyncio.sleep(1)
        timers: list[object] = vars(loop)["_scheduled"]
        return len(timers)

    assert run(main()) < 1100


def test_a_closed_loop_takes_no_timers() -> None:
    with VirtualClock() as clock:
        loop = clock.loop
    with pytest.raises(RuntimeError, match="closed"):
        loop.call_at(1.0, lambda: None)
    with pytest.raises(RuntimeError, match="closed"):
        loop.run_in_executor(None, lambda: None)


def test_a_default_executor_that_was_shut_down_takes_no_calls() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        await loop.shutdown_default_executor()
        with pytest.raises(RuntimeError, match="shutdown"):
            loop.run_in_executor(None, lambda: None)

    run(main())


def test_equal_instants_fire_in_order_of_creation() -> None:
    ended: list[int] = []

    async def step(number: int) -> None:
        await asyncio.sleep(1.0)
        ended.append(number)

    async def main() -> None:
        await asyncio.gather(*(step(number) for number in range(100)))

    run(main())
    assert ended == list(range(100))


def test_cancelled_timers_do_not_disturb_the_order_or_the_clock() -> None:
    fired: list[int] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        handles = [loop.call_later(1.0, fired.append, number) for number in range(1000)]
        for number, handle in enumerate(handles):
            if number % 3:
                handle.cancel()
        loop.call_later(0.5, fired.append, -1).cancel()
        await asyncio.sleep(1.0)
        assert loop.time() == 1.0

    run(main())
    assert fired == list(range(0, 1000, 3))


def test_a_timer_in_the_past_fires_at_once() -> None:
    async def main() -> float:
        await asyncio.sleep(2.0)
        fired = asyncio.Event()
        asyncio.get_running_loop().call_at(1.0, fired.set)
        await fired.wait()
        return now()

    assert run(main()) == 2.0


def test_a_whole_number_as_instant_gives_a_float_time() -> None:
    async def main() -> float:
        fired = asyncio.Event()
        asyncio.get_running_loop().call_at(3, fired.set)
        await fired.wait()
        return now()

    time = run(main())
    assert time == 3.0
    assert type(time) is float


def test_timeouts_and_wait_for() -> None:
    async def main() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(300):
                await asyncio.Event().wait()
        assert now() == 300.0
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 0.5)
        assert now() == 300.5
        assert await asyncio.wait_for(asyncio.sleep(1, "done"), 2) == "done"
        assert now() == 301.5

    run(main())


def test_semaphore_queue_and_task_group() -> None:
    async def main() -> tuple[int, float]:
        slots = asyncio.Semaphore(3)
        results: asyncio.Queue[int] = asyncio.Queue(maxsize=2)

        async def call(number: int) -> None:
            async with slots:
                await asyncio.sleep(5)
            await results.put(number)

        async def collect() -> int:
            total = 0
            for _ in range(10):
                total += await results.get()
            return total

        async with asyncio.TaskGroup() as group:
            total = group.create_task(collect())
            for number in range(10):
                group.create_task(call(number))
        return total.result(), now()

    assert run(main()) == (45, 20.0)


def test_async_generators_and_as_completed() -> None:
    async def ticks() -> AsyncIterator[float]:
        while True:
            await asyncio.sleep(2)
            yield now()

    async def main() -> None:
        seen = []
        async for instant in ticks():
            seen.append(instant)
            if instant >= 6:
                break
        assert seen == [2.0, 4.0, 6.0]
        order = [
            await future
            for future in asyncio.as_completed([asyncio.sleep(d, d) for d in (3, 1, 2)])
        ]
        assert order == [1, 2, 3]
        assert now() == 9.0

    run(main())


def test_generators_that_come_and_go_leave_the_loop_as_large_as_it_was() -> None:
    async def words() -> AsyncIterator[str]:
        yield "a"
        yield "b"

    async def main(loop: VirtualLoop) -> tuple[int, int]:
        held = vars(loop)["_asyncgens"].data
        before = sys.getsizeof(held)
        kept = [words() for _ in range(1000)]
        for row in range(3):
            for one in kept if row == 0 else [words() for _ in range(1000)]:
                assert await anext(one) == "a"
        assert len(held) >= 1000
        return before, sys.getsizeof(held)

    with VirtualClock() as clock:
        before, after = clock.run(main(clock.loop))
    assert before == after


def test_all_tasks_and_cancellation() -> None:
    async def main() -> None:
        task = asyncio.create_task(asyncio.sleep(10))
        await asyncio.sleep(1)
        assert asyncio.all_tasks() == {task, asyncio.current_task()}
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert now() == 1.0

    run(main())


def test_asyncio_runner_takes_the_loop() -> None:
    async def main() -> float:
        background.append(asyncio.create_task(asyncio.sleep(100)))
        assert await asyncio.to_thread(lambda: 7) == 7
        await asyncio.sleep(5)
        return now()

    background: list[asyncio.Task[None]] = []
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(main()) == 5.0
        assert runner.run(main()) == 10.0
        loop = runner.get_loop()
    assert loop.is_closed()
    assert all(task.cancelled() for task in background)


def test_debug_mode_works_and_sees_no_slow_callback(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> float:
        await asyncio.gather(*(asyncio.sleep(delay) for delay in (1, 5, 3)))
        assert await asyncio.to_thread(lambda: 7) == 7
        return now()

    with caplog.at_level(logging.WARNING), VirtualClock(debug=True) as clock:
        assert clock.loop.get_debug()
        assert clock.run(main()) == 5.0
        with pytest.raises(TypeError, match="coroutines cannot be used"):
            clock.loop.call_at(1.0, main)
        with pytest.raises(TypeError, match="coroutines cannot be used"):
            clock.loop.run_in_executor(None, main)
    assert caplog.records == []


def test_virtual_time_goes_on_and_runs_share_no_context() -> None:
    variable: contextvars.ContextVar[int] = contextvars.ContextVar("variable", default=0)

    async def main() -> int:
        before = variable.get()
        variable.set(before + 1)
        await asyncio.sleep(2)
        return before

    with VirtualClock() as clock:
        assert [clock.run(main()) for _ in range(3)] == [0, 0, 0]
        assert clock.now == 6.0


def test_errors_of_the_program_are_raised() -> None:
    async def main() -> None:
        await asyncio.sleep(1)
        raise LookupError("no such agent")

    with pytest.raises(LookupError, match="no such agent"):
        run(main())


def test_a_clock_is_used_once_and_as_a_context() -> None:
    clock = VirtualClock()
    with pytest.raises(RuntimeError, match="context manager"):
        assert clock.now
    with clock:
        clock.run(asyncio.sleep(1))
    with pytest.raises(RuntimeError, match="only once"), clock:
        pass
    late = asyncio.sleep(1)
    with pytest.raises(RuntimeError, match="closed"):
        clock.run(late)
    late.close()


def test_asyncio_has_the_private_members_in_use() -> None:
    with VirtualClock() as clock:
        for name in (
            "_scheduled",
            "_clock_resolution",
            "_debug",
            "_default_executor",
            "_check_closed",
            "_check_thread",
            "_check_callback",
            "_check_default_executor",
            "_write_to_self",
            "_make_subprocess_transport",
        ):
            assert hasattr(asyncio.SelectorEventLoop, name) or name in vars(clock.loop)
    assert SelectorLoop is asyncio.SelectorEventLoop
