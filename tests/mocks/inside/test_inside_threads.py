"""Threads run at exact virtual instants, whoever starts them and whatever they wait with."""

from __future__ import annotations

import asyncio
import concurrent.futures
import gc
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path

import anyio
import anyio.from_thread
import anyio.to_thread
import pytest
from machines import machine, run_on

from mocks.clock import Hang, LastingClock
from mocks.clock.schedules import Seeded, Trial
from mocks.inside.prices import Prices
from mocks.machine import Machine

ROOT = Path(__file__).resolve().parents[3]


def now() -> float:
    return time.monotonic()


def sleep(seconds: float) -> float:
    time.sleep(seconds)
    return now()


def test_to_thread_sleeps_beside_the_loop() -> None:
    async def program() -> tuple[list[float], float]:
        threads = [asyncio.to_thread(sleep, each) for each in (3.0, 1.0, 2.0)]
        return await asyncio.gather(*threads), now()

    result, on = run_on(program)
    assert result == ([3.0, 1.0, 2.0], 3.0)
    assert on.executor_calls == 3
    assert on.escapes == {}


def test_the_default_executor_is_that_of_a_machine_with_four_cpus() -> None:
    async def program() -> tuple[list[float], int | None]:
        threads = [asyncio.to_thread(sleep, 1.0) for _ in range(9)]
        return await asyncio.gather(*threads), os.cpu_count()

    cpus = os.cpu_count()
    assert run_on(program)[0] == ([1.0] * 8 + [2.0], 4)
    assert os.cpu_count() == cpus


def test_a_price_is_charged_to_the_thread_and_not_to_the_loop() -> None:
    async def program() -> list[float]:
        first = asyncio.create_task(asyncio.to_thread(now))
        await asyncio.sleep(0.1)
        return [now(), await first, await asyncio.to_thread(now)]

    assert run_on(program, Prices(executor_s=0.25))[0] == [0.1, 0.25, 0.5]


def test_a_thread_goes_on_when_its_call_is_given_up() -> None:
    ended: list[float] = []

    async def program() -> float:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.to_thread(lambda: ended.append(sleep(5.0))), 2.0)
        given_up = now()
        await asyncio.sleep(10.0)
        return given_up

    assert run_on(program)[0] == 2.0
    assert ended == [5.0]


def test_a_loop_in_debug_mode_has_the_same_order() -> None:
    async def program() -> tuple[list[int], float]:
        lock = threading.Lock()

        def work(number: int) -> int:
            with lock:
                time.sleep(0.5)
                return number

        return await asyncio.gather(*(asyncio.to_thread(work, each) for each in range(4))), now()

    with LastingClock(debug=True) as clock, Machine(clock) as on:
        assert clock.run(program()) == ([0, 1, 2, 3], 2.0)
    assert on.escapes == {}


def test_what_a_thread_raises_is_raised() -> None:
    async def program() -> None:
        await asyncio.to_thread(int, "x")

    with pytest.raises(ValueError, match="invalid literal"):
        run_on(program)


def test_a_thread_has_no_running_loop_and_can_ask_for_the_loops_work() -> None:
    async def program() -> tuple[bool, float]:
        loop = asyncio.get_running_loop()

        def work() -> tuple[bool, float]:
            try:
                asyncio.get_running_loop()
            except RuntimeError:
                alone = True
            asyncio.run_coroutine_threadsafe(asyncio.sleep(1.5), loop).result()
            return alone, now()

        return await asyncio.to_thread(work)

    assert run_on(program)[0] == (True, 1.5)


def test_anyio_threads_keep_their_limiter_and_reach_the_loop() -> None:
    async def program() -> list[tuple[int, float]]:
        limiter = anyio.CapacityLimiter(3)
        done: list[tuple[int, float]] = []

        def work(number: int) -> None:
            time.sleep(1.0)
            if number == 6:
                anyio.from_thread.run(anyio.sleep, 2.0)

        async def one(number: int) -> None:
            await anyio.to_thread.run_sync(work, number, limiter=limiter)
            done.append((number, now()))

        async with anyio.create_task_group() as group:
            for number in range(7):
                group.start_soon(one, number)
        return done

    result, on = run_on(program)
    assert result == [(0, 1.0), (1, 1.0), (2, 1.0), (3, 2.0), (4, 2.0), (5, 2.0), (6, 5.0)]
    assert on.executor_calls == 7
    assert on.escapes == {}


