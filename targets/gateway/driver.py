"""Driver of llmGateway: its FastAPI application, at every commit of its history.

Authentication, rules, quotas, logging and routing are the gateway's own; the model and, on the
virtual machine, the database are not (``databases``).
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from mocks.worlds.service.endpoints import Answer, Ask, Endpoint, Kind, openai_body, openai_text
from mocks.worlds.service.world import MODEL_URL, ServiceWorld
from targets.gateway import students
from targets.gateway.databases import use_file
from targets.protocol import Target
from targets.protocols.service import Served, Service, Start
from targets.quiet import drop_records
from targets.sources import source

_CHAT = "/v1/chat/completions"
_MANY = "1000000"
_IN_A_FILE = "it has a SQLite file in the place of the Postgres that it asks for"


def _key(ask: Ask) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {ask.user.key}"}


def _chat(ask: Ask) -> dict[str, Any]:
    return {**openai_body(ask), "model": "deepseek-chat"}


def _stream(ask: Ask) -> dict[str, Any]:
    return {**openai_body(ask, stream=True), "model": "deepseek-chat"}


def _homework(ask: Ask) -> dict[str, Any]:
    """A prompt that one of the gateway's hard-coded rules refuses: "write a ... program"."""
    asked = f"请帮我写一个排序的程序。 {ask.text}"
    return {"model": "deepseek-chat", "messages": [{"role": "user", "content": asked}]}


def _answered_all_the_same(ask: Ask, answer: Answer) -> str:
    try:
        said = openai_text(answer.body)
    except ValueError as error:
        return str(error)
    return "the model has answered what the rules refuse" if ask.mark in said else ""


def _endpoints() -> list[Endpoint]:
    """Those of the commit at hand: the oldest two have no chat."""
    health = Endpoint(kind=Kind.HEALTH, method="GET", path="/health")
    modules = ("app/main.py", "app/api/chat.py")
    if not any(_CHAT in source("gateway", module, otherwise=_CHAT) for module in modules):
        return [health]
    return [
        Endpoint(kind=Kind.CHAT, path=_CHAT, headers=_key, body=_chat),
        Endpoint(kind=Kind.STREAM, path=_CHAT, headers=_key, body=_stream),
        Endpoint(
            kind=Kind.BLOCKED,
            path=_CHAT,
            headers=_key,
            body=_homework,
            wrong=_answered_all_the_same,
        ),
        health,
    ]


def _open(world: ServiceWorld) -> Served:
    take_back = use_file(world.folder / students.FILE)
    application = importlib.import_module("gateway.app.main").app
    drop_records()
    return Served(
        app=application,
        remarks=[_IN_A_FILE] if students.wants_server() else [],
        missing=lambda asks: _not_stored(world, asks),
        close=take_back,
    )


def _not_stored(world: ServiceWorld, asks: Sequence[Ask]) -> int:
    """How many prompts are in no conversation that the gateway has kept."""
    kept = "\n".join(students.prompts_kept(world))
    return sum(ask.mark not in kept for ask in asks)


def _command(start: Start) -> list[str]:
    serve = [sys.executable, "-m", "uvicorn", "gateway.app.main:app", "--host", "127.0.0.1"]
    return [*serve, "--port", str(start.port), "--workers", str(start.workers)]


def _variables(start: Start) -> dict[str, str]:
    """The model's address, and the database server's, which older commits do not ask for: they
    have a file in the working directory."""
    model = start.world.model_url
    found = {"DEEPSEEK_BASE_URL": model, "TEACHER_DEEPSEEK_BASE_URL": model}
    if start.world.database_url:
        server = urlsplit(start.world.database_url)
        found |= {
            "DB_HOST": server.hostname or "127.0.0.1",
            "DB_PORT": str(server.port or 5432),
            "DB_USER": server.username or "",
            "DB_PASSWORD": server.password or "",
            "DB_NAME": server.path.removeprefix("/"),
        }
    return found


TARGET = Target(
    name="gateway",
    imports=("gateway.app.main",),
    capabilities=[
        Service(
            open=_open,
            modules=("gateway.app.main",),
            endpoints=tuple(_endpoints()),
            prepare=students.prepare,
            command=_command,
            variables=_variables,
            wants_postgres=students.wants_server(),
            missing=_not_stored,
        )
    ],
    environment={
        "DEEPSEEK_API_KEY": "none",
        "DEEPSEEK_BASE_URL": MODEL_URL,
        "TEACHER_DEEPSEEK_API_KEY": "none",
        "TEACHER_DEEPSEEK_BASE_URL": MODEL_URL,
        "OPENAI_API_KEY": "",
        "TEACHPROXY_MOCK_PROVIDER": "false",
        "ADMIN_TOKEN": "unladen",
        "LLM_CACHE_ENABLED": "false",
        "LOG_LEVEL": "WARNING",
        "RATE_LIMIT_REQUESTS_PER_MINUTE": _MANY,
        "RATE_LIMIT_BURST_SIZE": _MANY,
    },
)
