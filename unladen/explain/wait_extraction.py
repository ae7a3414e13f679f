"""Waits that a function did itself and that a new one does for it, or the other way round."""

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
    that one was extracted from it (or put back into it): the wait is the same.
    """
    stand_ins = _stand_ins(others, only_there)
    still = {(one.place.cause, one.place.text) for one in others if _waits_itself(one)}
    found = []
    used: set[Key] = set()
    for one in waits:
        cause, text = one.place.cause, one.place.text
        stand_in = stand_ins.get(cause) if cause is not None and _waits_itself(one) else None
        if stand_in is None or (cause, text) in still:
            found.append(one)
            continue
        there, depth = stand_in
        found.append(_as_there(one, there, depth))
        used.update(there.causes[:depth])
    return found, used


def _stand_ins(
    waits: Sequence[PlacedWait], only_there: Collection[Key]
) -> dict[Key, tuple[PlacedWait, int]]:
    """By the function that they wait for, the first wait of such functions, and how many of the
    innermost on its chain are such."""
    found: dict[Key, tuple[PlacedWait, int]] = {}
    for one in waits:
        chain = one.causes
        depth = next((n for n, key in enumerate(chain) if key not in only_there), 0)
        if depth and _waits_itself(one):
            found.setdefault(chain[depth], (one, depth))
    return found


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
