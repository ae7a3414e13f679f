"""The HTTP client, against servers that send what a test says, byte by byte."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from http_loops import Run

from mocks.http.client import Ask, Client, Patience, Trickle
from mocks.http.errors import BrokenOff, HttpFailure, NoHttp, Stage, TimedOut, Unreachable
from mocks.http.response import Response

Serve = Callable[[StreamReader, StreamWriter], Awaitable[None]]

LATER_S = 0.02


@asynccontextmanager
async def client_of(serve: Serve, patience: Patience | None = None) -> AsyncIterator[Client]:
    """A client of a server that treats each of its connections so."""

    async def one(reader: StreamReader, writer: StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await serve(reader, writer)
        writer.close()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with Client("127.0.0.1", port, patience=patience) as client:
        yield client
    server.close()


async def request(reader: StreamReader) -> bytes:
    """The next request, with its body."""
    head = await reader.readuntil(b"\r\n\r\n")
    _, found, rest = head.partition(b"Content-Length: ")
    return head + await reader.readexactly(int(rest.split(b"\r")[0]) if found else 0)


def answering(*pieces: bytes, once: bool = True) -> Serve:
    """Answers with these pieces, one shortly after the other; ``once``, or each request."""

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        while await request(reader):
            for index, piece in enumerate(pieces):
                if index:
                    await asyncio.sleep(LATER_S)
                writer.write(piece)
                await writer.drain()
            if once:
                return

    return serve


async def never(reader: StreamReader, writer: StreamWriter) -> None:
    """Reads and says nothing."""
    await reader.read()


HEAD = b"HTTP/1.1 200 OK\r\n"
SIZED = HEAD + b"Content-Length: 5\r\n\r\nhello"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "pieces",
    [
        (SIZED,),
        (SIZED[:7], SIZED[7:30], SIZED[30:40], SIZED[40:]),
        (CHUNKED + b"5\r\nhello\r\n0\r\n\r\n",),
        (CHUNKED + b"2;x=y\r\nhe\r\n3\r", b"\nllo", b"\r\n0\r\nTrailer: 1\r\n", b"\r\n"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + SIZED,),
        (HEAD + b"\r\nhel", b"lo"),
        (b"HTTP/1.0 200 OK\r\n\r\nhello",),
    ],
)
def test_a_body_is_read_however_it_is_framed_and_cut(run: Run, pieces: tuple[bytes, ...]) -> None:
    async def scenario() -> Response:
        async with client_of(answering(*pieces)) as client:
            return await client.fetch(Ask())

    response = run(scenario())
    assert (response.status, response.reason, response.body) == (200, "OK", b"hello")
    assert response.received == 5
    assert response.first_piece is not None
    assert response.asked <= response.first_byte <= response.first_piece


def test_pieces_have_the_time_at_which_they_came_not_at_which_they_were_read(run: Run) -> None:
    async def scenario() -> None:
        serve = answering(CHUNKED, b"1\r\na\r\n", b"1\r\nb\r\n0\r\n\r\n")
        async with client_of(serve) as client, client.ask(Ask()) as response:
            await asyncio.sleep(6 * LATER_S)
            late = asyncio.get_running_loop().time()
            pieces = [await response.piece(), await response.piece()]
            assert await response.piece() is None
        assert [piece and piece.data for piece in pieces] == [b"a", b"b"]
        a, b = (piece.at for piece in pieces if piece)
        assert response.first_byte < a < b < late - LATER_S
        assert (response.first_piece, response.last_piece) == (a, b)
        assert response.longest_gap == b - a

    run(scenario())


def test_a_request_is_sent_as_it_was_meant(run: Run) -> None:
    async def scenario() -> bytes:
        seen = []

        async def serve(reader: StreamReader, writer: StreamWriter) -> None:
            seen.append(await request(reader))
            writer.write(SIZED)

        async with client_of(serve) as client:
            await client.fetch(Ask(method="POST", path="/a?b", headers={"X-A": "1"}, body=b"body"))
        return seen[0]

    head, _, body = run(scenario()).partition(b"\r\n\r\n")
    line, *headers = head.decode().split("\r\n")
    assert line == "POST /a?b HTTP/1.1"
    assert headers[0].startswith("Host: 127.0.0.1:")
    assert headers[1:] == ["X-A: 1", "Content-Length: 4"]
    assert body == b"body"


def test_a_header_cannot_smuggle_in_another(run: Run) -> None:
    async def scenario() -> None:
        async with client_of(never) as client:
            await client.fetch(Ask(headers={"X-A": "1\r\nX-B: 2"}))

    with pytest.raises(ValueError, match="one line"):
        run(scenario())


def test_headers_are_found_in_any_case_and_all_of_one_name(run: Run) -> None:
    async def scenario() -> Response:
        head = HEAD + b"set-cookie: a\r\nSet-Cookie: b\r\nContent-Length: 0\r\n\r\n"
        async with client_of(answering(head)) as client:
            return await client.fetch(Ask())

    headers = run(scenario()).headers
    assert headers.get("SET-COOKIE") == "a"
    assert headers.all("Set-Cookie") == ["a", "b"]
    assert "content-length" in headers
    assert headers.get("missing", "none") == "none"


def test_a_response_without_a_body_does_not_wait_for_one(run: Run) -> None:
    async def scenario(ask: Ask, head: bytes) -> Response:
        async with client_of(answering(head, once=False)) as client:
            first = await client.fetch(ask)
            assert (await client.fetch(ask)).status == first.status
            assert (client.opened, client.reused) == (1, 1)
            return first

    assert run(scenario(Ask(), b"HTTP/1.1 204 No Content\r\n\r\n")).status == 204
    head = HEAD + b"Content-Length: 9\r\n\r\n"
    assert run(scenario(Ask(method="HEAD"), head)).body == b""


def test_connections_are_kept_unless_the_response_ends_with_them(run: Run) -> None:
    async def scenario(piece: bytes) -> tuple[int, int]:
        async with client_of(answering(piece, once=False)) as client:
            for _ in range(3):
                assert (await client.fetch(Ask())).body == b"hello"
            return client.opened, client.reused

    assert run(scenario(SIZED)) == (1, 2)
    assert run(scenario(CHUNKED + b"5\r\nhello\r\n0\r\n\r\n")) == (1, 2)
    closing = SIZED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    assert run(scenario(closing)) == (3, 0)


def test_requests_at_the_same_time_have_a_connection_each(run: Run) -> None:
    async def scenario() -> None:
        async with client_of(answering(SIZED[:-2], SIZED[-2:], once=False)) as client:
            await asyncio.gather(*(client.fetch(Ask()) for _ in range(3)))
            await asyncio.gather(*(client.fetch(Ask()) for _ in range(2)))
            assert (client.opened, client.reused) == (3, 2)

    run(scenario())


def test_a_connection_that_the_server_has_ended_is_not_used_again(run: Run) -> None:
    async def scenario() -> None:
        async with client_of(answering(SIZED)) as client:  # ends it after one response
            await client.fetch(Ask())
            await asyncio.sleep(LATER_S)
            await client.fetch(Ask())
            assert (client.opened, client.reused) == (2, 0)

    run(scenario())


def test_who_is_not_answered_on_a_used_connection_asks_once_more(run: Run) -> None:
    async def scenario() -> None:
        asked = []

        async def serve(reader: StreamReader, writer: StreamWriter) -> None:
            asked.append(await request(reader))
            writer.write(SIZED)
            asked.append(await request(reader))  # and ends without an answer

        async with client_of(serve) as client:
            await client.fetch(Ask())
            assert (await client.fetch(Ask(body=b"again"))).body == b"hello"
            assert (client.opened, client.reused) == (2, 1)
            with pytest.raises(BrokenOff):
                await client.fetch(Ask(method="POST"))  # may have been served all the same
            assert (client.opened, client.reused) == (2, 2)
        assert len(asked) == 4

    run(scenario())


def failure(run: Run, serve: Serve, patience: Patience | None = None) -> HttpFailure:
    """What a client gets to feel."""

    async def scenario() -> HttpFailure:
        async with client_of(serve, patience) as client:
            try:
                await client.fetch(Ask())
            except HttpFailure as error:
                return error
        raise AssertionError("it was answered")

    return run(scenario())


@pytest.mark.parametrize(
    ("pieces", "kind"),
    [
        ((b"",), BrokenOff),
        ((b"HTTP/1.1 200 O",), BrokenOff),
        ((SIZED[:-1],), BrokenOff),
        ((CHUNKED + b"5\r\nhel",), BrokenOff),
        ((CHUNKED + b"5\r\nhello\r\n",), BrokenOff),
        ((b"SSH-2.0-OpenSSH\r\n\r\n",), NoHttp),
        ((b"HTTP/1.1 2xx OK\r\n\r\n",), NoHttp),
        ((HEAD + b"no header\r\n\r\n",), NoHttp),
        ((HEAD + b"Content-Length: -1\r\n\r\n",), NoHttp),
        ((HEAD + b"Transfer-Encoding: gzip\r\n\r\n",), NoHttp),
        ((CHUNKED + b"zz\r\n",), NoHttp),
        ((CHUNKED + b"-1\r\n",), NoHttp),
        ((CHUNKED + b"\r\n",), NoHttp),
        ((CHUNKED + b"1\r\nab\r\n",), NoHttp),
        ((b"x" * 100_000,), NoHttp),
    ],
)
def test_what_is_no_whole_response_is_told_apart(
    run: Run, pieces: tuple[bytes, ...], kind: type[HttpFailure]
) -> None:
    assert isinstance(failure(run, answering(*pieces)), kind)


def test_nobody_there_is_unreachable(run: Run) -> None:
    async def scenario() -> None:
        server = await asyncio.start_server(never, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        async with Client("127.0.0.1", port) as client:
            with pytest.raises(Unreachable):
                await client.fetch(Ask())
        async with Client("x" * 100, port) as client:
            with pytest.raises(Unreachable):
                await client.fetch(Ask())

    run(scenario())


@pytest.mark.parametrize(
    ("serve", "stage"),
    [
        (never, Stage.FIRST_BYTE),
        (answering(SIZED[:-1], b"", b"", b"", b"", b"", b""), Stage.TOTAL),
    ],
)
def test_patience_ends(run: Run, serve: Serve, stage: Stage) -> None:
    patience = Patience(first_byte=LATER_S, total=3 * LATER_S)
    error = failure(run, serve, patience)
    assert isinstance(error, TimedOut)
    assert error.stage is stage


def test_patience_for_a_connection_ends(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(patience: Patience) -> Stage:
        async def wait(*args: object, **options: object) -> None:
            await asyncio.sleep(3600)

        monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", wait)
        with pytest.raises(TimedOut) as raised:
            await Client("127.0.0.1", 1, patience=patience).fetch(Ask())
        return raised.value.stage

    assert run(scenario(Patience(connect=LATER_S, total=9))) is Stage.CONNECT
    assert run(scenario(Patience(connect=9, total=LATER_S))) is Stage.TOTAL


def test_who_leaves_in_the_middle_of_a_stream_ends_the_connection(run: Run) -> None:
    async def scenario() -> None:
        left = asyncio.Event()

        async def serve(reader: StreamReader, writer: StreamWriter) -> None:
            await request(reader)
            writer.write(CHUNKED + b"5\r\nhello\r\n")
            assert await reader.read() == b""
            left.set()

        async with client_of(serve) as client:
            async with client.ask(Ask()) as response:
                assert await response.piece()
            await asyncio.wait_for(left.wait(), 60)
            assert client.idle() is None

    run(scenario())


def test_who_gives_up_while_it_sends_ends_the_connection(run: Run) -> None:
    async def scenario() -> None:
        ended = asyncio.Event()

        async def serve(reader: StreamReader, writer: StreamWriter) -> None:
            await reader.readexactly(40)
            with suppress(ConnectionError):
                await reader.read()
            ended.set()

        async with client_of(serve, Patience(total=2 * LATER_S)) as client:
            ask = Ask(method="POST", body=b"x" * 1000, trickle=Trickle(40, LATER_S))
            with pytest.raises(TimedOut):
                await client.fetch(ask)
            await asyncio.wait_for(ended.wait(), 60)

    run(scenario())


def test_a_request_can_be_sent_slowly(run: Run) -> None:
    async def scenario() -> None:
        times = []

        async def serve(reader: StreamReader, writer: StreamWriter) -> None:
            for _ in range(3):
                assert await reader.readexactly(40)
                times.append(asyncio.get_running_loop().time())
            writer.write(SIZED)

        async with client_of(serve) as client:
            ask = Ask(method="POST", body=b"x" * 100, trickle=Trickle(40, LATER_S))
            assert (await client.fetch(ask)).body == b"hello"
        assert times[2] - times[0] > LATER_S

    run(scenario())


def test_a_server_may_answer_before_it_has_read_a_big_body(run: Run) -> None:
    big = 20_000_000

    async def scenario(serve: Serve) -> Response:
        async with client_of(serve) as client:
            return await client.fetch(Ask(method="POST", body=b"x" * big))

    async def reads(reader: StreamReader, writer: StreamWriter) -> None:
        assert len(await request(reader)) > big
        writer.write(SIZED)

    async def refuses(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(SIZED.replace(b"200 OK", b"413 Too Large"))
        await asyncio.sleep(5 * LATER_S)

    assert run(scenario(reads)).status == 200
    assert run(scenario(refuses)).status == 413


def test_who_does_not_read_stops_the_server_from_sending(run: Run) -> None:
    size = 30_000_000

    async def scenario() -> None:
        sent = []

        async def serve(reader: StreamReader, writer: StreamWriter) -> None:
            await request(reader)
            writer.write(HEAD + f"Content-Length: {size}\r\n\r\n".encode())
            for _ in range(0, size, 1_000_000):
                writer.write(b"x" * 1_000_000)
                await writer.drain()
                sent.append(1_000_000)

        async with client_of(serve) as client, client.ask(Ask()) as response:
            await asyncio.sleep(10 * LATER_S)
            assert sum(sent) < size
            assert len(await response.read()) == size
        assert sum(sent) == size

    run(scenario())


def test_what_was_taken_too_much_is_read_later(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mocks.http.connection._MOST_BUFFERED", 1000)
    chunks = b"1\r\nx\r\n" * 2000 + b"0\r\n\r\n"

    async def scenario() -> bytes:
        async with client_of(answering(CHUNKED + chunks)) as client:
            return (await client.fetch(Ask())).body

    assert run(scenario()) == b"x" * 2000


def test_a_body_that_ends_with_its_connection_can_be_read_late(run: Run) -> None:
    async def scenario() -> bytes:
        serve = answering(HEAD + b"\r\nhello")
        async with client_of(serve) as client, client.ask(Ask()) as response:
            await asyncio.sleep(LATER_S)
            return await response.read()

    assert run(scenario()) == b"hello"


def test_events_come_one_by_one(run: Run) -> None:
    stream = (
        HEAD + b"\r\ndata: one\n\ndata: tw",
        b"o\n\n",
        b": heartbeat\n\n",
        b"event: named\r\nid: 7\r\ndata: a\r\ndata:b\r",
        b"\n\r",
        b"\ndata: unfinished\n",
    )

    async def scenario() -> None:
        async with client_of(answering(*stream)) as client, client.ask(Ask()) as response:
            events = [event async for event in response.events()]
        assert [(event.name, event.data, event.id) for event in events] == [
            ("message", "one", ""),
            ("message", "two", ""),
            ("named", "a\nb", "7"),
        ]
        assert events[0].at < events[1].at < events[2].at
        assert response.comments == 1

    run(scenario())
