"""Driver of Insight: its FastAPI application, at every commit of its history.

Its agents, tools, sessions and limits are its own; the model is not. There is no backend in Java,
no Redis and no Postgres: the data are the service's own mock data, sessions are kept in memory, and
the search in documents goes without.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
from typing import Any

from mocks.worlds.service.endpoints import Answer, Ask, Endpoint, Kind
from mocks.worlds.service.world import MODEL_URL, ServiceWorld
from targets.insight import answers
from targets.protocol import Target
from targets.protocols.service import Served, Service, Start
from targets.quiet import drop_records
from targets.sources import source

_MODEL = "openai/unladen-mock"
_MODELS = ("AGENT", "CODE", "DEFAULT", "EXECUTOR", "ROUTER", "STRONG", "VISION")
_PACKAGES = ("adapters", "agents", "api", "config", "errors", "insight_backend", "models",
             "services", "skills", "tools")  # fmt: skip
_NOBODY = "127.0.0.1"
_NO_PORT = 9


def _message(ask: Ask) -> dict[str, object]:
    """A message of a conversation, whose earlier turns the service remembers."""
    return {
        "message": ask.text,
        "language": "en",
        "teacherId": ask.user.name,
        "conversationId": f"{ask.user.name}-{ask.conversation}",
    }


def _message_of_old(ask: Ask) -> dict[str, object]:
    """The same for the oldest commits, which remember turns as well."""
    return {"message": ask.text, "conversation_id": f"{ask.user.name}-{ask.conversation}"}


def _wish(ask: Ask) -> dict[str, object]:
    return {"userPrompt": ask.text, "language": "en", "teacherId": ask.user.name}


def reply_text(body: bytes) -> str:
    """The words of a whole reply: of either era; raises ``ValueError``."""
    try:
        reply = json.loads(body)
        return str(reply.get("response") or reply.get("chatResponse") or "")
    except (AttributeError, ValueError) as error:
        raise ValueError(f"no reply of a conversation: {body[:80]!r}") from error


def event_text(data: str) -> str:
    """The text that an event carries, often none; raises ``ValueError``."""
    if data == "[DONE]":
        return ""
    try:
        event = json.loads(data)
        return str(event["delta"]) if event["type"] == "text-delta" else ""
    except (LookupError, TypeError, ValueError) as error:
        raise ValueError(f"no event of a conversation: {data[:80]!r}") from error


def _failed_in_stream(ask: Ask, answer: Answer) -> str:
    """A stream that fails has status 200, and an event that says so."""
    errors = (event.data for event in answer.events() if '"type": "error"' in event.data)
    return next(errors, "")


def plan_text(body: bytes) -> str:
    """The name of the plan of a page; raises ``ValueError``."""
    try:
        return str(json.loads(body)["blueprint"]["name"])
    except (LookupError, TypeError, ValueError) as error:
        raise ValueError(f"no plan of a page: {body[:80]!r}") from error


_CHAT = Endpoint(kind=Kind.CHAT, path="/api/conversation", body=_message, text=reply_text)

_KINDS = (
    (
        _CHAT,
        ("conversation.py", '"/conversation"'),
    ),
    (
        Endpoint(kind=Kind.CHAT, path="/chat", body=_message_of_old, text=reply_text),
        ("chat.py", '"/chat"'),
    ),
    (
        Endpoint(
            kind=Kind.STREAM,
            path="/api/conversation/stream",
            body=_message,
            token=event_text,
            wrong=_failed_in_stream,
        ),
        ("conversation.py", '"/conversation/stream"'),
    ),
    (
        Endpoint(kind=Kind.WORK, path="/api/workflow/generate", body=_wish, text=plan_text),
        ("workflow.py", '"/generate"'),
    ),
)


def _endpoints() -> list[Endpoint]:
    """Those of the commit at hand: of each kind the first that it has."""
    health = Endpoint(kind=Kind.HEALTH, method="GET", path="/api/health")
    there: dict[Kind, Endpoint] = {}
    for endpoint, (file, route) in _KINDS:
        if route in source("api", file, otherwise=route):
            there.setdefault(endpoint.kind, endpoint)
    return [*there.values(), health]


def _imports() -> list[str]:
    """The application, and the packages of it that this commit has: all are the service's own."""
    there = [name for name in _PACKAGES if importlib.util.find_spec(name) is not None]
    return ["main", *there]


def _open(world: ServiceWorld) -> Served:
    application = importlib.import_module("main").app
    drop_records()
    return Served(app=application, held=_sessions if _remembers() else None)


def _remembers() -> bool:
    """Whether the commit at hand keeps conversations."""
    return source("services", "conversation_store.py") != ""


def _sessions() -> int:
    """How many conversations the service holds in memory."""
    store: Any = importlib.import_module("services.conversation_store").get_conversation_store()
    return int(store.size)


def _command(start: Start) -> list[str]:
    serve = [sys.executable, "-m", "uvicorn", "main:app", "--host", "127.0.0.1"]
    return [*serve, "--port", str(start.port), "--workers", str(start.workers)]


def _variables(start: Start) -> dict[str, str]:
    return {"OPENAI_BASE_URL": start.world.model_url}


TARGET = Target(
    name="insight",
    imports=_imports(),
    capabilities=[
        Service(
            open=_open,
            modules=("main",),
            endpoints=tuple(_endpoints()),
            command=_command,
            variables=_variables,
            calls=answers.calls,
            allowed=((_NOBODY, _NO_PORT),),
            conversation=_CHAT if _remembers() else None,
        )
    ],
    environment={
        "OPENAI_API_KEY": "none",
        "OPENAI_BASE_URL": MODEL_URL,
        **{f"{name}_MODEL": _MODEL for name in _MODELS},
        **{f"{name}_MODEL_FALLBACK": _MODEL for name in ("AGENT", "CODE", "STRONG")},
        "TOOLSET_PLANNER_ENABLED": "false",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "USE_MOCK_DATA": "true",
        "SPRING_BOOT_BASE_URL": f"http://{_NOBODY}:{_NO_PORT}",
        "PG_URI": f"postgresql://none:none@{_NOBODY}:{_NO_PORT}/none",
        "CONVERSATION_STORE_TYPE": "memory",
    },
)
