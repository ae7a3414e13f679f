"""A small service as a real process, with a mistake of one's choice:
``python made_process.py MODEL_URL PORT WORKERS DATABASE_PORT MISTAKE``, in a folder of its own."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

from mocks.model import Model
from mocks.worlds.service.endpoints import Ask, Endpoint, Kind, openai_body
from mocks.worlds.service.script import Script
from mocks.worlds.service.world import ServiceWorld
from targets.protocols.service import Start

HERE = Path(__file__)

SAID = Path("said")
"""What was said, a prompt a line, in the folder of the service."""


def _message(ask: Ask) -> dict[str, Any]:
    return {**openai_body(ask), "conversation": f"{ask.user.name}-{ask.conversation}"}


CONVERSATION = Endpoint(kind=Kind.CHAT, path="/conversation", body=_message)


def command(mistake: str, start: Start) -> list[str]:
    """How it is started."""
    database = urlsplit(start.world.database_url).port or 0
    numbers = (start.port, start.workers, database)
    return [sys.executable, str(HERE), start.world.model_url, *map(str, numbers), mistake]


def variables(start: Start) -> dict[str, str]:
    """Where it finds what it imports."""
    rooms = [str(HERE.parents[3]), str(HERE.parents[2]), str(HERE.parent)]
    return {"PYTHONPATH": os.pathsep.join(rooms)}


def missing(world: ServiceWorld, asks: Sequence[Ask]) -> int:
    """How many were answered and not stored."""
    said = world.folder.joinpath(SAID).read_text()
    return sum(ask.mark not in said for ask in asks)


def held(start: Start) -> int:
    """Sessions that it holds."""
    with urlopen(f"http://127.0.0.1:{start.port}/sessions", timeout=5) as reply:
        return int(reply.read())


def application() -> Any:
    """One worker's."""
    from made_services import Made
    from starlette.requests import Request
    from starlette.responses import Response, StreamingResponse
    from starlette.routing import Route

    url, _, _, database, mistake = sys.argv[1:]
    kept_open: list[Any] = []
    sessions: dict[str, list[dict[str, str]]] = {}
    unsaid: list[str] = []

    class Process(Made):
        """``Made``, with what only a process can do wrong."""

        def _keep(self, asked: dict[str, Any]) -> None:
            super()._keep(asked)
            if "when it ends" in mistake:
                unsaid.append(asked["messages"][-1]["content"])
            elif mistake != "nothing is stored":
                with SAID.open("a") as said:
                    said.write(asked["messages"][-1]["content"] + "\n")
            if mistake == "a connection to the model for each chat":
                where = urlsplit(url)
                kept_open.append(socket.create_connection((where.hostname, where.port)))
            if mistake == "connections of users are kept":
                kept_open.extend(_duplicates_of_own_connections())
            if mistake == "a transaction for each chat":
                kept_open.append(_transaction(int(database)))

        async def _stream(self, request: Request) -> Response:
            whole = await super()._stream(request)
            if mistake == "heartbeats, then all at once":
                return StreamingResponse(_late(whole), media_type="text/event-stream")
            if mistake == "streams break off":
                return StreamingResponse(_broken(whole), media_type="text/event-stream")
            return whole

    world = ServiceWorld(model=Model(Script()), users=(), model_url=url, folder=Path())
    made = Process(world, mistake)

    async def converse(request: Request) -> Response:
        asked = await request.json()
        name = asked.pop("conversation")
        store = Path(f"conversation-{name}")
        earlier = sessions.get(name, [])
        if mistake == "conversations in a file" and store.exists():
            earlier = json.loads(store.read_text())
        if mistake == "conversations are forgotten":
            earlier = []
        asked["messages"] = [*earlier, *asked["messages"]]
        reply = (await made._post(asked)).json()
        answer = {"role": "assistant", "content": reply["choices"][0]["message"]["content"]}
        sessions[name] = [*asked["messages"], answer]
        store.write_text(json.dumps(sessions[name]))
        return Response(json.dumps(reply), media_type="application/json")

    async def count(request: Request) -> Response:
        return Response(str(len(sessions)))

    made.app.routes.append(Route("/conversation", converse, methods=["POST"]))
    made.app.routes.append(Route("/sessions", count))
    made.app.router.lifespan_context = _with_start(
        made.app.router.lifespan_context, mistake, unsaid
    )
    return made.app


def _with_start(lifespan: Any, mistake: str, unsaid: Sequence[str]) -> Any:
    @asynccontextmanager
    async def started(app: Any) -> AsyncIterator[None]:
        async with lifespan(app):
            if "not hear SIGTERM" in mistake:
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
            if mistake == "it leaves a process behind":
                subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
            yield
            with SAID.open("a") as said:
                said.writelines(f"{text}\n" for text in unsaid)

    return started


async def _late(response: Any) -> AsyncIterator[bytes]:
    pieces: list[bytes] = []

    async def read() -> None:
        pieces.extend([piece async for piece in response.body_iterator])

    reading = asyncio.ensure_future(read())
    while not reading.done():
        yield b": still there\n\n"
        await asyncio.sleep(0.2)
    for piece in pieces:
        yield piece


async def _broken(response: Any) -> AsyncIterator[bytes]:
    async for piece in response.body_iterator:
        yield piece
        raise RuntimeError("it breaks off")


def _duplicates_of_own_connections() -> list[socket.socket]:
    """The connections of users that are open, each once more, so that they stay open."""
    port = int(sys.argv[2])
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            one = socket.socket(fileno=os.dup(int(name)))
        except OSError:
            continue
        if _is_from_a_user(one, port):
            found.append(one)
        else:
            one.close()
    return found


def _is_from_a_user(one: socket.socket, port: int) -> bool:
    try:
        one.getpeername()
        return bool(one.getsockname()[1] == port)
    except (OSError, IndexError):
        return False


def _transaction(port: int) -> Any:
    from postgres_client import Client

    client = Client(port)
    client.execute("BEGIN")
    return client


def main() -> None:
    """Serve until a signal comes, or do not."""
    import uvicorn

    _, port, workers, _, mistake = sys.argv[1:]
    if mistake == "it is never ready":
        time.sleep(3600)
    if mistake == "it ends as it begins":
        raise SystemExit("the table of rules is missing")
    SAID.touch()
    uvicorn.run(
        "made_process:application",
        factory=True,
        host="127.0.0.1",
        port=int(port),
        workers=int(workers),
        log_level="critical",
    )


if __name__ == "__main__":
    main()
