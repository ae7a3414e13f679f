"""The model behind ``unladen mock-model``, in virtual time and in each protocol."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from world_of_http import DIALECT, TEXT, chat, post

from mocks.clock import VirtualClock
from mocks.http.client import Ask, Client, Patience
from mocks.http.errors import BrokenOff, HttpFailure, TimedOut
from mocks.http.response import Response
from mocks.net import Network
from mocks.openai.behaviour import Behaviour, Fault
from mocks.openai.server import mock_server

PROTOCOLS: dict[str, dict[str, Any]] = {
    "/v1/chat/completions": chat(),
    "/v1/responses": {"model": "m", "input": "hi"},
    "/v1/messages": chat(max_tokens=99),
}


def virtually(scenario: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    with VirtualClock() as clock, Network(clock.loop):
        return clock.run(scenario())


@asynccontextmanager
async def client_of(**behaviour: Any) -> AsyncIterator[Client]:
    async with mock_server(Behaviour(DIALECT, **behaviour)) as server:
        await server.listen()
        async with Client("127.0.0.1", server.port, patience=Patience(total=60)) as client:
            yield client


def ask(path: str, **more: Any) -> Ask:
    return post({**PROTOCOLS[path], **more}, path)


@pytest.mark.parametrize("path", PROTOCOLS)
def test_it_is_as_slow_as_it_is_told_to_be(path: str) -> None:
    async def scenario() -> None:
        async with client_of(latency=2.0, first_token=0.5, token_latency=0.125) as client:
            whole = await client.fetch(ask(path))
            assert whole.first_byte == 2.0
            assert TEXT in whole.body.decode()
            async with client.ask(ask(path, stream=True)) as stream:
                await stream.read()
            assert (stream.first_byte, stream.first_piece) == (2.5, 2.5)
            assert (stream.last_piece, stream.longest_gap) == (3.0, 0.125)
        async with client_of(latency=2.0) as client:
            stream = await client.fetch(ask(path, stream=True))
            assert stream.first_byte - stream.asked == 2.0

    virtually(scenario)


def test_slots_and_a_rate_are_limits() -> None:
    async def scenario() -> None:
        async with client_of(latency=1.0, slots=1, per_minute=2) as client:
            path = "/v1/responses"
            asking = (client.fetch(ask(path)) for _ in range(3))
            answers = await asyncio.gather(*asking)
        assert [(each.status, each.first_byte) for each in answers] == [
            (200, 1.0),
            (200, 2.0),
            (429, 0.0),
        ]
        assert answers[2].headers.get("Retry-After") == "60"

    virtually(scenario)


async def outcome(client: Client, asked: Ask) -> Response | HttpFailure:
    try:
        return await client.fetch(asked)
    except HttpFailure as error:
        return error


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("path", PROTOCOLS)
def test_faults_strike_every_second_time_in_each_protocol(path: str, stream: bool) -> None:
    async def scenario(fault: Fault) -> Response | HttpFailure:
        async with client_of(fault=fault, fault_every=2, latency=1.0) as client:
            fine, struck, again = [await outcome(client, ask(path, stream=stream)) for _ in "123"]
            for each in (fine, again):
                assert isinstance(each, Response)
                assert each.status == 200
            if isinstance(struck, Response):
                assert struck.first_byte == struck.asked + 1.0
            return struck

    got = {fault: virtually(lambda fault=fault: scenario(fault)) for fault in Fault}
    assert got[Fault.ERROR].status == 500
    assert "a fault that was asked for" in json.loads(got[Fault.ERROR].body)["error"]["message"]
    assert got[Fault.OVERLOADED].status == 503
    assert got[Fault.OVERLOADED].headers.get("Retry-After") == "1"
    assert isinstance(got[Fault.DISCONNECT], BrokenOff)
    assert isinstance(got[Fault.CUT], BrokenOff)
    assert got[Fault.MALFORMED].body == b"<html>this is not JSON"
    assert got[Fault.EMPTY].status == 200
    assert b"answer" not in got[Fault.EMPTY].body
    assert isinstance(got[Fault.HANG], TimedOut)


def test_errors_have_each_protocols_form() -> None:
    async def scenario() -> None:
        async with client_of(fault=Fault.OVERLOADED) as client:
            openai = json.loads((await client.fetch(ask("/v1/responses"))).body)
            assert openai["error"]["type"] == "server_error"
            anthropic = json.loads((await client.fetch(ask("/v1/messages"))).body)
            assert anthropic["type"] == "error"
            assert anthropic["error"]["type"] == "overloaded_error"

    virtually(scenario)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": "Bearer right"}, 200),
        ({"Authorization": "", "x-api-key": "right"}, 200),
        ({"Authorization": "", "x-api-key": "wrong"}, 401),
        ({"Authorization": "Bearer wr\xf6ng"}, 401),
        ({"Authorization": ""}, 401),
    ],
)
def test_a_key_comes_in_either_header(headers: dict[str, str], status: int) -> None:
    async def scenario() -> int:
        async with client_of(key="right") as client:
            asked = post(chat(), **headers)
            return (await client.fetch(asked)).status

    assert virtually(scenario) == status
