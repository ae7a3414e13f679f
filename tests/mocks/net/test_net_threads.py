"""Blocking sockets of threads that take turns with the loop, and of the loop's own thread."""

from __future__ import annotations

import asyncio
import http.server
import select
import selectors
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import httpx
import pytest
from net_programs import HERE, WORDS, model, now, run, uvicorn_at

from mocks.clock import Hang, LastingClock
from mocks.machine import Machine
from mocks.net import Network, elsewhere

T = TypeVar("T")
ASK: Any = {"model": "mock", "messages": [{"role": "user", "content": "how is it?"}]}
URL = "http://{}:{}".format(*HERE)


def on_machine(program: Callable[[Machine], Coroutine[Any, Any, T]], **options: Any) -> T:
    with LastingClock() as clock, Machine(clock, **options) as machine:
        return clock.run(program(machine))


@pytest.mark.slow
@pytest.mark.parametrize("delay_s", [0.0, 0.25])
def test_clients_that_block_wait_in_virtual_time(delay_s: float) -> None:
    async def program(machine: Machine) -> tuple[list[float], int, tuple[Any, ...]]:
        ends = []
        async with uvicorn_at(model):
            with httpx.Client() as client:
                for count in (3, 1):
                    began = now()
                    asking = [
                        asyncio.to_thread(client.post, URL + "/v1/chat", json=ASK)
                        for _ in range(count)
                    ]
                    for answer in await asyncio.gather(*asking):
                        assert answer.status_code == 200
                    ends.append(now() - began)
            return ends, machine.network.counts(HERE).opened, machine.network.blocked

    ends, opened, blocked = on_machine(program, delay_s=delay_s)
    # The second time the pool takes a connection that is there.
    assert ends == [1.0 + 4 * delay_s, 1.0 + 2 * delay_s]
    assert (opened, blocked) == (3, ())


@pytest.mark.slow
def test_a_client_that_blocks_is_led_by_an_alias() -> None:
    import openai  # not by every process that collects tests: it takes a second

    def ask() -> tuple[str | None, list[str | None]]:
        with openai.OpenAI(api_key="none", base_url="https://api.openai.com/v1") as client:
            answer = client.chat.completions.create(**ASK)
            stream = client.chat.completions.create(**ASK, stream=True)
            words = [piece.choices[0].delta.content for piece in stream]
            return answer.choices[0].message.content, words

    async def program(machine: Machine) -> tuple[Any, tuple[Any, ...]]:
        machine.network.alias(("api.openai.com", 443), to=HERE)
        async with uvicorn_at(model):
            return await asyncio.to_thread(ask), machine.network.refused

    (content, words), refused = on_machine(program)
    assert (content, tuple(words), refused) == ("well", WORDS, ())


@pytest.mark.slow
def test_a_thread_times_out_is_refused_and_may_not_speak_tls() -> None:
    def use() -> list[object]:
        seen: list[object] = []
        with socket.create_connection(HERE, timeout=2.0) as sock:
            began = time.monotonic()
            with pytest.raises(TimeoutError):
                sock.recv(1)
            poll = select.poll()
            poll.register(sock, select.POLLIN)
            assert poll.poll(500) == []
            assert select.select([sock], [], [], 0.25) == ([], [], [])
            with pytest.raises(ssl.SSLError, match="alias"):
                ssl.create_default_context().wrap_socket(sock, server_hostname="localhost")
            seen.append(time.monotonic() - began)
        with pytest.raises(urllib.error.URLError, match="refused"):
            urllib.request.urlopen("http://nobody.example")
        return seen

    async def program(machine: Machine) -> tuple[list[object], Any]:
        async with uvicorn_at(model):
            return await asyncio.to_thread(use), machine.network.refused

    assert on_machine(program) == ([2.75], (("nobody.example", 80),))


