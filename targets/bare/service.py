"""The floor's service for the benchmarks, and for loads in a process of its own."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

from mocks.worlds.service.endpoints import Ask, Endpoint, Kind, openai_body
from mocks.worlds.service.ready import PATIENCE_S
from mocks.worlds.service.world import ServiceWorld
from targets.protocols.service import Served, Service, Start

_FOLDER = Path(__file__).parent


def _user(ask: Ask) -> Mapping[str, str]:
    return {"x-user": ask.user.name}


def _said(ask: Ask) -> Mapping[str, object]:
    """The new message of a conversation only."""
    message = {"role": "user", "content": ask.text}
    conversation = f"{ask.user.name}-{ask.conversation}"
    return {"model": "unladen-mock", "conversation": conversation, "messages": [message]}


ENDPOINTS = (
    Endpoint(kind=Kind.CHAT, path="/chat", headers=_user, body=openai_body),
    Endpoint(kind=Kind.STREAM, path="/stream", headers=_user, body=openai_body),
    Endpoint(kind=Kind.BLOCKED, path="/chat", headers=_user, body=openai_body, status=403),
    Endpoint(kind=Kind.HEALTH, path="/health", method="GET"),
)


CONVERSATION = Endpoint(kind=Kind.CHAT, path="/conversation", headers=_user, body=_said)


def _database(world: ServiceWorld) -> Path:
    return world.folder / "said.db"


def _open(world: ServiceWorld) -> Served:
    from floor.service import Service as Floor

    app = Floor(world.model_url, str(_database(world))).app
    return Served(app=app, missing=lambda asks: _missing(world, asks))


def _missing(world: ServiceWorld, asks: Sequence[Ask]) -> int:
    with closing(sqlite3.connect(_database(world))) as table:
        kept = {prompt for (prompt,) in table.execute("SELECT prompt FROM said")}
    return sum(ask.text not in kept for ask in asks)


def _held(start: Start) -> int:
    url = f"http://127.0.0.1:{start.port}/conversations"
    with urlopen(url, timeout=PATIENCE_S) as reply:
        return int(json.load(reply)["kept"])


def _command(start: Start) -> Sequence[str]:
    given = ["--model", start.world.model_url, "--database", str(_database(start.world))]
    where = ["--port", str(start.port), "--workers", str(start.workers)]
    return [sys.executable, str(_FOLDER / "serve.py"), *given, *where]


def _variables(start: Start) -> Mapping[str, str]:
    return {"PYTHONPATH": str(_FOLDER), "PATH": os.environ.get("PATH", "")}


SERVICE = Service(
    open=_open,
    endpoints=ENDPOINTS,
    command=_command,
    variables=_variables,
    modules=("floor.service",),
    missing=_missing,
    held=_held,
    conversation=CONVERSATION,
)
