"""One side of a difference of bytecodes: what each cause costs, and what runs below none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from unladen.explain.code import Key, LineText
from unladen.explain.contexts import ASYNCIO, HARNESS, Context, RunFunction, Side, function_text
from unladen.explain.matching import Matching
from unladen.explain.work.entries import SURROUNDINGS
from unladen.explain.work.explained import Place

EVENT_LOOP = "the event loop"

Edge = tuple[Key, Key | None]
"""A cause, and the cause above it from which it is reached."""


@dataclass
class Amount:
    bytecodes: int = 0
    calls: int = 0
    line: int = 0


@dataclass(frozen=True)
class _Top:
    """The function to which what lies below a cause is put down: the first of the SDK's on the way,
    or the one that was called."""

    place: Place
    line: int
    is_own: bool


class CauseTally:
    """One side: what each cause costs, by the cause above it and by place."""

    def __init__(
        self, side: Side, matching: Matching, text: LineText, own_only: bool, *, is_before: bool
    ) -> None:
        self.amounts: defaultdict[Edge, dict[Place, Amount]] = defaultdict(dict)
        self.entries: defaultdict[Edge, int] = defaultdict(int)
        self.rest: defaultdict[str, int] = defaultdict(int)
        self._matching = matching
        self._text = text
        self._is_before = is_before
        edges: list[Edge | None] = []
        tops: list[_Top | None] = []
        names: list[str] = []
        for context in side.contexts:
            caller = context.caller
            above = edges[caller] if caller >= 0 else None
            weight = context.bytecodes if context.function.is_own or not own_only else 0
            key = self._key(context.function)
            names.append(_rest_name(replace(context.function, key=key), context.caller, names))
            if context.function.is_own and key in matching.why:
                edge = self._enter(context, key, above, side.contexts)
                edges.append(edge)
                tops.append(None)
                for line, executed in context.lines.items():
                    where = text(context.function.key.file, line)
                    self._add(edge, Place(where), line, executed, 0)
                continue
            edges.append(above)
            if above is None:
                tops.append(None)
                self.rest[names[-1]] += weight
                continue
            top, calls = tops[caller], 0
            is_own = context.function.is_own
            if top is None or (is_own and not top.is_own):
                line = context.line if top is None else top.line
                file = side.contexts[caller].function.key.file
                said = text(file, line) if top is None else top.place.text
                into = function_text(replace(context.function, key=key))
                top = _Top(Place(said, into), line, is_own)
                calls = context.entered
            tops.append(top)
            self._add(above, top.place, top.line, weight, calls)

    def cost(self, edge: Edge) -> int:
        return sum(one.bytecodes for one in self.amounts.get(edge, {}).values())

    def entered(self, key: Key) -> int:
        return sum(times for (one, _), times in self.entries.items() if one == key)

    def _key(self, function: RunFunction) -> Key:
        is_renamed = self._is_before and function.is_own
        return self._matching.now(function.key) if is_renamed else function.key

    def _enter(
        self, context: Context, key: Key, above: Edge | None, contexts: Sequence[Context]
    ) -> Edge:
        caller = contexts[context.caller].function if context.caller >= 0 else None
        if above is not None and caller is not None and self._key(caller) == key == above[0]:
            return above  # a comprehension of it, or it calls itself
        edge = (key, None if above is None else above[0])
        self.entries[edge] += context.entered
        return edge

    def _add(self, edge: Edge, place: Place, line: int, bytecodes: int, calls: int) -> None:
        amount = self.amounts[edge].setdefault(place, Amount(line=line))
        amount.bytecodes += bytecodes
        amount.calls += calls


def _rest_name(function: RunFunction, caller: int, names: Sequence[str]) -> str:
    """The nearest own function, or else what runs it."""
    if function.is_own:
        return function_text(function)
    above = names[caller] if caller >= 0 else SURROUNDINGS
    if above in (EVENT_LOOP, SURROUNDINGS):
        return {ASYNCIO: EVENT_LOOP, HARNESS: SURROUNDINGS}.get(function.origin, above)
    return above
