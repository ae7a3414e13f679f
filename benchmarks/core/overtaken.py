"""Who overtook whom, in words, by places in the SDK's own files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.core.subject import package_path
from mocks.clock.schedules import Overtaking, Party, Race

MOST = 3
"""Overtakings that are told."""


def told(race: Race[Any]) -> str:
    """The late events of a race, and who came before them."""
    count = len(race.deviations)
    late = "one late event is enough" if count == 1 else f"{count} late events are enough"
    lines = [f"seed {race.seed}; {late}"]
    sentences = list(dict.fromkeys(map(_sentence, race.overtakings)))
    lines += sentences[:MOST]
    if len(sentences) > MOST:
        lines.append(f"and {len(sentences) - MOST} more")
    return "\n".join(lines)


def _sentence(one: Overtaking) -> str:
    first, late = _party(one.first), _party(one.late)
    return f"at {one.at:.9g} s {first} came before {late}"


def _party(party: Party) -> str:
    places = party.waiting.places if party.waiting else ()
    return f"{party.name} at {_own(places) or party.where}" if party.name else party.where


def _own(places: Sequence[tuple[str, str]]) -> str:
    """The innermost place in the SDK's own files; "" if none is."""
    for file, place in reversed(places):
        if name := package_path(file):
            line_and_function = place.partition(":")[2]
            return f"{name}:{line_and_function}"
    return ""
