"""asyncio's own streams on a network in memory: flow control, ends, resets, refusals, instants."""

from __future__ import annotations

import asyncio
import errno
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from net_programs import HERE, now, run

from mocks.clock import Hang
from mocks.net import Counts, Network
from mocks.net.link import PACKET_BYTES

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def served(serve: Serve) -> AsyncIterator[asyncio.Server]:
    async with await asyncio.start_server(serve, *HERE) as server:
        yield server


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Sends back what it gets once the other side is at its end."""
    writer.write(await reader.read())
    await writer.drain()
    writer.close()


def test_what_is_sent_comes_back_after_a_half_close() -> None:
    async def program(network: Network) -> tuple[bytes, Counts, Counts]:
        async with served(echo):
            reader, writer = await asyncio.open_connection(*HERE)
            writer.write(b"over ")
            writer.write(b"there")
            writer.write_eof()
            got = await reader.read()
            while_open = network.counts(HERE)
            writer.close()
            await writer.wait_closed()
            return got, while_open, network.counts(HERE)

    got, while_open, after = run(program)
    assert got == b"over there"
    assert while_open == Counts(opened=1, open_now=1, bytes_in=10, bytes_out=10)
    assert after == Counts(opened=1, open_now=0, bytes_in=10, bytes_out=10)


def test_a_reader_that_does_not_read_bounds_what_is_kept() -> None:
    async def program(network: Network) -> tuple[int, int, int]:
        reading = asyncio.Event()
        got = 0

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal got
            await reading.wait()
            while piece := await reader.read(1000):
                got += len(piece)
            writer.close()

        async with served(serve):
            _, writer = await asyncio.open_connection(*HERE)
            written = 0

            async def write() -> None:
                nonlocal written
                for _ in range(1000):
                    writer.write(bytes(10_000))
                    written += 10_000
                    await writer.drain()
                writer.write_eof()

            writing = asyncio.create_task(write())
            await asyncio.sleep(60.0)
            kept = written
            reading.set()
            await writing
            await asyncio.sleep(0.0)
            writer.close()
            await asyncio.sleep(1.0)
            return kept, written, got

    kept, written, got = run(program, window_bytes=100_000)
    # The window, twice asyncio's limit of 64 KiB of the reader, 64 KiB of the writer, a piece each.
    assert 100_000 < kept <= 100_000 + 3 * 2**16 + 2 * 10_000 + 2**16
    assert written == got == 10_000_000


def test_an_address_that_nobody_serves_is_refused_and_recorded() -> None:
    async def program(network: Network) -> list[tuple[Any, ...]]:
        network.allow("Metrics.Example", 9)
        network.allow("logs.example")
        seen: list[tuple[Any, ...]] = []
        for host, port in (
            ("api.openai.com", 443),
            ("10.1.2.3", 80),
            ("metrics.example", 9),
            ("metrics.example", 10),
            ("logs.example", 1),
            ("localhost", 8000),
        ):
            with pytest.raises(ConnectionRefusedError, match=rf"{host}|127\.0\.0\.1:8000"):
                await asyncio.open_connection(host, port)
            seen.append((network.counts((host, port)).refused, now()))
        assert network.counts().refused == 6
        return [*seen, network.refused]

    *seen, refused = run(program)
    assert seen == [(1, 0.0)] * 6
    assert refused == (
        ("api.openai.com", 443),
        ("10.1.2.3", 80),
        ("metrics.example", 10),
        ("127.0.0.1", 8000),
    )


def test_a_delayed_connection_takes_a_round_trip_and_a_refusal_too() -> None:
    async def program(network: Network) -> list[float]:
        seen: list[float] = []

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            seen.append(now())
            await reader.readexactly(3)
            seen.append(now())
            writer.write(b"yes")
            writer.close()

        async with served(serve):
            reader, writer = await asyncio.open_connection(*HERE)
            seen.append(now())
            writer.write(b"ask")
            await reader.readexactly(3)
            seen.append(now())
            writer.close()
            await writer.wait_closed()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("localhost", 81)
        seen.append(now())
        assert network.refused == (("127.0.0.1", 81),)
        return seen

    # Connected after there and back; accepted one way later, with what the client sent at once.
    assert run(program, delay_s=0.25) == [0.5, 0.75, 0.75, 1.0, 1.5]


@pytest.mark.parametrize("delay_s", [0.0, 0.125])
def test_bandwidth_is_exact(delay_s: float) -> None:
    rate = 3_000_000.0
    size = 100_001

    async def program(network: Network) -> tuple[float, list[tuple[int, float]]]:
        arrived: list[tuple[int, float]] = []

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while piece := await reader.read(1 << 20):
                arrived.append((len(piece), now()))
            writer.close()

        async with served(serve):
            _, writer = await asyncio.open_connection(*HERE)
            sent_at = now()
            writer.write(bytes(size))
            await asyncio.sleep(10.0)
            writer.close()
        return sent_at, arrived

    sent_at, arrived = run(program, delay_s=delay_s, bytes_per_s=rate)
    sizes = [PACKET_BYTES] * (size // PACKET_BYTES) + [size % PACKET_BYTES]
    assert arrived == [
        (count, sent_at + sum(sizes[: number + 1]) / rate + delay_s)
        for number, count in enumerate(sizes)
    ]


def test_a_server_that_does_not_answer_is_given_up_as_linux_does() -> None:
    async def program(network: Network) -> tuple[float, float]:
        network.silence(("slow.example", 80))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.open_connection("slow.example", 80), 5.0)
        first = now()
        with pytest.raises(OSError, match=r"Connect call failed") as raised:
            await asyncio.open_connection("slow.example", 80)
        assert raised.value.errno == errno.ETIMEDOUT
        assert network.refused == ()
        return first, now() - first

    assert run(program) == (5.0, 127.0)


def test_closing_with_bytes_unread_resets_the_other_side() -> None:
    async def program(network: Network) -> bytes:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(1.0)
            writer.write(b"bye")
            writer.transport.abort()

        async with served(serve):
            reader, writer = await asyncio.open_connection(*HERE)
            await asyncio.sleep(0.5)
            # More than asyncio's reader takes: the rest stays in the socket.
            writer.write(bytes(400_000))
            got = await reader.readexactly(3)
            with pytest.raises(ConnectionResetError):
                await reader.readexactly(1)
            writer.close()
            return got

    assert run(program) == b"bye"


def test_lingering_switched_off_resets_the_other_side() -> None:
    async def program(network: Network) -> bool:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            sock = writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

        async with served(serve):
            reader, writer = await asyncio.open_connection(*HERE)
            with pytest.raises(ConnectionResetError):
                await reader.read()
            return writer.transport.is_closing()

    assert run(program)


def test_writing_to_a_side_that_is_gone_fails_at_the_second_time() -> None:
    async def program(network: Network) -> int:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.close()

        async with served(serve):
            _, writer = await asyncio.open_connection(*HERE)
            await asyncio.sleep(1.0)
            writer.write(b"first")
            await writer.drain()
            await asyncio.sleep(1.0)
            writer.write(b"second")
            await asyncio.sleep(1.0)
            with pytest.raises(BrokenPipeError):
                await writer.drain()
            return network.counts(HERE).bytes_in

    assert run(program) == len("first")


def test_a_read_that_nothing_will_end_is_a_hang() -> None:
    async def program(network: Network) -> None:
        kept: list[Any] = []

        async def keep(*streams: Any) -> None:
            kept.append(streams)

        async with served(keep):
            reader, _ = await asyncio.open_connection(*HERE)
            await reader.read()

    with pytest.raises(Hang) as raised:
        run(program)
    assert raised.value.at == 0.0
    assert [waiting.chain[-1] for waiting in raised.value.waiting] == [
        "StreamReader._wait_for_data"
    ]
