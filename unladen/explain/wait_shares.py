"""To which of the changed functions above it each share of a difference of waits belongs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from unladen.explain.code import Key
from unladen.explain.matching import Matching
from unladen.explain.sums import DIGITS, net
from unladen.explain.wait_places import CauseEdge, PlacedWait, WaitPlace, WaitPlaces


@dataclass(frozen=True)
class WaitPart:
    """What one place contributes. ``line``: of ``place.via`` in the cause; ``times``: waits before
    and after, ``change``: seconds."""

    place: WaitPlace
    line: int
    times: tuple[int, int]
    change: float


_Places = tuple[tuple[WaitPlace, int], ...]


@dataclass
class _Sum:
    """The waits of one place that are reached in one way, before and after."""

    seconds: list[float] = field(default_factory=lambda: [0.0, 0.0])
    times: list[int] = field(default_factory=lambda: [0, 0])
    line: int = 0
    above: _Places = ()

    def add(self, side: int, wait: PlacedWait) -> None:
        self.seconds[side] += wait.seconds
        self.times[side] += 1
        self.line = wait.line
        self.above = wait.above


@dataclass
class _Share:
    """What one place contributes, until what moved is taken off."""

    place: WaitPlace
    line: int
    times: tuple[int, int]
    change: float


def shared_parts(sides: tuple[WaitPlaces, WaitPlaces], matching: Matching) -> list[WaitPart]:
    """The difference, by cause and place."""
    found: defaultdict[tuple[WaitPlace, tuple[Key, ...]], _Sum] = defaultdict(_Sum)
    for side, places in enumerate(sides):
        for wait in places.waits:
            found[wait.place, tuple(wait.causes[1:])].add(side, wait)
    reach = _Reach(sides, matching)
    own: list[_Share] = []
    passed: defaultdict[Key, list[_Share]] = defaultdict(list)
    for (place, _), both in found.items():
        times = both.times[0], both.times[1]
        kept, *given = reach.shares(place, both)
        own.append(_Share(place, both.line, times, kept))
        for (above, line), amount in zip(both.above, given, strict=False):
            if amount and place.cause is not None:
                passed[place.cause].append(_Share(above, line, times, amount))
    for shares in passed.values():
        net(shares)
    every = [*own, *(one for shares in passed.values() for one in shares)]
    return [WaitPart(one.place, one.line, one.times, round(one.change, DIGITS)) for one in every]


class _Reach:
    """How often changed functions are reached on the paths, before and after: as often as something
    below them waits, and no more often than they are called."""

    def __init__(self, sides: tuple[WaitPlaces, WaitPlaces], matching: Matching) -> None:
        self._matching = matching
        self._entered = [places.entered() for places in sides]
        self._waits = [_waits_below(places) for places in sides]
        self._waiting: list[set[tuple[str, Key | None]]] = [
            {(wait.place.where, key) for wait in places.waits for key in wait.causes}
            for places in sides
        ]

    def shares(self, place: WaitPlace, both: _Sum) -> list[float]:
        """Of a place what its cause keeps of the change, and what the functions above it get, the
        nearest first: each passes on what is due to being reached more often itself."""
        change = both.seconds[1] - both.seconds[0]
        keys = [one.cause for one, _ in both.above if one.cause is not None]
        if place.cause is None or not keys:
            return [change]
        left = self._by_reach(place, both, keys[0])
        found = [change - left]
        chain: list[Key | None] = [*keys, None]
        for below, (key, above) in zip(
            [place.cause, *keys], zip(keys, chain[1:], strict=True), strict=False
        ):
            further = left * self._share_of_above(key, above, self._times(below, key))
            found.append(left - further)
            left = further
        return found

    def _by_reach(self, place: WaitPlace, both: _Sum, above: Key) -> float:
        """The share of a change that is due to the cause being reached more often from above; all
        of it, where it was not reached from there, or is not any more, unless it is the cause that
        waits otherwise."""
        cause = place.cause
        if cause is None or cause in self._matching.is_new | self._matching.is_gone:
            return 0.0
        before, after = self._times(cause, above)
        if before and after:
            return both.seconds[0] * (after - before) / before
        is_called = all(entered[cause, above] for entered in self._entered)
        is_elsewhere = all((place.where, above) in waiting for waiting in self._waiting)
        return 0.0 if is_called and not is_elsewhere else both.seconds[1] - both.seconds[0]

    def _share_of_above(self, key: Key, above: Key | None, reached: tuple[int, int]) -> float:
        """Which share of what ``key`` does more often is due to being reached more often itself."""
        if above is None or key in self._matching.is_new | self._matching.is_gone:
            return 0.0
        before, after = self._times(key, above)
        if not before or not after or reached[0] == reached[1]:
            return 0.0
        expected = reached[0] * after / before
        return min(max((expected - reached[0]) / (reached[1] - reached[0]), 0.0), 1.0)

    def _times(self, key: Key, above: Key | None) -> tuple[int, int]:
        before, after = (
            min(waits[key, above], entered[key, above] or waits[key, above])
            for waits, entered in zip(self._waits, self._entered, strict=True)
        )
        return before, after


def _waits_below(places: WaitPlaces) -> Mapping[CauseEdge, int]:
    found: Counter[CauseEdge] = Counter()
    for wait in places.waits:
        chain: list[Key | None] = [*wait.causes, None]
        found.update(zip(wait.causes, chain[1:], strict=True))
    return found
