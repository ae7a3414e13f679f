"""What sessions are about: a title and notes, both with the mark of their story."""

from __future__ import annotations

import re
from dataclasses import dataclass

MARK = re.compile(r"#s\d{5}")
"""A story's mark, wherever it stands in a text."""

_SEEN = ("a lantern", "an old map", "the ferryman", "a locked gate", "smoke", "two swallows")
NOTE_CHARACTERS = 100
"""Of a note, about: a sentence or two."""


@dataclass(frozen=True, slots=True)
class Story:
    """``mark`` stands in its title and its notes and in no other story's, so that what turns up in
    the wrong session is recognised."""

    mark: str

    @property
    def title(self) -> str:
        """What its session is called."""
        return f"{self.mark} A journey to the coast"

    def notes(self, count: int, *, first: int = 1) -> tuple[str, ...]:
        """So many notes from number ``first`` on, none like another."""
        return tuple(self._note(number) for number in range(first, first + count))

    def _note(self, number: int) -> str:
        seen = _SEEN[number % len(_SEEN)]
        said = f"{self.mark} note {number}: on the road we saw {seen}, and asked what it was for. "
        return said.ljust(NOTE_CHARACTERS, ".")


def story(number: int) -> Story:
    """Story ``number`` (1 to 99,999)."""
    return Story(f"#s{number:05}")


def foreign_marks(text: str, own: str) -> list[str]:
    """Marks of other stories than ``own`` in a text."""
    return [mark for mark in MARK.findall(text) if mark != own]
