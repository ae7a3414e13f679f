"""Waits that a function did itself and that a new one does for it, or the other way round; and
those below a function that are now below a new one that it calls."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from unladen.explain.code import Key, function_name
from unladen.explain.wait_places import PlacedWait


def with_extracted(
    waits: Sequence[PlacedWait], others: Sequence[PlacedWait], only_there: Collection[Key]
) -> tuple[Sequence[PlacedWait], set[Key]]:
    """The waits of one side as if the functions that are ``only_there``, at the other side, had
    done them here too; and these functions.

    Where a function waits itself here, and not at that line there, where one of these waits for it,
    that one was extracted from it (or put back into it): the wait is the same. So is that of an
    unchanged function below it, if such a one stands between them there.
    """
    stand_ins = _stand_ins(others, only_there)
    still = {_name(one) for one in others}
    found = []
    used: set[Key] = set()
    for one in waits:
        stand_in = stand_ins.get(_below(one.place.cause, one))
        if stand_in is None or _name(one) in still:
            found.append(one)
            continue
        there, depth = stand_in
        found.append(_as_there(one, there, depth))
        used.update(there.causes[:depth])
    return found, used


_Below = tuple[Key | None, str, str]
"""A changed function, and which unchanged one waits below it, where; "" if it waits itself."""


def _stand_ins(
    waits: Sequence[PlacedWait], only_there: Collection[Key]
) -> dict[_Below, tuple[PlacedWait, int]]:
    """By what they wait for, the first wait of such functions, and how many of the innermost on its
    chain are such."""
    found: dict[_Below, tuple[PlacedWait, int]] = {}
    for one in waits:
        chain = one.causes
        depth = next((n for n, key in enumerate(chain) if key not in only_there), 0)
        if depth:
            found.setdefault(_below(chain[depth], one), (one, depth))
    return found


def _below(cause: Key | None, wait: PlacedWait) -> _Below:
    own = _waits_itself(wait)
    return cause, "" if own else wait.place.where, "" if own else wait.place.text


def _name(wait: PlacedWait) -> tuple[Key | None, str, str]:
    """Which function waits where, for which changed one."""
    return wait.place.cause, wait.place.where, wait.place.text


def _waits_itself(wait: PlacedWait) -> bool:
    """Whether the changed function is the one that waits, and none that it calls."""
    cause = wait.place.cause
    return cause is not None and wait.place.where == function_name(cause)


def _as_there(wait: PlacedWait, there: PlacedWait, depth: int) -> PlacedWait:
    """A wait with the innermost of another's functions below its own."""
    own = [
        (replace(place, where=there.place.where, text=there.place.text), line)
        for place, line in ((wait.place, wait.line), *wait.above)
    ]
    chain = [*[(there.place, there.line), *there.above][:depth], *own]
    place, line = chain[0]
    return replace(wait, place=place, line=line, above=tuple(chain[1:]))
