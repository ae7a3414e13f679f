"""A step that does not end is proved to spin, whatever catches exceptions; polls let time go on."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from machines import machine, run_on

from mocks.clock import SPIN_EXIT, LastingClock, Spin
from mocks.machine import Machine

ROOT = Path(__file__).resolve().parents[3]
BUDGET = 0.1


async def receive() -> str:
    """Returns at once for ever, as a server's `receive` may."""
    return "more"


async def listen() -> None:
    while await receive() != "disconnect":
        pass


async def caught_as_exception() -> None:
    try:
        await listen()
    except Exception:  # noqa: BLE001
        return


async def caught_by_all() -> None:
    try:
        await listen()
    except BaseException:  # noqa: BLE001
        return


async def caught_bare() -> None:
    try:
        await listen()
    except:  # noqa: E722
        return


@pytest.mark.slow
@pytest.mark.parametrize("program", [listen, caught_as_exception, caught_by_all, caught_bare])
def test_a_step_that_does_not_end_is_proved(program: Callable[[], Awaitable[None]]) -> None:
    async def later() -> None:
        await asyncio.sleep(3.0)
        await program()
        await asyncio.sleep(3.0)

    with machine(step_cpu_s=BUDGET) as on:
        with pytest.raises(Spin) as proof:
            on.clock.run(later())
        assert proof.value.at == 3.0
        assert proof.value.where.endswith(("in listen", "in receive"))
        assert [each.rpartition(" ")[2] for each in proof.value.stack][:2] == [
            "later",
            "listen" if program is listen else program.__name__,
        ]
        assert "a step took 0.1 s of CPU" in str(proof.value)
        # The next cell is measured as if nothing had been.
        assert on.clock.run(asyncio.sleep(1.0, "well")) == "well"


@pytest.mark.slow
def test_a_server_that_answers_500_to_it_is_found_all_the_same() -> None:
    requests: asyncio.Queue[asyncio.Future[int]] = asyncio.Queue()
    handlers: list[asyncio.Task[None]] = []

    async def handle(reply: asyncio.Future[int], path: str) -> None:
        try:
            if path == "/spin":
                await listen()
            status = 200
        except BaseException:  # noqa: BLE001
            status = 500
        if not reply.done():
            reply.set_result(status)

    async def serve() -> None:
        while True:
            reply = await requests.get()
            path = reply.path  # type: ignore[attr-defined]
            handlers.append(asyncio.create_task(handle(reply, path)))

    async def ask(path: str) -> int:
        class Reply(asyncio.Future[int]):
            pass

        reply = Reply()
        reply.path = path  # type: ignore[attr-defined]
        await requests.put(reply)
        return await reply

    with machine(step_cpu_s=BUDGET) as on:
        on.clock.background(serve())
        assert on.clock.run(ask("/")) == 200
        with pytest.raises(Spin):
            on.clock.run(ask("/spin"))
        assert on.clock.run(ask("/")) == 200, "the server has survived"


@pytest.mark.slow
def test_a_thread_that_spins_is_stopped_and_named() -> None:
    def work() -> None:
        while True:
            pass

    async def program() -> None:
        await asyncio.to_thread(work)

    with machine(step_cpu_s=BUDGET) as on:
        with pytest.raises(Spin) as proof:
            on.clock.run(program())
        assert proof.value.where.endswith("in work")
        assert on.clock.run(asyncio.to_thread(max, 1, 2)) == 2


@pytest.mark.slow
def test_many_long_steps_are_no_spin() -> None:
    async def program() -> int:
        steps = 0
        began = time.process_time()
        while time.process_time() - began < 3 * BUDGET:
            steps += sum(1 for _ in range(10_000))
            await asyncio.sleep(0.001)
        return steps

    assert run_on(program, step_cpu_s=BUDGET)[0] > 0


def test_timer_and_handler_are_put_back() -> None:
    before = signal.getsignal(signal.SIGVTALRM)
    with machine():
        assert signal.getsignal(signal.SIGVTALRM) is not before
        assert signal.getitimer(signal.ITIMER_VIRTUAL)[1] == pytest.approx(1.25, abs=0.01)
    assert signal.getsignal(signal.SIGVTALRM) == before
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)


@pytest.mark.parametrize("budget", [0.0, -1.0, float("nan")])
def test_a_budget_is_positive(budget: float) -> None:
    with LastingClock() as clock, pytest.raises(ValueError, match="CPU seconds"):
        Machine(clock, step_cpu_s=budget).__enter__()


STUBBORN = """
import asyncio
from mocks.clock import LastingClock
from mocks.machine import Machine
async def stubborn():
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
with LastingClock() as clock, Machine(clock, step_cpu_s=0.02):
    clock.run(stubborn())
"""


