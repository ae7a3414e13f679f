"""Servers and clients of others on a network in memory, as they are."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import aiohttp
import anyio
import httpx
import pytest
import websockets
from aiohttp import web
from anyio.abc import SocketAttribute, SocketStream
from net_programs import HERE, WORDS, model, now, run, uvicorn_at

from mocks.net import Network

pytestmark = pytest.mark.slow

ASK: Any = {"model": "mock", "messages": [{"role": "user", "content": "how is it?"}]}
URL = "http://{}:{}".format(*HERE)
# Of a request with a connection of its own, as there and back are one way each.
TO_WORDS = [0.25, 0.5, 0.75]


@pytest.mark.parametrize("delay_s", [0.0, 0.125])
@pytest.mark.parametrize("server", ["h11", "httptools"])
def test_httpx_sees_each_piece_when_it_was_sent(server: str, delay_s: float) -> None:
    async def program(network: Network) -> list[list[float]]:
        times = []
        async with uvicorn_at(model, http=server), httpx.AsyncClient() as client:
            for _ in range(2):
                began = now()
                asking = client.stream("POST", URL + "/v1/chat", json={"stream": True})
                async with asking as response:
                    seen = [now() - began async for _ in response.aiter_raw()]
                times.append(seen)
            assert network.counts(HERE).opened == 1
            assert network.counts(HERE).open_now == 1
        assert network.counts(HERE).open_now == 0
        return times

    first, second = run(program, delay_s=delay_s)
    assert first[:3] == [at + 4 * delay_s for at in TO_WORDS]
    # The pool has found the connection alive, and nobody connects again.
    assert second[:3] == [at + 2 * delay_s for at in TO_WORDS]


def test_a_pool_notices_that_the_server_has_closed_an_idle_connection() -> None:
    async def program(network: Network) -> int:
        async with uvicorn_at(model, timeout_keep_alive=5), httpx.AsyncClient() as client:
            for pause in (4.0, 6.0, 0.0):
                await client.post(URL + "/v1/chat", json=ASK)
                await asyncio.sleep(pause)
            return network.counts(HERE).opened

    assert run(program) == 2


def test_time_outs_of_httpx_are_virtual() -> None:
    async def program(network: Network) -> list[float]:
        network.silence(("10.0.0.1", 80))
        timeout = httpx.Timeout(None, connect=3.0, read=0.75)
        ends = []
        async with uvicorn_at(model), httpx.AsyncClient(timeout=timeout) as client:
            began = now()
            with pytest.raises(httpx.ConnectTimeout):
                await client.get("http://10.0.0.1")
            ends.append(now() - began)
            with pytest.raises(httpx.ReadTimeout):
                await client.post(URL + "/v1/chat", json=ASK)
            ends.append(now() - began)
        return ends

    assert run(program) == [3.0, 3.75]


@pytest.mark.parametrize("base", [URL, "https://api.openai.com"])
def test_openai(base: str) -> None:
    import openai  # not by every process that collects tests: it takes a second

    async def program(network: Network) -> tuple[str | None, list[str | None], float, Any]:
        network.alias(("api.openai.com", 443), to=HERE)
        began = now()
        client = openai.AsyncOpenAI(api_key="none", base_url=base + "/v1")
        async with uvicorn_at(model), client:
            began = now()
            answer = await client.chat.completions.create(**ASK)
            stream = await client.chat.completions.create(**ASK, stream=True)
            words = [piece.choices[0].delta.content async for piece in stream]
        return answer.choices[0].message.content, words, now() - began, network.refused

    content, words, took, refused = run(program)
    assert (content, tuple(words), refused) == ("well", WORDS, ())
    assert took >= 1.75


def test_anthropic_by_its_own_address() -> None:
    import anthropic  # as above

    async def program(network: Network) -> tuple[str, int]:
        network.alias(("api.anthropic.com", 443), to=HERE)
        client = anthropic.AsyncAnthropic(api_key="none", base_url="https://api.anthropic.com")
        async with uvicorn_at(model), client:
            message = await client.messages.create(**ASK, max_tokens=9)
        content: Any = message.content[0]
        return content.text, network.counts(("api.anthropic.com", 443)).opened

    assert run(program) == ("well", 1)


@pytest.mark.parametrize("base", [URL, "https://model.example"])
def test_aiohttp(base: str) -> None:
    async def program(network: Network) -> tuple[list[float], str, float]:
        network.alias(("model.example", 443), to=HERE)
        async with uvicorn_at(model), aiohttp.ClientSession() as session:
            began = now()
            async with session.post(base + "/v1/chat", json={"stream": True}) as response:
                times = [now() - began async for line in response.content if line.strip()]
            async with session.ws_connect(base + "/ws") as socket:
                await socket.send_str("hello")
                return times, (await socket.receive()).data, now() - began

    times, said, at = run(program)
    assert times[:3] == TO_WORDS
    assert (said, at) == ("HELLO", 1.75)


def test_a_server_and_a_file_of_aiohttp(tmp_path: Path) -> None:
    (tmp_path / "page").write_bytes(bytes(300_000))

    async def greet(request: web.Request) -> web.Response:
        return web.Response(text="hello")

    async def program(network: Network) -> tuple[str, int]:
        application = web.Application()
        application.add_routes([web.get("/", greet), web.static("/files", tmp_path)])
        runner = web.AppRunner(application)
        await runner.setup()
        await web.TCPSite(runner, *HERE).start()
        async with aiohttp.ClientSession() as session:
            async with session.get(URL) as response:
                text = await response.text()
            async with session.get(URL + "/files/page") as response:
                size = len(await response.read())
        await runner.cleanup()
        return text, size

    assert run(program) == ("hello", 300_000)


@pytest.mark.parametrize("url", ["ws://127.0.0.1:8000/ws", "wss://model.example/ws"])
def test_websockets(url: str) -> None:
    async def program(network: Network) -> tuple[str | bytes, float]:
        network.alias(("model.example", 443), to=HERE)
        async with uvicorn_at(model), websockets.connect(url) as socket:
            began = now()
            await socket.send("hello")
            return await socket.recv(), now() - began

    assert run(program) == ("HELLO", 1.0)


def test_a_server_of_websockets() -> None:
    async def program(network: Network) -> str | bytes:
        async def greet(socket: websockets.ServerConnection) -> None:
            await socket.send("hello")

        async with (
            websockets.serve(greet, "localhost", 8001),
            websockets.connect("ws://localhost:8001") as socket,
        ):
            return await socket.recv()

    assert run(program) == "hello"


async def say_twice(stream: SocketStream) -> None:
    async with stream:
        await anyio.sleep(1.0)
        await stream.send(await stream.receive() * 2)


def test_anyio() -> None:
    async def program(network: Network) -> tuple[bytes, float]:
        listener = await anyio.create_tcp_listener(local_host="localhost")
        port = listener.extra(SocketAttribute.local_port)
        async with anyio.create_task_group() as group:
            group.start_soon(listener.serve, say_twice)
            began = now()
            async with await anyio.connect_tcp("localhost", port) as stream:
                await stream.send(b"ha")
                got = await stream.receive(), now() - began
                with pytest.raises(anyio.EndOfStream):
                    await stream.receive()
            group.cancel_scope.cancel()
        await listener.aclose()
        assert network.counts().opened == 1
        return got

    assert run(program) == (b"haha", 1.0)


def test_unix_sockets_of_anyio_uvicorn_and_httpx(tmp_path: Path) -> None:
    path = tmp_path / "anyio"
    uds = str(tmp_path / "uvicorn")

    async def program(network: Network) -> list[bytes]:
        got = []
        listener = await anyio.create_unix_listener(path)
        async with anyio.create_task_group() as group:
            group.start_soon(listener.serve, say_twice)
            async with await anyio.connect_unix(path) as stream:
                await stream.send(b"ha")
                got.append(await stream.receive())
            group.cancel_scope.cancel()
        await listener.aclose()
        transport = httpx.AsyncHTTPTransport(uds=uds)
        async with (
            uvicorn_at(model, host=None, port=None, uds=uds),
            httpx.AsyncClient(transport=transport) as client,
        ):
            assert os.stat(uds).st_mode & 0o777 == 0o666
            got.append((await client.post("http://any/v1/chat", json=ASK)).content)
        assert network.refused == ()
        assert network.counts(uds).opened == 1
        return got

    said, answered = run(program)
    assert said == b"haha"
    assert b"well" in answered
