"""Threads, descriptors and processes hold the clock."""

import asyncio
import socket
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

import pytest

from mocks.clock import Hang, VirtualClock, run


def now() -> float:
    return asyncio.get_running_loop().time()


def test_a_short_thread_takes_no_virtual_time() -> None:
    ended: list[tuple[str, float]] = []

    async def thread() -> None:
        await asyncio.to_thread(time.sleep, 0.05)
        ended.append(("thread", now()))

    async def sleep() -> None:
        await asyncio.sleep(300)
        ended.append(("sleep", now()))

    async def main() -> None:
        await asyncio.gather(sleep(), thread())

    run(main())
    assert ended == [("thread", 0.0), ("sleep", 300.0)]


def test_many_short_threads_in_turn_take_no_virtual_time() -> None:
    async def main() -> float:
        timer = asyncio.create_task(asyncio.sleep(1000))
        for _ in range(300):
            await asyncio.to_thread(lambda: None)
        elapsed = now()
        await timer
        return elapsed

    assert run(main()) == 0.0


def test_a_thread_longer_than_the_gap_lets_the_timer_fire() -> None:
    release = threading.Event()

    async def main() -> tuple[float, float]:
        thread = asyncio.create_task(asyncio.to_thread(release.wait))
        await asyncio.sleep(0.05)
        fired = now()
        release.set()
        await thread
        return fired, now()

    assert run(main()) == (0.05, 0.05)


def test_a_thread_whose_await_was_cancelled_still_holds_the_clock() -> None:
    release = threading.Event()
    ended = threading.Event()

    def work() -> None:
        release.wait()
        ended.set()

    async def main() -> bool:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.to_thread(work), 0.02)
        threading.Timer(0.05, release.set).start()
        await asyncio.sleep(300)
        return ended.is_set()

    assert run(main())


def test_calls_still_queued_in_a_pool_hold_the_clock() -> None:
    async def main() -> list[float]:
        loop = asyncio.get_running_loop()
        timer = asyncio.create_task(asyncio.sleep(300))
        with ThreadPoolExecutor(max_workers=1) as pool:
            ended = []
            for future in [loop.run_in_executor(pool, time.sleep, 0.01) for _ in range(5)]:
                await future
                ended.append(now())
        await timer
        return ended

    assert run(main()) == [0.0] * 5


def test_a_failing_thread_call_is_raised_and_frees_the_clock() -> None:
    def fail() -> None:
        raise LookupError("not here")

    async def main() -> float:
        with pytest.raises(LookupError):
            await asyncio.to_thread(fail)
        await asyncio.sleep(300)
        return now()

    assert run(main()) == 300.0


def test_a_timer_is_not_held_off_for_ever_by_a_thread_that_polls() -> None:
    async def main() -> float:
        done = asyncio.Event()
        asyncio.get_running_loop().call_later(0.2, done.set)
        while not done.is_set():
            await asyncio.to_thread(time.sleep, 0.01)
        return now()

    assert run(main(), thread_patience=0.1) == 0.2


def test_a_pool_used_without_the_loop_prevents_a_hang() -> None:
    async def main() -> int:
        return await asyncio.wrap_future(pool.submit(work))

    def work() -> int:
        time.sleep(0.1)
        return 7

    with ThreadPoolExecutor() as pool:
        assert pool.submit(int).result() == 0
        assert run(main()) == 7


def test_calls_that_wait_in_a_pool_prevent_a_hang() -> None:
    async def main() -> list[int]:
        calls = [pool.submit(work, number) for number in range(200)]
        return await asyncio.gather(*(asyncio.wrap_future(call) for call in calls))

    def work(number: int) -> int:
        return number

    with ThreadPoolExecutor(max_workers=2) as pool:
        for _ in range(5):
            assert run(main()) == list(range(200))


def test_one_call_at_a_time_in_a_pool_prevents_a_hang() -> None:
    async def main() -> int:
        return sum([await asyncio.wrap_future(pool.submit(int, n)) for n in range(300)])

    with ThreadPoolExecutor(max_workers=3) as pool:
        assert run(main()) == sum(range(300))


