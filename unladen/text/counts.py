"""Numbers with what they count."""

from __future__ import annotations


def count_text(number: int, one: str, many: str = "") -> str:
    """``1 commit``, ``2,034 commits``. ``one``: the noun of one; ``many``: of several, if that is
    not with an ``s``."""
    return f"{number:,} {noun_of(number, one, many)}"


def noun_of(number: float, one: str, many: str = "") -> str:
    """The noun alone."""
    return one if number == 1 else many or f"{one}s"
