"""Waits that are on a critical path because others waited for a lock meanwhile.

Where somebody waits for a lock, the path goes on through who holds it, so that each hold adds its
waits to the path. If more holds of a lock are on one of the two paths, the waits of these belong to
who asks for it, if the commit changed that function, or else to who makes the lock, such as a
semaphore with a new limit; and not to who waits meanwhile.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from unladen.explain.code import Key, LineText
from unladen.explain.contexts import ASYNCIO, HeldLock, Side
from unladen.explain.matching import Matching
from unladen.explain.sums import DIGITS
from unladen.explain.wait_places import WaitPlace, WaitPlaces
from unladen.explain.wait_shares import WaitPart

HELD, MADE = "holds", "makes"
"""What a function does with a lock while something waits."""

_ASKS = ("Lock.acquire", "Semaphore.acquire")


@dataclass(frozen=True)
class _Hold:
    """A hold of a lock on a path: who asked for it and who made the lock, None if it is not known,
    and where."""

    held: HeldLock
    asker: Key
    maker: Key | None


class LocksOfSide:
    """The holds of locks on one side's path."""

    def __init__(self, side: Side, matching: Matching, text: LineText, *, is_before: bool) -> None:
        self._side = side
        self._matching = matching
        self._text = text
        self._is_before = is_before
        holds = (self._hold(one) for one in side.holds)
        self.holds = [one for one in holds if one is not None]

    @cached_property
    def entered(self) -> Mapping[Key, int]:
        """How often each function of the SDK's is entered."""
        found: Counter[Key] = Counter()
        for one in self._side.contexts:
            if one.function.is_own:
                found[self._now(one.function.key)] += one.entered
        return found

    @cached_property
    def asked(self) -> Mapping[Key, int]:
        """How often each of them asks for a lock, whether it has to wait or not."""
        found: Counter[Key] = Counter()
        for one in self._side.contexts:
            if one.function.origin == ASYNCIO and one.function.key.name in _ASKS:
                asker = self._own_above(one.caller)
                if asker is not None:
                    found[asker] += one.entered
        return found

    def place(self, hold: _Hold, blamed: Key, wait: WaitPlace) -> tuple[WaitPlace, int]:
        """Where a function does with a lock what has something wait, and its line."""
        is_asker = blamed == hold.asker
        number = hold.held.context if is_asker else hold.held.made
        line = hold.held.line if is_asker else hold.held.made_line
        said = self._text(self._side.contexts[number].function.key.file, line)
        does = HELD if is_asker else MADE
        return WaitPlace(blamed, said, wait.where, wait.text, lock=does), line

    def _hold(self, held: HeldLock) -> _Hold | None:
        asker = self._own_above(held.context)
        return None if asker is None else _Hold(held, asker, self._own_above(held.made))

    def _own_above(self, number: int) -> Key | None:
        while number >= 0:
            context = self._side.contexts[number]
            if context.function.is_own:
                return self._now(context.function.key)
            number = context.caller
        return None

    def _now(self, key: Key) -> Key:
        return self._matching.now(key) if self._is_before else key


def without_holds(
    sides: tuple[WaitPlaces, WaitPlaces],
    locks: tuple[LocksOfSide, LocksOfSide],
    matching: Matching,
) -> list[WaitPart]:
    """Take from both paths the waits of holds that only one of them has; what these contribute, by
    who is to blame."""
    found: defaultdict[tuple[WaitPlace, int], list[list[float]]] = defaultdict(lambda: [[], []])
    for number, holds in enumerate(_more(locks)):
        taken = _taken(locks, number, holds, matching)
        elsewhere = {one.place.where for one in sides[1 - number].waits}
        waits = list(sides[number].waits)
        for hold, blamed in taken:
            is_of_one_side = not locks[1 - number].asked[hold.asker]
            for each in hold.held.waits:
                wait = waits[each]
                if is_of_one_side or wait.place.where in elsewhere:
                    lasted = min(wait.seconds, wait.start + wait.seconds - hold.held.start)
                    place = locks[number].place(hold, blamed, wait.place)
                    found[place][number].append(lasted)
                    waits[each] = replace(wait, seconds=wait.seconds - lasted)
        sides[number].waits = [one for one in waits if one.seconds > 10**-DIGITS]
    return [
        WaitPart(place, line, (len(old), len(new)), round(sum(new) - sum(old), DIGITS))
        for (place, line), (old, new) in found.items()
    ]


def _more(locks: tuple[LocksOfSide, LocksOfSide]) -> tuple[list[_Hold], list[_Hold]]:
    """Of each side the holds that it has more than the other, the last ones; without those of a
    lock that another function asks for now, as after a method was extracted."""
    old, new = (_by_asker(one.holds) for one in locks)
    lost = [one for asker in old for one in old[asker][len(new.get(asker, ())) :]]
    come = [one for asker in new for one in new[asker][len(old.get(asker, ())) :]]
    for maker in {one.maker for one in lost} & {one.maker for one in come} - {None}:
        ours, theirs = ([one for one in each if one.maker == maker] for each in (lost, come))
        same = min(len(ours), len(theirs))
        lost = [one for one in lost if one not in ours[:same]]
        come = [one for one in come if one not in theirs[:same]]
    return lost, come


def _by_asker(holds: Sequence[_Hold]) -> Mapping[Key, list[_Hold]]:
    found: defaultdict[Key, list[_Hold]] = defaultdict(list)
    for one in holds:
        found[one.asker].append(one)
    return found


def _taken(
    locks: tuple[LocksOfSide, LocksOfSide],
    number: int,
    holds: Sequence[_Hold],
    matching: Matching,
) -> list[tuple[_Hold, Key]]:
    """Those of a side's holds for which somebody is to blame, and who."""
    found = []
    for hold in holds:
        blamed = _to_blame(locks, hold, matching)
        if blamed is not None:
            found.append((hold, blamed))
    return found


def _to_blame(
    locks: tuple[LocksOfSide, LocksOfSide], hold: _Hold, matching: Matching
) -> Key | None:
    """The function that asks for a lock, if the commit changed it, else the one that makes it; None
    if the lock is asked for at both commits, and more often at one of them."""
    asked = [side.asked[hold.asker] for side in locks]
    if all(asked) and len({side.entered[hold.asker] for side in locks}) > 1:
        return None
    if hold.asker in matching.why:
        return hold.asker
    return hold.maker if hold.maker is not None and hold.maker in matching.why else None
