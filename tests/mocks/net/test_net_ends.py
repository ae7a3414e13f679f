"""What a network leaves alone, and what is left when it is taken off."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import select
import selectors
import socket
import ssl
import threading
from collections import Counter
from typing import Any

import pytest
from net_programs import HERE, now

from mocks.clock import LastingClock, VirtualClock
from mocks.net import Network
from mocks.net.bytequeue import ByteQueue
from mocks.net.end import End
from mocks.net.link import Lane
from mocks.net.stack import Connection

_NAMES = {
    socket: ("getaddrinfo", "gethostbyname", "socketpair", "create_connection"),
    socket.socket: ("bind", "listen", "connect", "connect_ex", "recv", "accept"),
    selectors.PollSelector: ("_selector_cls",),
    selectors.SelectSelector: ("_select",),
    select: ("poll", "select", "epoll"),
    ssl.SSLContext: ("wrap_bio", "wrap_socket"),
}


def replaceable(loop: Any) -> list[object]:
    """Everything that a network might replace."""
    found = [getattr(owner, name) for owner, names in _NAMES.items() for name in names]
    found += [vars(owner).get(name) for owner, names in _NAMES.items() for name in names]
    return [*found, sorted(vars(loop)), loop._selector]


async def exchange() -> bytes:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        writer.close()

    async with await asyncio.start_server(greet, *HERE):
        reader, writer = await asyncio.open_connection(*HERE)
        got = await reader.read()
        writer.close()
        return got


def test_nothing_stays_replaced() -> None:
    with VirtualClock() as clock:
        before = replaceable(clock.loop)
        with Network(clock.loop):
            assert replaceable(clock.loop) != before
            assert clock.run(exchange()) == b"hello"
        assert replaceable(clock.loop) == before
        with pytest.raises(ZeroDivisionError), Network(clock.loop):
            clock.run(asyncio.sleep(1 / 0))
        assert replaceable(clock.loop) == before


def test_networks_may_end_in_any_order() -> None:
    with VirtualClock() as one, VirtualClock() as other:
        before = replaceable(one.loop)
        first, second = Network(one.loop), Network(other.loop)
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        assert other.run(exchange()) == b"hello"
        second.__exit__(None, None, None)
        assert replaceable(one.loop) == before


def test_no_descriptor_is_registered_so_the_clock_jumps() -> None:
    async def program() -> tuple[int, float]:
        loop: Any = asyncio.get_running_loop()
        kept: list[Any] = []
        async with await asyncio.start_server(lambda *streams: kept.append(streams), *HERE):
            _, writer = await asyncio.open_connection(*HERE)
            await asyncio.sleep(1e9)
            registered = len(loop._selector.below.get_map())
            assert len(loop._selector.get_map()) == registered + len(
                ("server", "client", "accepted")
            )
            writer.close()
            kept[0][1].close()
            return registered, now()

    with VirtualClock() as clock, Network(clock.loop):
        assert clock.run(program()) == (1, 1e9)


def test_other_threads_and_other_loops_have_the_real_network() -> None:
    async def real() -> tuple[bytes, int]:
        async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"real")
            writer.close()

        async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
            host, port = server.sockets[0].getsockname()
            reader, writer = await asyncio.open_connection(host, port)
            descriptor = writer.get_extra_info("socket").fileno()
            got = await reader.read()
            writer.close()
            return got, descriptor

    found = []
    with VirtualClock() as clock, Network(clock.loop) as network:

        async def program() -> bytes:
            thread = threading.Thread(target=lambda: found.append(asyncio.run(real())))
            thread.start()
            thread.join()
            return await exchange()

        assert clock.run(program()) == b"hello"
        assert network.counts().opened == 1
    (got, descriptor), *_ = found
    assert got == b"real"
    assert descriptor < 1 << 20


def test_what_is_under_way_when_a_run_ends_arrives_in_the_next() -> None:
    with LastingClock() as clock, Network(clock.loop, delay_s=1.0) as network:
        heard: list[tuple[bytes, float]] = []

        async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while piece := await reader.read(100):
                heard.append((piece, now()))
            writer.close()

        async def serve() -> None:
            async with await asyncio.start_server(listen, *HERE) as server:
                await server.serve_forever()

        clock.background(serve())

        async def say(word: bytes) -> asyncio.StreamWriter:
            await asyncio.sleep(0.0)
            _, writer = await asyncio.open_connection(*HERE)
            writer.write(word)
            return writer

        first = clock.run(say(b"one"))
        assert (clock.now, heard) == (2.0, [])
        second = clock.run(say(b"two"))
        clock.run(asyncio.sleep(5.0))
        # Sent at 2 and 4; it would be 5 if the first had waited for the second.
        assert heard == [(b"one", 3.0), (b"two", 5.0)]
        first.close()
        second.close()
        clock.run(asyncio.sleep(5.0))
        assert network.counts(HERE).open_now == 0


def test_a_server_runs_in_the_context_in_which_it_was_created() -> None:
    whose = contextvars.ContextVar("whose", default="nobody's")
    seen: dict[str, str] = {}

    class Side(asyncio.Protocol):
        def __init__(self, name: str) -> None:
            self.name = name
            seen[f"{name} made"] = whose.get()

        def connection_made(self, transport: Any) -> None:
            seen[f"{self.name} connected"] = whose.get()
            self.transport = transport
            if self.name == "client":
                transport.write(b"hello")

        def data_received(self, data: bytes) -> None:
            seen[f"{self.name} got"] = whose.get()
            self.transport.write(data)
            self.transport.close()

        def connection_lost(self, error: Exception | None) -> None:
            seen[f"{self.name} lost"] = whose.get()

    async def serve() -> asyncio.Server:
        whose.set("the server's")
        return await asyncio.get_running_loop().create_server(lambda: Side("server"), *HERE)

    async def dial() -> None:
        whose.set("the client's")
        await asyncio.get_running_loop().create_connection(lambda: Side("client"), *HERE)
        await asyncio.sleep(1.0)

    async def program() -> None:
        server = await asyncio.create_task(serve())
        await asyncio.create_task(dial())
        server.close()

    with VirtualClock() as clock, Network(clock.loop):
        clock.run(program())
    events = ("made", "connected", "got", "lost")
    assert seen == {
        f"{side} {event}": f"the {side}'s" for side in ("server", "client") for event in events
    }


def test_a_buffered_protocol_gets_its_bytes_in_its_buffer() -> None:
    class Taking(asyncio.BufferedProtocol):
        def __init__(self) -> None:
            self.buffer = bytearray(4)
            self.got = b""
            self.ended = asyncio.get_running_loop().create_future()

        def get_buffer(self, sizehint: int) -> bytearray:
            return self.buffer

        def buffer_updated(self, count: int) -> None:
            self.got += self.buffer[:count]

        def connection_lost(self, error: Exception | None) -> None:
            self.ended.set_result(self.got)

    async def program() -> bytes:
        made: list[Taking] = []
        loop = asyncio.get_running_loop()
        async with await loop.create_server(lambda: made.append(Taking()) or made[-1], *HERE):
            _, writer = await asyncio.open_connection(*HERE)
            writer.write(b"more than fits at once")
            writer.close()
            await writer.wait_closed()
            await asyncio.sleep(0.0)
            got: bytes = await made[0].ended
            return got

    with VirtualClock() as clock, Network(clock.loop):
        assert clock.run(program()) == b"more than fits at once"


def test_it_works_on_a_loop_of_real_time() -> None:
    loop = asyncio.SelectorEventLoop()
    try:
        with Network(loop, delay_s=0.001):
            assert loop.run_until_complete(exchange()) == b"hello"
    finally:
        loop.close()


async def serve_greetings() -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.read(100))
        writer.close()

    async with await asyncio.start_server(greet, *HERE) as server:
        await server.serve_forever()


@pytest.mark.parametrize("delay_s", [0.0, 0.5])
def test_nothing_of_a_closed_connection_stays(delay_s: float) -> None:
    numbers = set()

    async def exchanges() -> None:
        for _ in range(5):
            reader, writer = await asyncio.open_connection(*HERE)
            numbers.add(writer.get_extra_info("socket").fileno())
            writer.write(b"hello")
            assert await reader.read() == b"hello"
            writer.close()
            await writer.wait_closed()
            await asyncio.sleep(5.0)

    def kept() -> Counter[type]:
        gc.collect()
        gc.collect()
        kinds = (End, Lane, Connection, ByteQueue)
        return Counter(type(each) for each in gc.get_objects() if type(each) in kinds)

    with LastingClock() as clock, Network(clock.loop, delay_s=delay_s):
        clock.background(serve_greetings())
        clock.run(asyncio.sleep(1.0))
        before = kept()
        clock.run(exchanges())
        assert kept() == before
    assert len(numbers) == 1


def test_servers_that_outlive_the_network_end_in_peace() -> None:
    complaints: list[Any] = []
    with LastingClock() as clock:
        clock.loop.set_exception_handler(lambda loop, context: complaints.append(context))
        with Network(clock.loop):
            clock.background(serve_greetings())
            clock.run(asyncio.sleep(1.0))
    assert complaints == []