def test_a_coroutine_handed_over_by_a_thread_runs_in_virtual_time() -> None:
    async def main() -> tuple[str, float]:
        loop = asyncio.get_running_loop()

        def work() -> str:
            return asyncio.run_coroutine_threadsafe(asyncio.sleep(0.05, "back"), loop).result()

        return await asyncio.to_thread(work), now()

    assert run(main()) == ("back", 0.05)


def test_a_socket_written_by_a_thread_wakes_the_loop_at_the_same_virtual_instant() -> None:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)

    async def main() -> tuple[bytes, float]:
        timer = asyncio.create_task(asyncio.sleep(300))
        threading.Timer(0.05, theirs.send, [b"offer"]).start()
        data = await asyncio.get_running_loop().sock_recv(ours, 100)
        received = now()
        await timer
        return data, received

    with ours, theirs:
        assert run(main()) == (b"offer", 0.0)


def test_an_idle_socket_neither_lets_the_clock_jump_nor_stops_short_timers() -> None:
    ours, theirs = socket.socketpair()

    async def main() -> float:
        loop = asyncio.get_running_loop()
        loop.add_reader(ours, lambda: None)
        for _ in range(5):
            await asyncio.sleep(0.02)
        loop.remove_reader(ours)
        held = now()
        await asyncio.sleep(300)
        return held

    with ours, theirs, VirtualClock() as clock:
        began = time.monotonic()
        held = clock.run(main())
        # A lower bound only: five waits of 20 ms, each perhaps a clock tick short.
        assert time.monotonic() - began >= 0.09
        assert held == 0.02 + 0.02 + 0.02 + 0.02 + 0.02


def test_streams_between_two_tasks_work() -> None:
    async def main() -> bytes:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write((await reader.readline()).upper())
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        async with server:
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(b"hello\n")
            reply = await reader.readline()
            writer.close()
            await writer.wait_closed()
        return reply

    assert run(main()) == b"HELLO\n"


@pytest.mark.parametrize("stdout", [None, asyncio.subprocess.PIPE])
def test_a_child_process_holds_the_clock(stdout: int | None) -> None:
    async def main() -> tuple[int, float]:
        code = "import sys, time; time.sleep(0.1); sys.exit(3)"
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=stdout)
        result = await asyncio.wait_for(process.wait(), 300)
        waited = now()
        await asyncio.sleep(1000)
        return result, waited

    assert run(main()) == (3, 0.0)


def test_joining_the_executor_does_not_jump_to_a_timer() -> None:
    class SlowToEnd(ThreadPoolExecutor):
        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            time.sleep(0.05)
            super().shutdown(wait, cancel_futures=cancel_futures)

    async def main() -> float:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(SlowToEnd())
        await asyncio.to_thread(lambda: None)
        timer = loop.call_later(300, lambda: None)
        await loop.shutdown_default_executor()
        timer.cancel()
        return loop.time()

    assert run(main()) == 0.0


class SlowCallbacks(Future[None]):
    """A future that is slow to tell that it is done to all but the first who asked."""

    asked = 0

    def add_done_callback(self, fn: Callable[[Future[None]], object]) -> None:
        count = self.asked
        self.asked += 1

        def tell(future: Future[None]) -> None:
            time.sleep(0.05 * count)
            fn(future)

        super().add_done_callback(tell)


class SlowExecutor(Executor):
    """Runs each call in a thread of its own."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = SlowCallbacks()
        threading.Timer(0.05, lambda: future.set_result(fn(*args, **kwargs))).start()
        return future


def test_the_loop_learns_that_a_call_is_no_longer_outside_work() -> None:
    async def main() -> None:
        await asyncio.get_running_loop().run_in_executor(SlowExecutor(), lambda: None)
        # By now the loop waits for the call again, which has still to be struck off.
        await asyncio.Event().wait()

    with pytest.raises(Hang):
        run(main())
