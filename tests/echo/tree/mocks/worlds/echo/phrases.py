"""What is to be said again."""

from __future__ import annotations

import re
from dataclasses import dataclass

MARK = re.compile(r"#e\d{5}")
"""A phrase's mark, wherever it stands in a text."""

_WORDS = ("airspeed", "coconut", "migrate", "swallow", "unladen", "velocity")


@dataclass(frozen=True, slots=True)
class Phrase:
    """``mark`` stands in ``text`` and in no other phrase's, so that a text which turns up in the
    wrong echo is recognised."""

    mark: str
    text: str


def phrase(number: int, words: int) -> Phrase:
    """Phrase ``number`` (1 to 99,999), of so many words besides its mark."""
    mark = f"#e{number:05}"
    said = (_WORDS[(number + place) % len(_WORDS)] for place in range(words))
    return Phrase(mark, " ".join([mark, *said]))


def mark_in(prompt: str) -> str:
    """The mark of the phrase that a prompt is about, empty if there is none."""
    found = MARK.search(prompt)
    return found.group() if found else ""
