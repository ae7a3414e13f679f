"""The HTTP server, asked by the client and by raw bytes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

import pytest
from http_loops import Run, run_virtually

from mocks.clock import Hang
from mocks.http.client import Ask, Client
from mocks.http.errors import BrokenOff
from mocks.http.server import Answering, Handler, HttpServer, Received, Refused

MOST_BYTES = 100_000


def refusal(refused: Refused) -> tuple[dict[str, str], bytes]:
    return {"X-Why": "refused"}, str(refused).encode()


@asynccontextmanager
async def server_of(handler: Handler) -> AsyncIterator[HttpServer]:
    async with HttpServer(handler, refusal=refusal, most_bytes=MOST_BYTES) as server:
        await server.listen()
        yield server


@asynccontextmanager
async def client_of(handler: Handler) -> AsyncIterator[tuple[Client, HttpServer]]:
    async with server_of(handler) as server, Client("127.0.0.1", server.port) as client:
        yield client, server


async def echo(received: Received, answering: Answering) -> None:
    """Says what was asked."""
    said = f"{received.method} {received.path} {received.headers.get('x-a')} ".encode()
    await answering.send(200, said + received.body, {"X-B": "2"})


async def count(received: Received, answering: Answering) -> None:
    """Streams three numbers, a second apart."""
    await answering.begin(200, {"Content-Type": "text/plain"})
    for number in range(3):
        await asyncio.sleep(0.01)
        await answering.write(b"%d" % number)
    await answering.end()


async def raw(server: HttpServer, sent: bytes) -> bytes:
    """All that comes back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(sent)
    got = await reader.read()
    writer.close()
    return got


def test_requests_are_answered_one_after_the_other_on_one_connection(run: Run) -> None:
    async def scenario() -> None:
        async with client_of(echo) as (client, server):
            for body in (b"", b"x", b"y" * 50_000):
                ask = Ask(method="PUT", path="/p?q", headers={"X-A": "1"}, body=body)
                response = await client.fetch(ask)
                assert response.body == b"PUT /p?q 1 " + body
                assert response.headers.get("x-b") == "2"
            assert (server.opened, len(server.connections)) == (1, 1)

    run(scenario())


def test_an_answer_is_streamed_piece_by_piece(run: Run) -> None:
    async def scenario() -> None:
        async with client_of(count) as (client, server):
            for _ in range(2):
                async with client.ask(Ask()) as response:
                    pieces = []
                    while (piece := await response.piece()) is not None:
                        pieces.append(piece)
                assert [piece.data for piece in pieces] == [b"0", b"1", b"2"]
                assert pieces[0].at < pieces[1].at < pieces[2].at
            assert server.opened == 1

    run(scenario())


def test_a_client_of_http_1_0_reads_a_stream_to_the_end_of_the_connection(run: Run) -> None:
    async def scenario() -> bytes:
        async with server_of(count) as server:
            return await raw(server, b"GET / HTTP/1.0\r\n\r\n")

    head, _, body = run(scenario()).partition(b"\r\n\r\n")
    assert b"Connection: close" in head
    assert b"Transfer-Encoding" not in head
    assert body == b"012"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / SPDY/3\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno header\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 100001\r\n\r\n" + b"x" * 100_001, 413),
        (b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 100001\r\n\r\n", 413),
        (b"GET /" + b"x" * 100_000, 400),
    ],
)
def test_what_is_no_request_is_refused_and_the_connection_ends(
    run: Run, sent: bytes, status: int
) -> None:
    async def scenario() -> bytes:
        async with server_of(echo) as server:
            return await raw(server, sent)

    answer = run(scenario())
    assert answer.startswith(f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode())
    assert b"X-Why: refused" in answer


def test_who_asks_before_sending_is_told_to_go_on(run: Run) -> None:
    async def scenario() -> bytes:
        async with server_of(echo) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            head = b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n"
            writer.write(head + b"Connection: close\r\n\r\n")
            assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            writer.write(b"body")
            answer = await reader.read()
            writer.close()
            return answer

    assert run(scenario()).endswith(b"body")


def test_a_handler_is_cancelled_when_its_client_leaves(run: Run) -> None:
    async def scenario() -> None:
        ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        async def stream(received: Received, answering: Answering) -> None:
            await answering.begin(200, {})
            await answering.write(b"hello")
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                ended.set_result("cancelled")
                raise

        async with client_of(stream) as (client, server):
            async with client.ask(Ask()) as response:
                await response.piece()
            assert await ended == "cancelled"
            await server.wait_closed()
            assert not server.connections

    run(scenario())


@pytest.mark.parametrize("begun", [False, True])
def test_a_request_that_is_left_without_its_answer_ends_the_connection(
    run: Run, begun: bool
) -> None:
    async def gives_up(received: Received, answering: Answering) -> None:
        if begun:
            await answering.begin(200, {})
            await answering.write(b"hello")

    async def scenario() -> None:
        async with client_of(gives_up) as (client, _):
            with pytest.raises(BrokenOff):
                await client.fetch(Ask())

    run(scenario())


def test_a_handler_that_raises_is_reported(run: Run) -> None:
    async def fails(received: Received, answering: Answering) -> None:
        raise LookupError("a bug")

    async def scenario() -> None:
        reported: list[dict[str, Any]] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: reported.append(context))
        async with client_of(fails) as (client, server):
            with pytest.raises(BrokenOff):
                await client.fetch(Ask())
            await server.wait_closed()
        assert [str(context["exception"]) for context in reported] == ["a bug"]

    run(scenario())


def test_half_an_answer_is_half_an_answer(run: Run) -> None:
    async def cut(received: Received, answering: Answering) -> None:
        await answering.send(200, b"x" * 1000, cut=True)

    async def scenario() -> None:
        async with client_of(cut) as (client, _), client.ask(Ask()) as response:
            with pytest.raises(BrokenOff):
                await response.read()
            assert response.received == 500

    run(scenario())


def test_an_idle_connection_is_ended_after_a_minute() -> None:
    async def scenario() -> float:
        async with client_of(echo) as (client, server):
            await client.fetch(Ask())
            while server.connections:
                await asyncio.sleep(1)
            return asyncio.get_running_loop().time()

    assert 60 <= run_virtually(scenario()) <= 62


def test_a_connection_that_has_ended_keeps_no_clock_going() -> None:
    async def scenario() -> None:
        async with client_of(echo) as (client, server):
            await client.fetch(Ask())
            client.close()
            await server.wait_closed()
            await asyncio.Event().wait()

    with pytest.raises(Hang, match=r"hang at virtual time 0\.0 s"):
        run_virtually(scenario())


def test_the_end_of_a_server_ends_its_connections(run: Run) -> None:
    async def never(received: Received, answering: Answering) -> None:
        await asyncio.Event().wait()

    async def scenario() -> None:
        async with server_of(never) as server:
            asking = asyncio.create_task(raw(server, b"GET / HTTP/1.1\r\n\r\n"))
            while not server.tasks:
                await asyncio.sleep(0.001)
            await asyncio.sleep(0.01)
        assert await asking == b""
        assert not server.tasks
        with pytest.raises(OSError, match=r"\[Errno"):
            await raw(server, b"")

    run(scenario())


def test_an_answer_begins_once(run: Run) -> None:
    async def twice(received: Received, answering: Answering) -> None:
        await answering.send(200, b"")
        with pytest.raises(RuntimeError, match="begun"):
            await answering.send(200, b"")

    async def scenario() -> int:
        async with client_of(twice) as (client, _):
            return (await client.fetch(Ask())).status

    assert run(scenario()) == 200
