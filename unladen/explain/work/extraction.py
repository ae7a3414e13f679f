"""New functions that do what another function did itself, as after a method was extracted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from unladen.explain.code import Key, function_name
from unladen.explain.matching import Matching
from unladen.explain.work.tally import CauseTally


@dataclass(frozen=True)
class Extracted:
    """``origin``: which function did it; ``times``: how often, in calls of the new one: as often as
    what both lead into was called from it."""

    origin: Key
    times: Fraction

    def growth(self, entered: int) -> Fraction:
        """Which share of what the new one costs is due to being called more often than its origin
        did it itself; below 0 for less often."""
        return 1 - self.times / entered


def extracted(
    tallies: tuple[CauseTally, CauseTally], matching: Matching
) -> Mapping[Key, Extracted]:
    """By the new functions that have one origin: the only changed function that they are reached
    from, which ran before, too, and led into something that it leads into no more, and they do."""
    before, after = tallies
    old, new = _calls(before), _calls(after)
    origins: defaultdict[Key, set[Key | None]] = defaultdict(set)
    for key, via in after.entries:
        origins[key].add(via)
    found = {}
    for key in origins.keys() & matching.is_new:
        (origin, *others) = origins[key]
        entered = after.entered(key)
        if others or origin is None or not entered or not before.entered(origin):
            continue
        passed = [into for into in new[key] if old[origin][into] and not new[origin][into]]
        if passed:
            into = max(passed, key=lambda one: (new[key][one], one))
            times = Fraction(old[origin][into] * entered, new[key][into])
            found[key] = Extracted(origin, times)
    return found


def _calls(tally: CauseTally) -> Mapping[Key, Counter[str]]:
    """How often each changed function leads into others, by what these are called."""
    found: defaultdict[Key, Counter[str]] = defaultdict(Counter)
    for (key, via), times in tally.entries.items():
        if via is not None:
            found[via][function_name(key)] += times
    for (key, _), places in tally.amounts.items():
        for place, amount in places.items():
            if place.into:
                found[key][place.into] += amount.calls
    return found
