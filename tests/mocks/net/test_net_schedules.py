"""Packets that arrive at one instant, in the orders that schedules choose."""

from __future__ import annotations

import asyncio

from net_programs import HERE, now

from mocks.clock import VirtualClock
from mocks.clock.schedules import Trial, explore
from mocks.net import Network

CLIENTS = "abc"
Heard = list[tuple[float, str]]


def measure(trial: Trial | None) -> Heard:
    """What a server hears of clients that all speak at the same instants."""
    heard: Heard = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while word := await reader.read(100):
            heard.append((now(), word.decode()))
        writer.close()

    async def speak(name: str) -> None:
        _, writer = await asyncio.open_connection(*HERE)
        for number in range(2):
            await asyncio.sleep(1.5 - now() if not number else 0.0)
            writer.write(f"{name}{number}".encode())
        await asyncio.sleep(1.0)
        writer.write(f"{name}!".encode())
        writer.close()
        await writer.wait_closed()

    async def program() -> None:
        async with await asyncio.start_server(listen, *HERE):
            await asyncio.gather(*map(speak, CLIENTS))
            await asyncio.sleep(5.0)

    with VirtualClock(trial=trial) as clock, Network(clock.loop, delay_s=0.25) as network:
        clock.run(program())
        assert network.counts().open_now == 0
    return heard


def test_connections_overtake_each_other_and_their_own_packets_do_not() -> None:
    explored = explore(measure, range(20))
    orders = {tuple(heard) for heard in explored.by_seed.values()}
    assert len(orders) > 3
    for heard in [explored.canonical, *explored.by_seed.values()]:
        assert {instant for instant, _ in heard} == {1.75, 2.75}
        for client in CLIENTS:
            words = "".join(word for _, word in heard if word.startswith(client))
            assert words.replace(client, "") == "01!"
    assert explored.canonical == measure(None)
