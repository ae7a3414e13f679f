"""When a connection takes no more from the other side."""

from __future__ import annotations

import asyncio

import pytest

from mocks.http.connection import Arrival, Connection


class Valve(asyncio.Transport):
    """Notes whether it is open."""

    is_open = True

    def pause_reading(self) -> None:
        self.is_open = False

    def resume_reading(self) -> None:
        self.is_open = True


@pytest.fixture
def valve(monkeypatch: pytest.MonkeyPatch) -> Valve:
    monkeypatch.setattr("mocks.http.connection._MOST_BUFFERED", 1000)
    return Valve()


def test_what_was_read_and_put_back_counts_as_unread(valve: Valve) -> None:
    async def scenario() -> None:
        connection = Connection(asyncio.get_running_loop())
        connection.connection_made(valve)
        connection.data_received(b"line\n" + b"x" * 994)
        assert valve.is_open
        connection.data_received(b"y")
        assert not valve.is_open
        assert await connection.until(b"\n", 100) == b"line\n"
        assert valve.is_open
        connection.data_received(b"z" * 5)
        assert not valve.is_open
        assert (await connection.some(900) or Arrival(0, b"")).data == b"x" * 900
        assert valve.is_open
        assert (await connection.some() or Arrival(0, b"")).data == b"x" * 94

    asyncio.run(scenario())
