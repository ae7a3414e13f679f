"""Messages in whatever pieces they come, and what is none."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from http_loops import run_virtually
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mocks.http.client import Ask, Client
from mocks.http.events import EventReader, SentEvent
from mocks.http.framing import head_bytes
from mocks.http.response import Response
from mocks.http.server import Answering, HttpServer, Received, Refused

FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))

BODIES = st.binary(max_size=300) | st.binary(max_size=4).map(lambda part: part * 50_000)
SIZES = st.lists(st.integers(1, 100_000), min_size=1, max_size=5)


def cut(data: bytes, sizes: list[int]) -> list[bytes]:
    """``data`` in some hundred pieces at most, of these sizes, the last of them again and again."""
    pieces: list[bytes] = []
    least = len(data) // 300
    while data:
        size = max(sizes[min(len(pieces), len(sizes) - 1)], least)
        pieces.append(data[:size])
        data = data[size:]
    return pieces


def refusal(refused: Refused) -> tuple[dict[str, str], bytes]:
    return {}, b"refused"


@FEW
@given(st.lists(BODIES, min_size=1, max_size=3), SIZES, st.booleans())
def test_what_is_sent_is_what_arrives(
    bodies: list[bytes], sizes: list[int], streamed: bool
) -> None:
    async def echo(received: Received, answering: Answering) -> None:
        if not streamed:
            await answering.send(200, received.body)
            return
        await answering.begin(200, {})
        for piece in cut(received.body, sizes):
            await answering.write(piece)
        await answering.end()

    async def scenario() -> list[Response]:
        async with HttpServer(echo, refusal=refusal, most_bytes=1_000_000) as server:
            await server.listen()
            async with Client("127.0.0.1", server.port) as client:
                asks = [Ask(method="POST", body=body) for body in bodies]
                answers = [await client.fetch(ask) for ask in asks]
                assert (client.opened, client.reused) == (1, len(bodies) - 1)
                return answers

    assert [response.body for response in run_virtually(scenario())] == bodies


MESSAGE = b"POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
NONSENSE = st.binary(max_size=200) | st.tuples(
    st.integers(0, len(MESSAGE)), st.binary(max_size=3)
).map(lambda change: MESSAGE[: change[0]] + change[1] + MESSAGE[change[0] + len(change[1]) :])


@FEW
@given(NONSENSE, SIZES)
def test_whatever_comes_a_server_goes_on(sent: bytes, sizes: list[int]) -> None:
    reported: list[dict[str, Any]] = []

    async def answer(received: Received, answering: Answering) -> None:
        await answering.send(200, received.body)

    async def scenario() -> bytes:
        asyncio.get_running_loop().set_exception_handler(lambda _, why: reported.append(why))
        async with HttpServer(answer, refusal=refusal, most_bytes=1000) as server:
            await server.listen()
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            reading = asyncio.create_task(reader.read())
            for piece in cut(sent, sizes):
                writer.write(piece)
                await asyncio.sleep(0.1)
            writer.close()
            got = await reading
            async with Client("127.0.0.1", server.port) as client:
                assert (await client.fetch(Ask())).status == 200
            return got

    got = run_virtually(scenario())
    assert got == b"" or got.startswith(b"HTTP/1.1 ")
    assert reported == []


EVENTS = (
    b": begins\n\nid: 1\ndata: one\n\nevent: two\r\ndata: a\r\ndata: b\r\n\r\n"
    b"data\rid\rdata: \xc3\xa9\r\revent: none\n\nretry: 5\nnonsense\ndata:three\n\ndata: lost"
)


@FEW
@given(SIZES | st.just([1]))
def test_events_are_the_same_in_any_pieces(sizes: list[int]) -> None:
    reader = EventReader()
    events: list[SentEvent] = []
    for piece in cut(EVENTS, sizes):
        events += reader.feed(0.0, piece)
    assert [(event.name, event.data, event.id) for event in events] == [
        ("message", "one", "1"),
        ("two", "a\nb", "1"),
        ("message", "\n\u00e9", ""),
        ("message", "three", ""),
    ]
    assert reader.comments == 1


def test_a_head_has_one_line_for_each_header() -> None:
    assert head_bytes("GET / HTTP/1.1", [("A", "1"), ("A", "2")]) == (
        b"GET / HTTP/1.1\r\nA: 1\r\nA: 2\r\n\r\n"
    )
    for fields in ({"A": "1\r\nB: 2"}, {"A\n": "1"}):
        with pytest.raises(ValueError, match="one line"):
            head_bytes("GET / HTTP/1.1", fields)
