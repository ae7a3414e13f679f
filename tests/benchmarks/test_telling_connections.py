"""Connections are told by their address, and by who dials."""

from __future__ import annotations

import asyncio
from types import CodeType

from benchmarks.core.counted import Counted
from benchmarks.core.telling import told
from mocks.clock import VirtualLoop
from mocks.net import Network

MODEL = ("127.0.0.1", 8001)
OTHER = ("127.0.0.1", 8002)


def own(code: CodeType) -> tuple[str, str] | None:
    return ("sdk/a.py", code.co_name) if code.co_name in ("ask", "look") else None


async def ask() -> None:
    _, writer = await asyncio.open_connection(*MODEL)
    writer.close()


async def look() -> None:
    _, writer = await asyncio.open_connection(*OTHER)
    writer.close()


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def work(network: Network) -> list[int]:
    model = await asyncio.start_server(answer, *MODEL)
    other = await asyncio.start_server(answer, *OTHER)
    async with model, other:
        await ask()
        await look()
        await ask()
        return [network.counts(address).opened for address in (None, MODEL, OTHER)]


def opened() -> list[int]:
    loop = VirtualLoop()
    try:
        with Network(loop) as network:
            return loop.run_until_complete(work(network))
    finally:
        loop.close()


def parts(number: int) -> dict[tuple[str, str], int]:
    assert isinstance(number, Counted)
    return {(text, place[0][1]): times for (text, place), times in number.parts.items()}


def test_what_is_told_adds_up_to_what_is_counted() -> None:
    plain = opened()
    with told(own):
        found = opened()
    assert found == plain == [3, 2, 1]
    asks = {("connection to 127.0.0.1:8001", "ask"): 2}
    looks = {("connection to 127.0.0.1:8002", "look"): 1}
    assert [parts(one) for one in found] == [{**asks, **looks}, asks, looks]
    assert parts(found[0] - found[1]) == looks


def test_nothing_is_told_afterwards() -> None:
    with told(own):
        opened()
    assert not any(isinstance(one, Counted) for one in opened())
