"""What an agent is to be like, in no SDK's own terms."""

from __future__ import annotations

import json
from dataclasses import dataclass

from mocks.worlds.agent.tools import ToolSpec


@dataclass
class Item:
    """One thing that was found out."""

    key: str
    price: int


@dataclass
class Findings:
    """An output of a structure of its own: what an agent is to answer with instead of a text."""

    items: list[Item]


@dataclass(frozen=True, slots=True)
class AgentSpec:
    """``name``: a word; ``instructions``: what the model is told each time; ``tools``: what it may
    call; ``output``: ``Findings`` where it is to answer with these, ``None``: with a text."""

    name: str
    instructions: str
    tools: tuple[ToolSpec, ...] = ()
    output: type[Findings] | None = None


def findings(text: str) -> Findings:
    """What a model's answer says, by the standard library alone."""
    return Findings([Item(**item) for item in json.loads(text)["items"]])
