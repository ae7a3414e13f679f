"""The world of an SDK that reads rules."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mocks.model import Model, Reply, Request
from mocks.world import World


def no_model() -> Model:
    """A model that nobody may ask: to read rules takes none."""

    def refuse(request: Request) -> Reply:
        raise LookupError(f"to read rules takes no model, which is asked as {request.role!r}")

    return Model(refuse)


@dataclass(eq=False, kw_only=True)
class RulesWorld(World):
    """A world with a ``folder`` in which the rule files lie."""

    folder: Path