@pytest.mark.slow
def test_a_spin_that_nothing_ends_ends_the_process_and_says_so() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", STUBBORN], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == SPIN_EXIT
    (line,) = [each for each in ended.stderr.splitlines() if each.startswith("unladen-spin: ")]
    told = json.loads(line.removeprefix("unladen-spin: "))
    assert told["at"] == 0.0
    assert told["where"].endswith("in stubborn")


def test_a_poll_for_a_time_that_is_past_ends_when_what_it_waits_for_does() -> None:
    async def program() -> tuple[float, float]:
        task = asyncio.create_task(asyncio.sleep(1.1))
        start = time.monotonic()
        while not task.done():
            await asyncio.wait((task,), timeout=0.1 - (time.monotonic() - start))
        ended = time.monotonic()
        await asyncio.sleep(1.0)
        return ended, time.monotonic()

    ended, on = run_on(program)
    assert ended == (1.1, 2.1)
    ((where, times),) = on.busy_waits.items()
    assert where.endswith("in program")
    assert times == 1


@pytest.mark.slow
def test_a_poll_without_pauses_does_too() -> None:
    async def program() -> float:
        task = asyncio.create_task(asyncio.sleep(2.0))
        beats = 0

        async def beat() -> None:
            nonlocal beats
            while True:
                await asyncio.sleep(0.5)
                beats += 1

        beating = asyncio.create_task(beat())
        while not task.done():
            await asyncio.sleep(0)
        beating.cancel()
        assert beats >= 3
        return time.monotonic()

    ended, on = run_on(program)
    assert ended == 2.0
    assert sum(on.busy_waits.values()) == 4


@pytest.mark.slow
def test_a_callback_that_has_itself_called_again_polls_too() -> None:
    async def program() -> float:
        loop = asyncio.get_running_loop()

        def deliver() -> None:
            if loop.time() < 2.0:
                loop.call_soon(deliver)

        deliver()
        await asyncio.sleep(2.0)
        return loop.time()

    ended, on = run_on(program)
    assert ended == 2.0
    ((where, times),) = on.busy_waits.items()
    assert where.startswith("test_inside_spin.py:")
    assert where.endswith(" in deliver")
    assert times == 1


@pytest.mark.slow
def test_who_has_polled_is_soon_known_and_others_get_all_their_steps() -> None:
    async def program() -> tuple[list[int], float]:
        loop = asyncio.get_running_loop()
        calls = [0]

        def deliver() -> None:
            calls[-1] += 1
            loop.call_soon(deliver)

        deliver()
        for _ in range(5):
            await asyncio.sleep(0.1)
            calls.append(0)
        await asyncio.sleep(0.1)
        for _ in range(900):
            await asyncio.sleep(0)
        return calls, loop.time()

    (calls, ended), on = run_on(program)
    assert calls[0] > 19_000
    assert all(50 < each < 100 for each in calls[1:5])
    assert ended == pytest.approx(0.6)
    assert sum(on.busy_waits.values()) == 6


@pytest.mark.slow
def test_a_poll_for_what_never_comes_is_a_spin() -> None:
    async def program() -> None:
        while True:
            await asyncio.sleep(0)

    with machine() as on:
        with pytest.raises(Spin, match="no time has passed nor will, at") as proof:
            on.clock.run(program())
        assert proof.value.where.endswith("in program")
        assert on.clock.run(asyncio.sleep(1.0, "well")) == "well"


@pytest.mark.slow
def test_much_work_of_threads_at_one_instant_is_no_poll() -> None:
    async def program() -> float:
        alarm = asyncio.create_task(asyncio.sleep(100.0))
        for _ in range(1_500):
            await asyncio.to_thread(len, ())
        alarm.cancel()
        return time.monotonic()

    ended, on = run_on(program)
    assert ended == 0.0
    assert on.busy_waits == {}


def test_a_pause_too_short_for_a_float_ends() -> None:
    async def program() -> bool:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(1e6)
        before = loop.time()
        await asyncio.sleep(1e-17)
        return before < loop.time() < before + 1e-9

    result, on = run_on(program)
    assert result
    assert on.busy_waits == {}


def test_a_wait_until_a_moment_ends_there() -> None:
    async def program() -> float:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(0.3)
        deadline = 0.7 + 1e-17
        while (left := deadline - loop.time()) > 0:
            await asyncio.sleep(left)
        return loop.time()

    result, on = run_on(program)
    assert result == pytest.approx(0.7)
    assert on.busy_waits == {}


@pytest.mark.slow
def test_steps_may_take_longer_for_a_while() -> None:
    async def busy() -> float:
        begun = time.process_time()
        while time.process_time() - begun < 8 * BUDGET:
            pass
        return time.monotonic()

    with machine(step_cpu_s=BUDGET) as on:
        with on.slower_steps(100.0):
            assert on.clock.run(busy()) == 0.0
        with pytest.raises(Spin, match=f"a step took {BUDGET:g} s"):
            on.clock.run(busy())
