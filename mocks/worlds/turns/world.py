"""The world of a runtime that takes turns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mocks.world import World

MODEL_HOST = "127.0.0.1"
MODEL_PORT = 9100
MODEL_URL = f"http://{MODEL_HOST}:{MODEL_PORT}/v1"
"""Where the model is on the virtual network, for a runtime that speaks to it by HTTP."""


@dataclass(eq=False, kw_only=True)
class TurnsWorld(World):
    """A world in which turns are taken. ``folder``: one of its own, empty at first, for a database
    or files; ``allowed``: how many turns may be worked on at the same time, for a runtime that is
    told; ``model_url``: the base of the OpenAI-compatible model, which is ``model`` too."""

    folder: Path
    allowed: int = 20
    model_url: str = MODEL_URL