class Slow(http.server.BaseHTTPRequestHandler):
    """Takes a second and a half."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        time.sleep(1.5)
        self.send_response(200)
        self.send_header("content-length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.mark.slow
@pytest.mark.parametrize("delay_s", [0.0, 0.25])
def test_a_server_of_threads_answers_even_a_loop_that_is_blocked(delay_s: float) -> None:
    async def program(machine: Machine) -> tuple[list[float], bytes, tuple[Any, ...], Any]:
        server = http.server.ThreadingHTTPServer(HERE, Slow)
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        ticks: list[float] = []

        async def tick() -> None:
            while True:
                ticks.append(now())
                await asyncio.sleep(0.5)

        ticking = asyncio.create_task(tick())
        await asyncio.sleep(0.0)
        began = now()
        # In the loop's own thread, as a program might that should not.
        with urllib.request.urlopen(URL) as answer:
            got = answer.read()
        ends = [now() - began]
        async with httpx.AsyncClient() as client:
            await client.get(URL)
        ends.append(now() - began)
        await asyncio.to_thread(server.shutdown)
        server.server_close()
        ticking.cancel()
        assert ticks[:2] == [began, began + ends[0]]
        return ends, got, machine.network.blocked, machine.escapes

    ends, got, blocked, escapes = on_machine(program, delay_s=delay_s)
    once = 1.5 + 4 * delay_s
    assert (ends, got) == ([once, 2 * once], b"hello")
    assert (blocked, escapes) == ((HERE,), {})


def test_a_loop_that_blocks_for_one_of_its_own_servers_hangs() -> None:
    async def program(machine: Machine) -> None:
        async with uvicorn_at(model):
            with socket.create_connection(HERE) as sock, pytest.raises(Hang):
                sock.recv(1)
            assert machine.network.blocked == (HERE,)

    on_machine(program)


def test_without_threads_that_take_turns_nobody_may_block() -> None:
    async def program(network: Network) -> tuple[Any, ...]:
        async with await asyncio.start_server(lambda reader, writer: None, *HERE):
            with socket.create_connection(HERE) as sock:
                for call in (lambda: sock.recv(1), lambda: selected(sock)):
                    with pytest.raises(OSError, match="a blocking socket waits"):
                        call()
        return network.blocked

    def selected(sock: socket.socket) -> object:
        with selectors.PollSelector() as selector:
            selector.register(sock, selectors.EVENT_READ)
            return selector.select(1.0)

    assert run(program) == (HERE,)


@pytest.mark.slow
@pytest.mark.parametrize("delay_s", [0.0, 0.25])
def test_what_is_elsewhere_goes_on_while_the_loop_is_blocked(delay_s: float) -> None:
    """A service that asks its model with a client that blocks serves one user after the other."""

    async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        answer = httpx.post(URL + "/v1/chat", json=ASK, timeout=None)
        writer.write(b"%d\n" % answer.status_code)
        writer.close()

    async def serve() -> None:
        async with await asyncio.start_server(service, HERE[0], 9000) as server:
            await server.serve_forever()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = next(line for line in head.split(b"\r\n") if line.startswith(b"content-length"))
        await reader.readexactly(int(length.partition(b":")[2]))
        await asyncio.sleep(1.0)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        writer.close()

    async def serve_model() -> None:
        async with await asyncio.start_server(answer, *HERE) as server:
            await server.serve_forever()

    async def use() -> tuple[float, bytes]:
        began = now()
        reader, writer = await asyncio.open_connection(HERE[0], 9000)
        writer.write(b"ask\n")
        # Not the end: that is said by the loop, which is blocked again by then.
        got = await reader.readline()
        writer.close()
        return now() - began, got

    async def program() -> list[tuple[float, bytes]]:
        return await asyncio.gather(*(elsewhere(use()) for _ in range(3)))

    with LastingClock() as clock, Machine(clock, delay_s=delay_s) as machine:
        clock.background(elsewhere(serve_model()))
        clock.background(serve())
        clock.run(asyncio.sleep(1.0))
        seen = clock.run(program())
        assert machine.network.blocked == (HERE,)
        assert machine.escapes == {}
    # Each user's request waits for the calls of those before; the model takes a second.
    call = 1.0 + 4 * delay_s
    assert [ended for ended, _ in seen] == [4 * delay_s + call * (n + 1) for n in range(3)]
    assert [got for _, got in seen] == [b"200\n"] * 3
