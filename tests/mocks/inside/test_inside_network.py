"""Threads on a machine use its network, with sockets that block and with loops of their own."""

from __future__ import annotations

import asyncio
import socket
import time
import urllib.request
from collections.abc import Callable

import pytest
from machines import machine

from mocks.clock import Hang

URL = ("127.0.0.1", 9000)
REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"


async def serve() -> None:
    """Answers each request after 0.7 s."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.7)
        writer.write(REPLY)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, *URL) as server:
        await server.serve_forever()


def by_urllib() -> str:
    with urllib.request.urlopen("http://127.0.0.1:9000/") as reply:
        return str(reply.read().decode())


def by_socket() -> str:
    with socket.create_connection(URL, timeout=5.0) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
        received = b""
        while piece := connection.recv(100):
            received += piece
    return received.rpartition(b"\r\n")[2].decode()


async def by_streams() -> str:
    reader, writer = await asyncio.open_connection(*URL)
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    received = await reader.read()
    writer.close()
    return received.rpartition(b"\r\n")[2].decode()


def by_own_loop() -> str:
    return asyncio.run(by_streams())


@pytest.mark.parametrize("ask", [by_urllib, by_socket, by_own_loop])
def test_a_thread_asks_a_server_of_the_loop(ask: Callable[[], str]) -> None:
    async def program() -> tuple[list[str], float]:
        told = await asyncio.gather(*(asyncio.to_thread(ask) for _ in range(9)))
        return told, round(time.monotonic(), 9)

    with machine() as on:
        on.clock.background(serve())
        on.clock.run(asyncio.sleep(1.0))
        assert on.clock.run(program()) == (["hello"] * 9, 2.4), "in eight threads"
        assert on.network.counts(URL).opened == 9
        assert on.network.refused == ()
    assert on.escapes == {}


def test_a_loop_in_a_thread_waits_in_virtual_time() -> None:
    async def inner(outer: asyncio.AbstractEventLoop) -> list[float]:
        loop = asyncio.get_running_loop()
        asked = asyncio.run_coroutine_threadsafe(asyncio.sleep(2.0, "well"), outer)
        await asyncio.sleep(0.5)
        log = [time.monotonic()]
        assert await asyncio.wrap_future(asked) == "well"
        log.append(loop.time())
        await asyncio.gather(asyncio.to_thread(time.sleep, 1.0), asyncio.sleep(0.25))
        return [*log, time.monotonic()]

    async def program() -> list[float]:
        loop = asyncio.get_running_loop()
        return await asyncio.to_thread(lambda: asyncio.run(inner(loop)))

    with machine() as on:
        assert on.clock.run(program()) == [0.5, 2.0, 3.0]
    assert on.escapes == {}


def test_a_loop_in_a_thread_that_waits_for_ever_is_a_hang() -> None:
    async def for_ever() -> None:
        await asyncio.Event().wait()

    async def program() -> None:
        await asyncio.to_thread(lambda: asyncio.run(for_ever()))

    with machine() as on, pytest.raises(Hang) as proof:
        on.clock.run(program())
    assert any("run_until_complete" in "".join(each.chain) for each in proof.value.background)


def test_a_thread_that_dials_nobody_is_refused() -> None:
    async def program() -> None:
        with pytest.raises(ConnectionRefusedError):
            await asyncio.to_thread(socket.create_connection, ("api.example.org", 443))

    with machine() as on:
        on.clock.run(program())
        assert on.network.refused == (("api.example.org", 443),)
    assert on.escapes == {}
