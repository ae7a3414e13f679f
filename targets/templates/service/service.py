"""Service: an application connected to Unladen's mock world.

What is driven is ``service_example``; put your SDK's application in its place. Use its public API
only, import it inside functions, raise ``Unavailable("why")`` for what a commit of its history
lacks. What it reads from its environment when it is imported belongs into ``TARGET``, in
``__init__.py``: ``environment={"OPENAI_BASE_URL": mocks.worlds.service.world.MODEL_URL}``.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mocks.worlds.service.endpoints import Endpoint, Kind, openai_body
from mocks.worlds.service.world import ServiceWorld
from targets.protocol import Unavailable
from targets.protocols.service import Served, Service, Start

# How each kind of thing is asked; leave out what your service does not have.
ENDPOINTS = (
    Endpoint(kind=Kind.CHAT, path="/chat", body=openai_body),
    Endpoint(kind=Kind.STREAM, path="/stream", body=openai_body),
    Endpoint(kind=Kind.BLOCKED, path="/chat", body=openai_body, status=403),
    Endpoint(kind=Kind.HEALTH, path="/health", method="GET"),
)


def sdk() -> Any:
    """Your SDK: ``import`` it here and return it."""
    from . import service_example

    return service_example


def open_service(world: ServiceWorld) -> Served:
    """The application, which asks the model of the world."""
    if importlib.util.find_spec("uvicorn") is None:
        raise Unavailable("a service is served by uvicorn, which requirements.txt does not have")
    return Served(app=sdk().Application(world.model_url))


def command(start: Start) -> Sequence[str]:
    """The same as a real process, for ``unladen load``."""
    file = Path(sdk().__file__)
    served = ["--app-dir", str(file.parent), "--factory", f"{file.stem}:application"]
    options = ["--port", str(start.port), "--workers", str(start.workers)]
    return [sys.executable, "-m", "uvicorn", *served, *options]


def variables(start: Start) -> Mapping[str, str]:
    """What the process reads from its environment."""
    return {"OPENAI_BASE_URL": start.world.model_url}


CAPABILITY = Service(open=open_service, endpoints=ENDPOINTS, command=command, variables=variables)
