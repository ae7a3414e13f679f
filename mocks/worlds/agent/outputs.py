"""The output that agents are to have, for SDKs that take a pydantic model and no dataclass."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from mocks.worlds.agent.specs import Findings, Item


def findings_model(output: type[Findings] | None) -> Any:
    """``Findings`` as a pydantic model; ``None`` if no output is wanted."""
    if output is None:
        return None
    return importlib.import_module("pydantic").create_model("Findings", items=(list[Item], ...))


def text_and_output(said: Any) -> tuple[str, Findings | None]:
    """What a run ended with, which is a text, such a model, or what pydantic dumps of one."""
    if isinstance(said, str):
        return said, None
    if isinstance(said, Mapping):
        return "", Findings([Item(**item) for item in said["items"]])
    return "", Findings(said.items)
