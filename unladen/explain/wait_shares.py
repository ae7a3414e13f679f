"""To which of the changed functions above it each share of a difference of waits belongs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from math import ceil

from unladen.explain.code import Key
from unladen.explain.matching import Matching
from unladen.explain.sums import DIGITS, net
from unladen.explain.wait_places import Chain, PlacedWait, WaitPlace, WaitPlaces


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


def shared_parts(
    sides: tuple[WaitPlaces, WaitPlaces],
    matching: Matching,
    extracted: Collection[Key] = (),
) -> list[WaitPart]:
    """The difference, by cause and place. ``extracted``: functions of one side only whose waits the
    other side is known to have, too."""
    found: defaultdict[tuple[WaitPlace, Chain], _Sum] = defaultdict(_Sum)
    for side, places in enumerate(sides):
        for wait in places.waits:
            found[wait.place, wait.causes].add(side, wait)
    reach = _Reach(sides, matching.is_new | matching.is_gone, extracted)
    own: list[_Share] = []
    passed: defaultdict[Key, list[_Share]] = defaultdict(list)
    for (place, chain), both in found.items():
        times = both.times[0], both.times[1]
        kept, *given = reach.shares(place.where, chain, both)
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
    below them waits, by how often each call of theirs calls that; and no more often than they are
    called."""

    def __init__(
        self,
        sides: tuple[WaitPlaces, WaitPlaces],
        of_one_side: Collection[Key],
        extracted: Collection[Key],
    ) -> None:
        self._of_one_side = set(of_one_side).difference(extracted)
        self._extracted = extracted
        self._entered = [places.entered() for places in sides]
        self._ran = [{chain[0] for chain in entered} for entered in self._entered]
        self._waits = [_waits_below(places) for places in sides]
        self._reached = [
            _reached(places, entered) for places, entered in zip(sides, self._entered, strict=True)
        ]
        self._waiting: list[set[tuple[str, Key]]] = [
            {(wait.place.where, key) for wait in places.waits for key in wait.causes}
            for places in sides
        ]

    def shares(self, where: str, chain: Chain, both: _Sum) -> list[float]:
        """Of what waits ``where`` what its cause keeps of the change, and what the functions above
        it get: each passes on what is due to being reached more often itself."""
        change = both.seconds[1] - both.seconds[0]
        if len(chain) < 2:
            return [change]
        left = self._by_reach(where, chain, both)
        found = [change - left]
        for number in range(1, len(chain)):
            reached = self._times(chain[number - 1 :])
            further = left * self._share_of_above(chain[number:], reached)
            found.append(left - further)
            left = further
        return found

    def _by_reach(self, where: str, chain: Chain, both: _Sum) -> float:
        """The share of a change that is due to the cause being reached more often from above; all
        of it, where it was not reached in this way, or is not any more, unless it is the cause that
        waits otherwise."""
        cause, above, *_ = chain
        if cause in self._of_one_side:
            return 0.0
        before, after = self._times(chain)
        if before and after:
            return both.seconds[0] * (after - before) / before
        is_called = all(entered[chain] for entered in self._entered)
        is_elsewhere = all((where, above) in waiting for waiting in self._waiting)
        return 0.0 if is_called and not is_elsewhere else both.seconds[1] - both.seconds[0]

    def _share_of_above(self, chain: Chain, reached: tuple[int, int]) -> float:
        """Which share of what the first of a chain does more often is due to being reached more
        often itself."""
        if len(chain) < 2 or chain[0] in self._of_one_side:
            return 0.0
        before, after = self._times(chain)
        if reached[0] == reached[1]:
            return 0.0
        if not before or not after:  # it is reached in another way, or it never ran
            return 1.0 if all(chain[0] in ran for ran in self._ran) else 0.0
        expected = reached[0] * after / before
        return min(max((expected - reached[0]) / (reached[1] - reached[0]), 0.0), 1.0)

    def _times(self, chain: Chain) -> tuple[int, int]:
        before, after = (
            min(reached[chain], entered[chain] or reached[chain])
            for reached, entered in zip(self._reached, self._entered, strict=True)
        )
        if chain[0] in self._extracted:
            if not self._entered[0][chain]:
                before = self._as_often_as(after, 0, chain)
            elif not self._entered[1][chain]:
                after = self._as_often_as(before, 1, chain)
        return before, after

    def _as_often_as(self, times: int, side: int, chain: Chain) -> int:
        """How often was done what a function of the other side does, which calls it so often: as
        often, if whoever did it itself may have done that."""
        most = self._waits[side][chain]
        above = chain[1:]
        least = min(most, self._reached[side][above] or most, self._entered[side][above] or most)
        return min(max(times, least), most)


def _waits_below(places: WaitPlaces) -> Mapping[Chain, int]:
    found: Counter[Chain] = Counter()
    for wait in places.waits:
        found.update(wait.causes[number:] for number in range(len(wait.causes)))
    return found


def _reached(places: WaitPlaces, entered: Mapping[Chain, int]) -> Mapping[Chain, int]:
    """How many calls of changed functions it takes to wait so often: of a call that calls what
    waits five times, one for five waits."""
    called = places.called()
    waits = Counter(
        (wait.place.where, wait.causes[number:])
        for wait in places.waits
        for number in range(len(wait.causes))
    )
    found: defaultdict[Chain, float] = defaultdict(float)
    for (where, chain), times in waits.items():
        of_each = called[where, chain] / entered[chain] if entered[chain] else 1.0
        found[chain] += times / max(of_each, 1.0)
    return Counter({chain: ceil(round(times, 6)) for chain, times in found.items()})
