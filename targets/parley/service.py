"""Parley's service for the benchmarks, and for loads in a process of its own."""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mocks.worlds.service.endpoints import Ask, Endpoint, Kind
from mocks.worlds.service.world import ServiceWorld
from targets.parley.serve import KEY, MODEL
from targets.protocol import Lacking
from targets.protocols.service import Served, Service, Start
from targets.sources import source

_MODULE = "parley.web"
_TOO_LONG = 30_000
"""Characters of a prompt that parley does not read."""


def _text(body: bytes) -> str:
    return _said(body.decode())


def _said(data: str) -> str:
    """The text of a reply, or of an event, which has none when it says that the stream is over."""
    try:
        content: Mapping[str, Any] = json.loads(data)
        return str(content.get("text", ""))
    except (AttributeError, ValueError) as error:
        raise ValueError(f"no reply of parley's: {data[:80]!r}") from error


def _body(ask: Ask) -> Mapping[str, str]:
    conversation = f"{ask.user.name}-{ask.conversation}"
    return {"user": ask.user.name, "text": ask.text, "conversation": conversation}


def _long_body(ask: Ask) -> Mapping[str, str]:
    return {**_body(ask), "text": ask.text.ljust(_TOO_LONG, ".")}


_CHAT = Endpoint(kind=Kind.CHAT, path="/chat", body=_body, text=_text)

ENDPOINTS = (
    _CHAT,
    Endpoint(kind=Kind.STREAM, path="/chat/stream", body=_body, token=_said),
    Endpoint(kind=Kind.BLOCKED, path="/chat", body=_long_body, status=413),
    Endpoint(kind=Kind.HEALTH, path="/health", method="GET"),
)


def _web() -> Any:
    try:
        return importlib.import_module(_MODULE)
    except ModuleNotFoundError as error:
        if error.name not in (_MODULE, "parley"):
            raise
        raise Lacking("parley has no service at this commit") from error


def _prepare(world: ServiceWorld) -> None:
    """Nothing is to be prepared: this says once for all figures where there is no service."""
    _web()


def _open(world: ServiceWorld) -> Served:
    app = _web().Web(world.model_url, KEY, MODEL)
    kept = getattr(app, "conversations", None)
    return Served(app=app, held=None if kept is None else lambda: len(kept))


def _command(start: Start) -> Sequence[str]:
    program = str(Path(__file__).with_name("serve.py"))
    return [sys.executable, program, start.world.model_url, str(start.port), str(start.workers)]


def _variables(start: Start) -> Mapping[str, str]:
    root = Path(_web().__file__).parents[1]
    return {"PYTHONPATH": str(root), "PATH": os.environ.get("PATH", "")}


SERVICE = Service(
    open=_open,
    endpoints=ENDPOINTS,
    prepare=_prepare,
    command=_command,
    variables=_variables,
    modules=(_MODULE,),
    conversation=_CHAT if "conversations" in source("parley", "web.py") else None,
)
