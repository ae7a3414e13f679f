"""How many connections Insight's client of its backend has open at once, virtually.

    unladen --target insight load COMMIT --player targets.insight.pool --keep NAME

So many users have the client of the commit at hand ask a backend at the same moment; the backend
answers each request after a second, and counts its connections. Writes the lines of a load
(``mocks.worlds.service.lines``).
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import math
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from mocks.clock import LastingClock
from mocks.machine import Machine
from mocks.worlds.service.endpoints import Kind
from mocks.worlds.service.lines import end_line, plan_line, row_line, users_line
from mocks.worlds.service.profiles import Group, Profile
from mocks.worlds.service.rows import Error, Row
from targets import environment
from targets.insight.driver import TARGET
from targets.quiet import drop_records

HOST, PORT = "127.0.0.1", 9200
USERS = 200
ANSWER_S = 1.0
REST_S = 20.0
"""After the last reply: what is open then, the pool keeps."""

_ANSWER = b'{"code": 200, "data": {}}'
_REPLY = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
    len(_ANSWER),
    _ANSWER,
)


class Backend:
    """A server that answers whatever it is asked. ``open``, ``most``: connections now, and at
    once."""

    def __init__(self) -> None:
        """Nobody is connected."""
        self.open = self.most = 0

    async def serve(self) -> None:
        """Until it is cancelled."""
        server = await asyncio.start_server(self._connected, HOST, PORT)
        async with server:
            await server.serve_forever()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        self.most = max(self.most, self.open)
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                while True:
                    await reader.readuntil(b"\r\n\r\n")
                    await asyncio.sleep(ANSWER_S)
                    writer.write(_REPLY)
        finally:
            self.open -= 1
            writer.close()


async def _ask(client: Any, user: int, rows: list[Row]) -> None:
    loop = asyncio.get_running_loop()
    begins = loop.time()
    error, reason = Error.NONE, ""
    try:
        await client.get(f"/users/{user}")
    except Exception as failure:  # noqa: BLE001 - whatever the client raises is what a user gets
        error, reason = Error.NETWORK, f"{type(failure).__name__}: {failure}"
    row = Row(
        user=user,
        kind=Kind.WORK,
        prompt="users",
        due=begins,
        started=begins,
        ended=loop.time(),
        error=error,
        reason=reason,
    )
    rows.append(row)


async def _all(client: Any, users: int, backend: Backend) -> tuple[list[Row], int]:
    """Rows in the order in which they ended, and the connections that are kept afterwards."""
    rows: list[Row] = []
    await client.start()
    await asyncio.gather(*(_ask(client, user, rows) for user in range(1, users + 1)))
    await asyncio.sleep(REST_S)
    kept = backend.open
    await client.close()
    return rows, kept


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, play, write; exit code 0."""
    parser = argparse.ArgumentParser(prog="python -m targets.insight.pool")
    parser.add_argument("--users", type=int, default=USERS)
    users: int = parser.parse_args(arguments).users
    environment.prepare(TARGET)
    os.environ["SPRING_BOOT_BASE_URL"] = f"http://{HOST}:{PORT}"
    client: Any = importlib.import_module("services.java_client").JavaClient()
    drop_records()
    backend = Backend()
    with LastingClock() as clock, Machine(clock):
        clock.background(backend.serve())
        begins = clock.now
        rows, kept = clock.run(_all(client, users, backend))
    seconds = max(row.ended for row in rows) - begins
    profile = Profile(
        name="pool",
        groups=(Group(users, 0.0, math.ceil(seconds), math.inf),),
        duration_s=math.ceil(seconds),
        think_s=(0.0, 0.0),
        mix={Kind.WORK: 1.0},
    )
    print(plan_line(profile, engine="virtual", subject=TARGET.name, seed=0))
    print(users_line(0.0, users))
    for row in rows:
        print(row_line(row))
    facts = {"connections_most": backend.most, "connections_kept": kept}
    print(end_line(round(seconds, 9), facts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
