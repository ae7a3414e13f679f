"""By what a change that is told in one line is found: the words that the filter of changes asks for
(``static/change_filter.js``), as the portal has them, which has no other data."""

from __future__ import annotations

import math

from unladen.changes.model import IS_NONE, SETTLED, ChangeKind, Direction, State
from unladen.changes.words import MARKS
from unladen.site.headlines import ChangeHeadline
from unladen.site.sizes import steps_of

_BROKE = {MARKS[ChangeKind.BROKE], MARKS[ChangeKind.WRONG]}
_WORKS = {MARKS[ChangeKind.WORKS], MARKS[ChangeKind.RIGHT]}
_NEW = {MARKS[ChangeKind.APPEARS], MARKS[ChangeKind.DISAPPEARS]}


def filter_words(headline: ChangeHeadline) -> dict[str, str]:
    """``series``: by what it is called, in small letters; ``kind``, ``state``: what the fields of
    these names ask for, with blanks between; ``size``: the step of its size."""
    state = State(headline.state)
    size = math.inf if headline.magnitude is None else headline.magnitude
    return {
        "series": f"{headline.series} {headline.name} {headline.group}".lower(),
        "kind": " ".join(_kinds(headline, state)),
        "state": " ".join(_states(headline, state)),
        "size": str(steps_of(size)),
    }


def _kinds(headline: ChangeHeadline, state: State) -> list[str]:
    counts = state in SETTLED
    is_worse = counts and headline.verdict == Direction.REGRESSION.value
    found = {
        "regression": is_worse,
        "standing": is_worse and bool(headline.there),
        "improvement": counts and headline.verdict == Direction.IMPROVEMENT.value,
        "broke": counts and headline.mark in _BROKE,
        "works": counts and headline.mark in _WORKS,
        "new": headline.mark in _NEW,
        "suspected": state is State.SUSPECTED,
    }
    return [name for name, is_it in found.items() if is_it]


def _states(headline: ChangeHeadline, state: State) -> list[str]:
    is_one = state not in IS_NONE
    found = {
        "fact": state in SETTLED,
        "confirmed": state is State.CONFIRMED,
        "suspected": state is State.SUSPECTED,
        "none": not is_one,
        "there": is_one and bool(headline.there),
        "undone": is_one and not headline.there,
    }
    return [name for name, is_it in found.items() if is_it]
