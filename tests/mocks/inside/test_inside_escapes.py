"""What leaves the machine is named, and delays the jump as far as it can be seen."""

from __future__ import annotations

import _socket
import _thread
import asyncio
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from machines import machine, run_on

from mocks.clock import LastingClock, real
from mocks.inside.prices import Prices
from mocks.machine import Machine


def kinds(on: Machine) -> dict[str, str]:
    return {each.kind: each.what for each in on.escapes}


@pytest.mark.slow
def test_a_process_is_named_with_the_place_that_started_it() -> None:
    async def program() -> None:
        subprocess.run([sys.executable, "-c", "pass"], check=True)

    _, on = run_on(program)
    (escape,) = [each for each in on.escapes if each.kind == "process"]
    assert escape.what.endswith("-c pass")
    assert escape.where.endswith("in program")
    assert str(escape).startswith("process ")


@pytest.mark.slow
def test_a_thread_that_waits_for_a_process_delays_the_jump() -> None:
    async def program() -> tuple[str, float]:
        command = [sys.executable, "-c", "print(6 * 7)"]
        call = asyncio.to_thread(subprocess.check_output, command, text=True)
        told = await asyncio.wait_for(call, 1000.0)
        return told.strip(), time.monotonic()

    result, on = run_on(program)
    assert result == ("42", 0.0)
    assert "process" in kinds(on), "and the thread, if it waited for long enough to be seen"


def test_a_thread_that_came_back_takes_turns_again() -> None:
    async def program() -> list[float]:
        readable, writable = os.pipe()
        log: list[float] = []

        def work() -> None:
            os.read(readable, 1)
            log.append(time.monotonic())
            time.sleep(2.0)
            log.append(time.monotonic())

        def wake() -> None:
            os.write(writable, b"x")

        working = asyncio.create_task(asyncio.to_thread(work))
        await asyncio.sleep(0.0)
        _thread.start_new_thread(wake, ())
        await working
        for each in (readable, writable):
            os.close(each)
        return log

    log, on = run_on(program)
    assert log == [0.0, 2.0]
    assert {each.kind for each in on.escapes} == {"thread"}
    assert [each.what for each in on.escapes if "wake" in each.what]


def test_a_lock_of_the_interpreters_that_two_threads_want_is_an_escape_and_no_deadlock() -> None:
    lock = _thread.allocate_lock()

    async def program() -> float:
        def work() -> None:
            with lock:
                time.sleep(1.0)

        await asyncio.gather(asyncio.to_thread(work), asyncio.to_thread(work))
        return time.monotonic()

    result, on = run_on(program)
    assert result == 2.0
    assert kinds(on).keys() == {"thread"}


def test_a_real_socket_of_a_thread_outside_is_named() -> None:
    connect = _socket.socket.connect
    with _real_server() as address, machine() as on:
        done: list[bool] = []

        def outside() -> None:
            with socket.socket() as connection:
                connect(connection, address)
            done.append(True)

        _thread.start_new_thread(outside, ())
        while not done:
            real.sleep(0.001)
        assert kinds(on) == {"socket": str(address), "thread": outside.__qualname__}


@contextmanager
def _real_server() -> Iterator[tuple[str, int]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()


def test_who_wakes_the_loop_from_outside_is_named() -> None:
    begin = threading.Event()
    woken: list[asyncio.AbstractEventLoop] = []

    def wake() -> None:
        begin.wait()
        woken[0].call_soon_threadsafe(len, ())

    before = threading.Thread(target=wake, name="from before")
    before.start()

    async def program() -> None:
        woken.append(asyncio.get_running_loop())
        begin.set()
        while before.is_alive():
            await asyncio.sleep(0.01)

    _, on = run_on(program)
    before.join()
    assert kinds(on) == {"wake-up": "by from before"}


def test_nothing_is_noted_when_it_is_off() -> None:
    with machine() as on:
        pass
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    assert on.escapes == {}


@pytest.mark.slow
def test_ssl_contexts_are_counted_when_made_and_when_loaded() -> None:
    async def program() -> float:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        ssl.create_default_context()
        context = ssl.create_default_context()
        context.load_default_certs()
        return time.monotonic()

    before = ssl.SSLContext.__new__
    took, on = run_on(program)
    assert took == 0.0
    assert (on.ssl_contexts.created, on.ssl_contexts.loaded) == (3, 2)
    assert ssl.SSLContext.__new__ is before
    assert "load_default_certs" in vars(ssl.SSLContext)
    assert "load_verify_locations" not in vars(ssl.SSLContext)


@pytest.mark.slow
def test_a_loaded_context_blocks_the_loop_for_its_price() -> None:
    async def program() -> tuple[float, float]:
        fired: list[float] = []
        loop = asyncio.get_running_loop()
        loop.call_later(0.01, lambda: fired.append(time.monotonic()))
        ssl.create_default_context()
        await asyncio.sleep(0.0)
        in_thread = asyncio.create_task(asyncio.to_thread(ssl.create_default_context))
        await asyncio.sleep(0.005)
        free = time.monotonic()
        await in_thread
        return fired[0], free

    result, on = run_on(program, Prices(ssl_context_s=0.02))
    assert result == (0.02, 0.025)
    assert on.ssl_contexts.loaded == 2


@pytest.mark.parametrize("price", [-1.0, float("inf"), float("nan")])
def test_a_price_is_a_number_of_seconds(price: float) -> None:
    with pytest.raises(ValueError, match="statement_s is a price in seconds"):
        Prices(statement_s=price)


def test_signal_handlers_of_the_program_are_put_back() -> None:
    before = signal.getsignal(signal.SIGTERM)

    async def program() -> None:
        signal.signal(signal.SIGTERM, lambda *_: None)

    run_on(program)
    assert signal.getsignal(signal.SIGTERM) == before


def test_backgrounds_end_while_everything_still_works() -> None:
    log: list[object] = []

    async def serve() -> None:
        try:
            await asyncio.sleep(1e6)
        finally:
            log.append(await asyncio.to_thread(time.monotonic))

    with LastingClock() as clock, Machine(clock) as on:
        clock.background(serve())
        clock.run(asyncio.sleep(7.0))
    assert log == [7.0]
    assert on.escapes == {}
