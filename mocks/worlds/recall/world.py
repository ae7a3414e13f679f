"""The world of an SDK that remembers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mocks.model import Model, Reply, Request
from mocks.world import World
from mocks.worlds.recall.words import embed


def no_model() -> Model:
    """A model that nobody may ask: to remember takes none."""

    def refuse(request: Request) -> Reply:
        raise LookupError(f"to remember takes no model, which is asked as {request.role!r}")

    return Model(refuse)


@dataclass(eq=False, kw_only=True)
class RecallWorld(World):
    """A world with a ``folder``, in which whatever is stored must lie, and ``embed``, which gives
    the vector of a text, for an SDK that takes such a function."""

    folder: Path
    embed: Callable[[str], list[float]] = embed
