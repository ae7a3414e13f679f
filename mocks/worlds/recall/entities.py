"""What is to be remembered: one sentence each, which can also be said in other words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mocks.worlds.recall.words import CONCEPTS, words_of

MARK = re.compile(r"#m(\d+)e(\d+)\b")
"""An entity's mark in a text; its groups are the session and the number."""

_WORDS = 6
_SPREAD = 2654435761


@dataclass(frozen=True, slots=True)
class Entity:
    """Entity ``number`` (1, 2, ...) of session ``session`` (1, 2, ...).

    No other one has its ``mark``. Entities of one number are alike in all sessions but for the
    mark, so that a search which forgets the session finds those of others too.
    """

    session: int
    number: int

    @property
    def mark(self) -> str:
        """What it is recognised by."""
        return f"#m{self.session}e{self.number}"

    @property
    def text(self) -> str:
        """The sentence that is stored."""
        return f"{self.mark} says that {' '.join(self._said(0))}."

    @property
    def phrase(self) -> str:
        """Four words that follow each other in the text, and in no text of another number."""
        return " ".join(["that", *self._said(0)[:3]])

    @property
    def paraphrase(self) -> str:
        """The text in other words: it means the same and shares no word with it."""
        return " ".join(reversed(self._said(1)))

    def _said(self, way: int) -> list[str]:
        return [words_of(concept)[way] for concept in self._concepts()]

    def _concepts(self) -> list[int]:
        size = len(CONCEPTS)
        first, rest = self.number % size, self.number // size
        mixed = self.number * _SPREAD % 2**32
        more = [mixed // size**place % size for place in range(_WORDS - 3)]
        return [(first * 7 + rest) % size, first, (rest * 5 + 3) % size, *more]


def entities(session: int, first: int, count: int) -> list[Entity]:
    """So many entities of a session, from number ``first`` on."""
    return [Entity(session, number) for number in range(first, first + count)]


def sessions_in(text: str) -> set[int]:
    """The sessions whose marks stand in a text."""
    return {int(found[1]) for found in MARK.finditer(text)}
