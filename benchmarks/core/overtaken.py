"""Who overtook whom, in words, by places in the SDK's own files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.core.subject import package_path
from mocks.clock.schedules import Overtaking, Party, Race

MOST = 3
"""Sentences that are told, and names in each."""


def told(race: Race[Any]) -> str:
    """By which seed a race comes, how few late events are enough for it, and who overtook them.
    Of a race in other processes, which nobody saw, the seed only."""
    count = len(race.deviations)
    if not count:
        return f"seed {race.seed}"
    late = "one late event is enough" if count == 1 else f"{count} late events are enough"
    lines = list(_sentences(race.overtakings))
    if len(lines) > MOST:
        lines[MOST:] = [f"and {len(lines) - MOST} more"]
    return "\n".join([f"seed {race.seed}; {late}", *lines])


def _sentences(overtakings: Sequence[Overtaking]) -> Iterable[str]:
    """One for all that overtook the same event from the same place."""
    names: dict[tuple[float, str, str], dict[str, None]] = {}
    for one in overtakings:
        place, late = _place(one.first), _place(one.late)
        is_there_too = place == late and bool(one.late.name)
        key = (
            one.at,
            place,
            f"{one.late.name} there" if is_there_too else _at(one.late.name, late),
        )
        names.setdefault(key, {})[one.first.name] = None
    for (at, place, late), firsts in names.items():
        who = [name for name in firsts if name]
        if len(who) > MOST:
            who[MOST:] = [f"{len(who) - MOST} more"]
        yield f"at {at:.9g} s {_at(_listed(who), place)} came before {late}"


def _at(name: str, place: str) -> str:
    return f"{name} at {place}" if name else place


def _listed(names: Sequence[str]) -> str:
    *others, last = names or [""]
    return f"{', '.join(others)} and {last}" if others else last


def _place(party: Party) -> str:
    """The innermost place in the SDK's own files, and the file's place that it is called from."""
    places = party.waiting.places if party.waiting else ()
    own = [
        (name, f"{name}:{place.partition(':')[2]}")
        for file, place in places
        if (name := package_path(file))
    ]
    if not own:
        return party.where
    innermost, where = own[-1]
    caller = next((place for name, place in reversed(own) if name != innermost), "")
    return f"{where}, from {caller}" if caller else where
