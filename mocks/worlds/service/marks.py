"""Marks: what tells whose request a text belongs to.

``mark-bako-dufi`` is a user and one of the user's requests. It has letters only: services mask what
looks like a key or a telephone number.
"""

from __future__ import annotations

import re

_SYLLABLES = [consonant + vowel for consonant in "bdfgjklmnprstvz" for vowel in "aeiou"]

MARK = re.compile(r"mark-([a-z]{4,})-([a-z]{4,})")
"""A mark in a text; its groups are the words of its user and of its request. In JSON an escaped
line break may stand before it, so no boundary is asked for."""


def word(number: int) -> str:
    """The word of a number, 0 or more: two syllables, or more above 5,624."""
    syllables: list[str] = []
    while number or len(syllables) < 2:
        number, rest = divmod(number, len(_SYLLABLES))
        syllables.append(_SYLLABLES[rest])
    return "".join(reversed(syllables))


def mark(user: int, request: int) -> str:
    """The mark of one request of a user."""
    return f"mark-{word(user)}-{word(request)}"


def marks_in(text: str) -> list[str]:
    """All marks in a text, in their order."""
    return [found.group() for found in MARK.finditer(text)]


def user_of(one: str) -> str:
    """The word of the user whose mark it is; empty if it is none."""
    found = MARK.fullmatch(one)
    return found[1] if found else ""
