"""The world of an SDK that is a service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mocks.world import World
from mocks.worlds.service.users import User

MODEL_PORT = 9100
MODEL_URL = f"http://127.0.0.1:{MODEL_PORT}/v1"
"""Where the model is on the virtual network: the same in every process, so that a driver can set it
in the environment that a service reads when it is imported."""

SERVICE_HOST = "127.0.0.1"
SERVICE_PORT = 9000
"""Where the service is on the virtual network."""


@dataclass(eq=False, kw_only=True)
class ServiceWorld(World):
    """A world in which a service runs. ``users``: who will use it; ``model_url``: the base of the
    OpenAI-compatible model; ``folder``: one of its own, empty at first, for databases and the like;
    ``database_url``: of a database server made for it, empty where there is none."""

    users: Sequence[User]
    model_url: str
    folder: Path
    database_url: str = ""
