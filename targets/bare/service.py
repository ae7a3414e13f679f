"""The floor's service for the benchmarks, and for loads in a process of its own."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from mocks.worlds.service.endpoints import Ask, Endpoint, Kind, openai_body
from mocks.worlds.service.world import ServiceWorld
from targets.protocols.service import Served, Service, Start


def _user(ask: Ask) -> Mapping[str, str]:
    return {"x-user": ask.user.name}


ENDPOINTS = (
    Endpoint(kind=Kind.CHAT, path="/chat", headers=_user, body=openai_body),
    Endpoint(kind=Kind.STREAM, path="/stream", headers=_user, body=openai_body),
    Endpoint(kind=Kind.BLOCKED, path="/chat", headers=_user, body=openai_body, status=403),
    Endpoint(kind=Kind.HEALTH, path="/health", method="GET"),
)


def _database(world: ServiceWorld) -> Path:
    return world.folder / "said.db"


def _open(world: ServiceWorld) -> Served:
    from floor.service import Service as Floor

    def missing(asks: Sequence[Ask]) -> int:
        with sqlite3.connect(_database(world)) as table:
            kept = {prompt for (prompt,) in table.execute("SELECT prompt FROM said")}
        table.close()
        return sum(ask.text not in kept for ask in asks)

    return Served(app=Floor(world.model_url, str(_database(world))).app, missing=missing)


def _command(start: Start) -> Sequence[str]:
    given = ["--model", start.world.model_url, "--database", str(_database(start.world))]
    return [sys.executable, "-m", "floor.serve", *given, "--port", str(start.port)]


def _variables(start: Start) -> Mapping[str, str]:
    return {"PYTHONPATH": str(Path(__file__).parent), "PATH": os.environ.get("PATH", "")}


SERVICE = Service(
    open=_open,
    endpoints=ENDPOINTS,
    command=_command,
    variables=_variables,
    modules=("floor.service",),
)
