"""What agents are asked to do, and the keys by which all that belongs to one errand is known."""

from __future__ import annotations

import re
from dataclasses import dataclass

KEY = re.compile(r"(#a\d{5})\.(\d{3})")
"""A key wherever it stands in a text: the mark of its errand, and its number."""

_ABOUT = ("the ferry", "the old map", "two lanterns", "a locked gate", "the road to the coast")


@dataclass(frozen=True, slots=True)
class Errand:
    """What a user asks an agent for. ``number``: 1 to 99,999."""

    number: int

    @property
    def mark(self) -> str:
        """It begins all of its keys, and no other errand's."""
        return f"#a{self.number:05}"

    @property
    def text(self) -> str:
        """What is asked."""
        return f"{self.key(0)} Find out about {_ABOUT[self.number % len(_ABOUT)]}, and tell me."

    def key(self, number: int) -> str:
        """Key 0 is the errand's own, the others are those of its tool calls, in their order."""
        return f"{self.mark}.{number:03}"


def foreign_keys(text: str, mark: str) -> list[str]:
    """Keys of other errands in a text."""
    return [f"{found}.{number}" for found, number in KEY.findall(text) if found != mark]