def test_threads_by_hand_take_turns_in_order() -> None:
    async def program() -> list[str]:
        log: list[str] = []

        def work(name: str) -> None:
            for step in range(3):
                log.append(f"{name}{step}@{now()}")
                time.sleep(1.0)

        threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
        for thread in threads:
            thread.start()
        log.append("begun")
        await asyncio.sleep(1.5)
        log.append("meanwhile")
        for thread in threads:
            await asyncio.to_thread(thread.join)
        log.append(f"joined@{now()}")
        assert not any(thread.is_alive() for thread in threads)
        return log

    log, on = run_on(program)
    assert log == [
        *("begun", "a0@0.0", "b0@0.0", "a1@1.0", "b1@1.0", "meanwhile", "a2@2.0", "b2@2.0"),
        "joined@3.0",
    ]
    assert on.escapes == {}


def test_locks_are_handed_on_in_the_order_of_who_came() -> None:
    async def program() -> list[tuple[int, float]]:
        lock, log = threading.Lock(), []

        def work(number: int) -> None:
            with lock:
                time.sleep(1.0)
                log.append((number, now()))

        await asyncio.gather(*(asyncio.to_thread(work, number) for number in range(5)))
        return log

    assert run_on(program)[0] == [(number, number + 1.0) for number in range(5)]


def test_time_outs_of_waits_pass_in_virtual_time() -> None:
    async def program() -> list[object]:
        def work() -> list[object]:
            lock, event, items = threading.Lock(), threading.Event(), queue.Queue[int]()
            lock.acquire()
            found: list[object] = [lock.acquire(timeout=100.0), event.wait(200.0)]
            with pytest.raises(queue.Empty):
                items.get(timeout=300.0)
            with pytest.raises(concurrent.futures.TimeoutError):
                concurrent.futures.Future[int]().result(timeout=400.0)
            condition = threading.Condition()
            with condition:
                found.append(condition.wait_for(lambda: False, 500.0))
            return [*found, now()]

        return await asyncio.to_thread(work)

    assert run_on(program)[0] == [False, False, False, 1500.0]


def test_a_reentrant_lock_waits_too() -> None:
    async def program() -> float:
        lock = threading.RLock()

        def hold() -> float:
            with lock, lock:
                return sleep(2.0)

        return max(await asyncio.gather(asyncio.to_thread(hold), asyncio.to_thread(hold)))

    assert run_on(program)[0] == 4.0


def test_a_loop_that_waits_for_a_thread_is_blocked_while_time_passes() -> None:
    async def program() -> list[object]:
        fired: list[float] = []
        loop = asyncio.get_running_loop()
        loop.call_later(1.0, lambda: fired.append(now()))
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            ended = pool.submit(sleep, 3.0).result()
        blocked_until = now()
        await asyncio.sleep(0.0)
        return [ended, blocked_until, fired]

    assert run_on(program)[0] == [3.0, 3.0, [3.0]]


def test_a_loop_that_sleeps_lets_threads_go_on() -> None:
    async def program() -> list[float]:
        log: list[float] = []
        worker = asyncio.create_task(asyncio.to_thread(lambda: log.append(sleep(1.0))))
        await asyncio.sleep(0.0)
        time.sleep(2.0)
        log.append(now())
        await worker
        return log

    assert run_on(program)[0] == [1.0, 2.0]


def test_a_thread_that_waits_for_ever_is_a_hang_that_names_it() -> None:
    async def program() -> None:
        await asyncio.to_thread(threading.Event().wait)

    with machine() as on:
        with pytest.raises(Hang) as proof:
            on.clock.run(program())
        (thread,) = [each for each in proof.value.background if each.task == "asyncio_0"]
        assert "Event.wait" in thread.chain
        assert on.clock.run(asyncio.to_thread(now)) == 0.0


def test_a_loop_that_blocks_for_ever_is_a_hang() -> None:
    async def program() -> None:
        threading.Event().wait()

    with pytest.raises(Hang):
        run_on(program)


@pytest.mark.slow
def test_an_executor_is_brought_inside_by_each_machine_and_real_between_them() -> None:
    pool = concurrent.futures.ThreadPoolExecutor(2)
    before = threading.active_count()

    async def program() -> list[float]:
        loop = asyncio.get_running_loop()
        return await asyncio.gather(*(loop.run_in_executor(pool, sleep, 1.0) for _ in range(3)))

    for _ in range(2):
        result, on = run_on(program)
        assert result == [1.0, 1.0, 2.0]
        assert on.escapes == {}
        assert threading.active_count() == before
    assert pool.submit(max, 1, 2).result(timeout=10.0) == 2
    pool.shutdown()


