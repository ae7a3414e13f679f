"""Where the waits of a critical path lie: below which functions that the commit changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from unladen.explain.code import Key, LineText
from unladen.explain.contexts import Awaited, Side, function_text
from unladen.explain.matching import Matching

OUTSIDE = "what drives, mocks and measures it"


@dataclass(frozen=True)
class WaitPlace:
    """Where something waits. ``cause``: None if nothing above it was changed; ``via``: the text of
    the cause's line that led there; ``where``: the function that waits, ``text``: its line;
    ``lock``: if the cause has it on the path by a lock, what it does with that, else ""."""

    cause: Key | None
    via: str
    where: str
    text: str
    lock: str = ""


@dataclass(frozen=True)
class PlacedWait:
    """``above``: the places in the next functions above the cause that were changed, each with its
    line, the nearest first."""

    place: WaitPlace
    line: int
    start: float
    seconds: float
    above: tuple[tuple[WaitPlace, int], ...] = ()

    @property
    def causes(self) -> Chain:
        """The changed functions above it."""
        every = (self.place, *(place for place, _ in self.above))
        return tuple(place.cause for place in every if place.cause is not None)


Chain = tuple[Key, ...]
"""A changed function, and the changed ones above it, the nearest first, each once."""


class WaitPlaces:
    """One side: where its waits lie, and how often its changed functions are entered."""

    def __init__(self, side: Side, matching: Matching, text: LineText, *, is_before: bool) -> None:
        self._side = side
        self._matching = matching
        self._text = text
        self._is_before = is_before
        self.waits: Sequence[PlacedWait] = [self._placed(one) for one in side.waits]

    def entered(self) -> Mapping[Chain, int]:
        """How often each changed function is entered, by the chain above it."""
        found: Counter[Chain] = Counter()
        for number, context in enumerate(self._side.contexts):
            chain = self._changed_above(number)
            is_outermost = context.caller < 0 or self._changed_above(context.caller) != chain
            if chain and self._key(number) == chain[0] and is_outermost:
                found[chain] += context.entered
        return found

    def called(self) -> Mapping[tuple[str, Chain], int]:
        """How often each function is called below changed ones, by its name and these."""
        found: Counter[tuple[str, Chain]] = Counter()
        for number, context in enumerate(self._side.contexts):
            chain = self._changed_above(number)
            name = self._name(number)
            for length in range(len(chain)):
                found[name, chain[length:]] += context.entered
        return found

    def _placed(self, wait: Awaited) -> PlacedWait:
        seconds = wait.end - wait.start
        if wait.context < 0:
            return PlacedWait(WaitPlace(None, "", OUTSIDE, ""), 0, wait.start, seconds)
        where = self._side.contexts[wait.context].function
        said = self._text(where.key.file, wait.line)
        name = self._name(wait.context)
        places = [
            (WaitPlace(key, via, name, said), line)
            for key, via, line in self._ways(wait.context, wait.line)
        ]
        if not places:
            return PlacedWait(WaitPlace(None, "", name, said), 0, wait.start, seconds)
        (place, line), *above = places
        return PlacedWait(place, line, wait.start, seconds, tuple(above))

    def _ways(self, number: int, line: int) -> Iterator[tuple[Key, str, int]]:
        """The changed functions from a context upwards, each once, with the text and the number of
        the line that leads down."""
        seen: set[Key] = set()
        while number >= 0:
            context = self._side.contexts[number]
            key = self._key(number)
            if context.function.is_own and key in self._matching.why and key not in seen:
                seen.add(key)
                yield key, self._text(context.function.key.file, line), line
            number, line = context.caller, context.line

    def _changed_above(self, number: int) -> Chain:
        return tuple(key for key, _, _ in self._ways(number, 0))

    def _name(self, number: int) -> str:
        return function_text(replace(self._side.contexts[number].function, key=self._key(number)))

    def _key(self, number: int) -> Key:
        function = self._side.contexts[number].function
        is_renamed = self._is_before and function.is_own
        return self._matching.now(function.key) if is_renamed else function.key
