"""The world of an SDK that keeps sessions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mocks.model import Model, Reply, Request
from mocks.world import World


@dataclass(eq=False, kw_only=True)
class SessionsWorld(World):
    """A world in which sessions are kept. ``folder``: one of its own, empty at first, for a
    database or files."""

    folder: Path


def world_in(folder: Path) -> SessionsWorld:
    """A world whose folder this is. Its model has nothing to say: no session asks it."""
    return SessionsWorld(model=Model(_nothing), folder=folder)


def _nothing(request: Request) -> Reply:
    raise LookupError(f"nobody asks a model about a session, but {request.role!r} does")