@pytest.mark.slow
def test_a_worker_that_hung_leaves_its_executor_usable() -> None:
    pool = concurrent.futures.ThreadPoolExecutor(1)

    async def program(wait: bool) -> float:
        loop = asyncio.get_running_loop()
        call = threading.Event().wait if wait else now
        return await loop.run_in_executor(pool, call)

    for _ in range(2):
        with machine() as on:
            assert on.clock.run(program(False)) == 0.0
            with pytest.raises(Hang):
                on.clock.run(program(True))
        assert on.escapes == {}
    assert pool.submit(max, 1, 2).result(timeout=10.0) == 2
    pool.shutdown()


def test_a_thread_in_a_loop_of_its_own_ends_with_the_machine() -> None:
    ended: list[str] = []
    items: queue.Queue[int] = queue.Queue()

    def consume() -> None:
        try:
            while True:
                try:
                    items.get(timeout=1.0)
                except queue.Empty:
                    continue
        finally:
            ended.append(threading.current_thread().name)

    async def program() -> None:
        threading.Thread(target=consume, name="log consumer", daemon=True).start()
        await asyncio.sleep(10.5)

    before = threading.active_count()
    _, on = run_on(program)
    assert ended == ["log consumer"]
    assert threading.active_count() == before
    assert on.escapes == {}


def test_everything_is_put_back() -> None:
    def state() -> list[object]:
        return [
            *(threading.Lock, threading.RLock, threading.Thread.join, queue.SimpleQueue),
            *(queue.Queue.get, os.cpu_count, time.sleep, gc.get_threshold()),
            *(sys.getswitchinterval(), concurrent.futures.ThreadPoolExecutor.submit),
        ]

    before = state()
    with machine() as on:
        assert state() != before
        own = set(vars(on.clock.loop))
        gc.set_threshold(7)
        sys.setswitchinterval(0.5)
    assert state() == before
    with LastingClock() as clock:
        assert set(vars(clock.loop)) < own


def test_what_a_service_keeps_from_the_collector_is_given_back() -> None:
    gc.unfreeze()
    freeze = gc.freeze
    with machine():
        gc.freeze()
        assert gc.get_freeze_count() > 0
        gc.freeze()
    assert (gc.get_freeze_count(), gc.freeze) == (0, freeze)


def test_what_was_kept_from_the_collector_before_stays_so() -> None:
    gc.freeze()
    with machine():
        gc.freeze()
    assert gc.get_freeze_count() > 0
    with machine():
        pass
    assert gc.get_freeze_count() > 0


def test_there_is_one_machine_at_a_time() -> None:
    with (
        machine(),
        LastingClock() as clock,
        pytest.raises(RuntimeError, match="one Machine at a time"),
    ):
        Machine(clock).__enter__()


def order_on(trial: Trial | None) -> list[int]:
    log: list[int] = []

    def work(number: int) -> None:
        for _ in range(3):
            time.sleep(0.1)
            log.append(number)

    async def program() -> None:
        await asyncio.gather(*(asyncio.to_thread(work, number) for number in range(4)))

    with LastingClock(trial=trial) as clock, Machine(clock) as on:
        clock.run(program())
        assert clock.now == pytest.approx(0.3)
        assert on.escapes == {}
    return log


@pytest.mark.slow
def test_a_schedule_chooses_the_order_of_threads_that_wake_at_one_instant() -> None:
    canonical = order_on(None)
    assert canonical == [0, 1, 2, 3] * 3
    orders = [order_on(Trial(Seeded(seed))) for seed in range(4)]
    assert orders == [order_on(Trial(Seeded(seed))) for seed in range(4)]
    assert any(order != canonical for order in orders)
    assert all(sorted(order[:4]) == [0, 1, 2, 3] for order in orders)


PROGRAM = """
import asyncio, threading, time
from mocks.clock import LastingClock
from mocks.machine import Machine
log = []
def work(name):
    for step in range(3):
        with lock:
            log.append((name, step, time.monotonic()))
            time.sleep(0.5)
async def main():
    names = {"anna", "bert", "carl", "dora", "emil"}
    await asyncio.gather(*(asyncio.to_thread(work, name) for name in sorted(names)))
with LastingClock() as clock, Machine(clock):
    lock = threading.Lock()
    clock.run(main())
print(log)
"""


@pytest.mark.slow
def test_the_order_is_the_same_under_any_hash_seed() -> None:
    logs = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PATH": "", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(logs) == 1
    assert "('emil', 2, 7.0)" in logs.pop()
