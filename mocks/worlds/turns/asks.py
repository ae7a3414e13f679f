"""What users ask in their turns."""

from __future__ import annotations

import re
from dataclasses import dataclass

MARK = re.compile(r"#t\d{4}\.\d{3}")
"""A turn's mark, wherever it stands in a text."""

_ASKED = ("the old map", "the ferryman", "the locked gate", "the lantern", "the two swallows")


@dataclass(frozen=True, slots=True)
class Ask:
    """What a user says in one turn. ``user``: 1 to 9999; ``turn``: which one of that user's, 1 to
    999."""

    user: int
    turn: int

    @property
    def mark(self) -> str:
        """It stands in ``text``, in the model's answer to it, and nowhere else."""
        return f"#t{self.user:04}.{self.turn:03}"

    @property
    def text(self) -> str:
        """What is said."""
        about = _ASKED[(self.user + self.turn) % len(_ASKED)]
        return f"{self.mark} We walk on, and I ask my companion about {about}."


def mark_in(text: str) -> str:
    """The last mark in a text, for a prompt may repeat earlier turns; empty if there is none."""
    found = MARK.findall(text)
    return found[-1] if found else ""


def foreign_marks(text: str, user: int) -> list[str]:
    """Marks of other users' turns in a text."""
    own = f"#t{user:04}."
    return [mark for mark in MARK.findall(text) if not mark.startswith(own)]
