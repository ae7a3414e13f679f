"""What a difference of executed bytecodes is made of.

Each bytecode belongs to its *cause*: the nearest function above it, itself included, that the
commit changed, and there to the line below which it ran. A cause that is merely called more often
by another one that the commit changed passes that share on to the caller. What moved from one
cause to another and is still done counts for neither. What has no changed function above it stands
on its own. The parts add up to the whole difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Protocol

from unladen.explain.code import Key
from unladen.explain.contexts import ASYNCIO, HARNESS, Context, RunFunction, Side
from unladen.explain.matching import Matching

DEEPEST = 10
"""Callers above a cause that are asked why it is called more often."""

EVENT_LOOP = "the event loop"
SURROUNDINGS = "what drives, mocks and measures it"

LineText = Callable[[str, int], str]
"""The text of a line of one of the SDK's files."""


@dataclass(frozen=True)
class Place:
    """Where in a cause: a line's ``text``, and ``into`` which function it led from there ("" for
    the line itself). ``is_more_calls``: for being reached more often or less often."""

    text: str
    into: str = ""
    is_more_calls: bool = False


@dataclass(frozen=True)
class CausePart:
    """What one place of a cause contributes. ``line``: its number after the commit (before it, if
    it is gone), 0 if it has none; ``change``: bytecodes; ``calls``: of what it led into, before and
    after."""

    place: Place
    line: int
    change: int
    calls: tuple[int, int]


@dataclass(frozen=True)
class Cause:
    """A function that the commit changed. ``why``: how; ``calls``: before and after; ``parts``: the
    biggest first."""

    key: Key
    why: str
    change: int
    calls: tuple[int, int]
    parts: Sequence[CausePart]


@dataclass(frozen=True)
class Rest:
    """Bytecodes with no changed function above them: below ``name``, an own function, or what runs
    the SDK."""

    name: str
    change: int


@dataclass(frozen=True)
class Executed:
    """Where bytecodes were executed. ``by_calls``: the share of the change that is due to being
    called more often, the rest costs more per call; ``called_by``: who calls it more often, most of
    all, "" if nobody does."""

    function: RunFunction
    bytecodes: tuple[int, int]
    calls: tuple[int, int]
    by_calls: int
    called_by: str

    @property
    def change(self) -> int:
        """Bytecodes after less those before."""
        return self.bytecodes[1] - self.bytecodes[0]


@dataclass(frozen=True)
class ExplainedWork:
    """``before``, ``after``: bytecodes of the figure; ``causes``, ``rest``: what the difference is
    made of, the biggest in its direction first; ``moved``: bytecodes that other causes execute now;
    ``executed``: where, the biggest change first; ``is_own_only``: it is of the SDK's own files."""

    before: int
    after: int
    causes: Sequence[Cause]
    rest: Sequence[Rest]
    moved: int
    executed: Sequence[Executed]
    is_own_only: bool

    @property
    def change(self) -> int:
        """Bytecodes after less those before."""
        return self.after - self.before

    @property
    def left_over(self) -> int:
        """What the parts do not account for."""
        parts = sum(one.change for one in self.causes) + sum(one.change for one in self.rest)
        return self.change - parts


def explain_work(
    before: Side,
    after: Side,
    matching: Matching,
    texts: tuple[LineText, LineText],
) -> ExplainedWork:
    """``texts``: of the lines before and after."""
    own_only = _is_own_only(before) and _is_own_only(after)
    tallies = (
        _Tally(before, matching, texts[0], own_only, is_before=True),
        _Tally(after, matching, texts[1], own_only, is_before=False),
    )
    ledger = _Ledger(tallies, matching)
    ledger.pass_on_frequency()
    moved = ledger.net_moves()
    sums = [side.own_bytecodes if own_only else side.bytecodes for side in (before, after)]
    sign = -1 if sums[1] < sums[0] else 1
    causes = ledger.causes(sign)
    rest = [
        Rest(name, change)
        for name in dict.fromkeys([*tallies[0].rest, *tallies[1].rest])
        if (change := tallies[1].rest[name] - tallies[0].rest[name])
    ]
    return ExplainedWork(
        before=sums[0],
        after=sums[1],
        causes=causes,
        rest=sorted(rest, key=lambda one: (-one.change * sign, one.name)),
        moved=moved,
        executed=_executed(before, after, matching, own_only),
        is_own_only=own_only,
    )


def _is_own_only(side: Side) -> bool:
    """Whether the series counts the SDK's own files only."""
    return side.value == side.own_bytecodes != side.bytecodes


Edge = tuple[Key, Key | None]
"""A cause, and the cause above it from which it is reached."""


@dataclass
class _Amount:
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


class _Tally:
    """One side: what each cause costs, by the cause above it and by place."""

    def __init__(
        self, side: Side, matching: Matching, text: LineText, own_only: bool, *, is_before: bool
    ) -> None:
        self.amounts: defaultdict[Edge, dict[Place, _Amount]] = defaultdict(dict)
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
        amount = self.amounts[edge].setdefault(place, _Amount(line=line))
        amount.bytecodes += bytecodes
        amount.calls += calls


@dataclass
class _Entry:
    change: int = 0
    line: int = 0
    calls: tuple[int, int] = (0, 0)


@dataclass
class _Ledger:
    """The difference, by cause and place."""

    tallies: tuple[_Tally, _Tally]
    matching: Matching
    entries: defaultdict[Key, dict[Place, _Entry]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def pass_on_frequency(self) -> None:
        """Enter all differences, with those for being called more often at the caller."""
        before, after = self.tallies
        for edge in dict.fromkeys([*before.amounts, *after.amounts]):
            cause, via = edge
            times = before.entries[edge], after.entries[edge]
            more = self._growth(cause, via, times)
            passed = 0
            old, new = before.amounts.get(edge, {}), after.amounts.get(edge, {})
            for place in dict.fromkeys([*old, *new]):
                was, now = old.get(place, _Amount()), new.get(place, _Amount())
                change = now.bytecodes - was.bytecodes
                by_calls = round(was.bytecodes * more) if more is not None else change
                passed += by_calls
                line = (now if place in new else was).line
                self._enter(cause, place, change - by_calls, line, (was.calls, now.calls))
            if passed and via is not None:
                self._blame(via, passed, cause, times, DEEPEST)

    def _growth(self, cause: Key, via: Key | None, times: tuple[int, int]) -> Fraction | None:
        """By which share of what it cost before a cause costs more for being reached more often;
        None for all of it, where it was not reached from there, or is not any more."""
        is_there_twice = cause not in self.matching.is_new | self.matching.is_gone
        if via is None or via == cause or not is_there_twice:
            return Fraction(0)
        return Fraction(times[1] - times[0], times[0]) if times[0] and times[1] else None

    def _blame(self, key: Key, amount: int, cause: Key, times: tuple[int, int], depth: int) -> None:
        """Enter ``amount`` at the function for whose sake ``cause`` is reached more often: ``key``,
        from which it is reached, or those that reach ``key`` more often."""
        passed = self._share_of_callers(key, amount, times) if depth else 0
        into = function_name(cause)
        self._enter(key, Place("", into, is_more_calls=True), amount - passed, 0, times)
        if not passed:
            return
        callers = self._more_from(key)
        total = sum(abs(one) for _, one in callers)
        left = passed
        for number, (via, more) in enumerate(callers, 1):
            is_last = number == len(callers)
            share = left if is_last else round(Fraction(passed * abs(more), total))
            left -= share
            if via is None or via == key:
                self._enter(key, Place("", into, is_more_calls=True), share, 0, (0, 0))
            else:
                before, after = self.tallies
                reached = before.entries[key, via], after.entries[key, via]
                self._blame(via, share, key, reached, depth - 1)

    def _share_of_callers(self, key: Key, amount: int, times: tuple[int, int]) -> int:
        """How much of it is due to ``key`` itself being called more often."""
        before, after = (tally.entered(key) for tally in self.tallies)
        is_same = before == after or key in self.matching.is_new | self.matching.is_gone
        if is_same or not before or not after or times[0] == times[1]:
            return 0
        expected = Fraction(times[0] * after, before)
        share = (expected - times[0]) / (times[1] - times[0])
        return round(amount * min(max(share, Fraction(0)), Fraction(1)))

    def _more_from(self, key: Key) -> list[tuple[Key | None, int]]:
        """Who reaches it more often, or less often if all together do."""
        before, after = self.tallies
        total = after.entered(key) - before.entered(key)
        edges = dict.fromkeys(e for e in [*before.entries, *after.entries] if e[0] == key)
        found = [(via, after.entries[key, via] - before.entries[key, via]) for _, via in edges]
        return [(via, more) for via, more in found if more * total > 0]

    def _enter(
        self, cause: Key, place: Place, change: int, line: int, calls: tuple[int, int]
    ) -> None:
        entry = self.entries[cause].setdefault(place, _Entry(line=line))
        entry.change += change
        entry.line = line or entry.line
        entry.calls = (entry.calls[0] + calls[0], entry.calls[1] + calls[1])

    def net_moves(self) -> int:
        """Let what one cause does in place of another count for neither; how much that is."""
        by_what: defaultdict[Place, list[_Entry]] = defaultdict(list)
        for places in self.entries.values():
            for place, entry in places.items():
                what = replace(place, text="") if place.into else place
                by_what[what].append(entry)
        return sum(net(entries) for entries in by_what.values())

    def causes(self, sign: int) -> list[Cause]:
        found = []
        for key, places in self.entries.items():
            parts = [
                CausePart(place, entry.line, entry.change, entry.calls)
                for place, entry in places.items()
                if entry.change
            ]
            change = sum(part.change for part in parts)
            if parts:
                ordered = sorted(
                    parts, key=lambda one: (-one.change * sign, one.line, one.place.into)
                )
                calls = self.tallies[0].entered(key), self.tallies[1].entered(key)
                found.append(Cause(key, self.matching.why[key], change, calls, ordered))
        return sorted(found, key=lambda one: (-one.change * sign, one.key.file, one.key.name))


class HasChange(Protocol):
    """Something that contributes to a difference."""

    change: int


def net(entries: Sequence[HasChange]) -> int:
    """Let what some contribute more than before and others less count for neither; how much that
    is. ``change`` of each is what is left."""
    gains = [one for one in entries if one.change > 0]
    losses = [one for one in entries if one.change < 0]
    moved = min(sum(one.change for one in gains), -sum(one.change for one in losses))
    for group, sign in ((gains, 1), (losses, -1)):
        left = moved
        for entry in sorted(group, key=lambda one: -abs(one.change)):
            taken = min(left, abs(entry.change))
            entry.change -= sign * taken
            left -= taken
    return moved


def _rest_name(function: RunFunction, caller: int, names: Sequence[str]) -> str:
    """The nearest own function, or else what runs it."""
    if function.is_own:
        return function_text(function)
    above = names[caller] if caller >= 0 else SURROUNDINGS
    if above in (EVENT_LOOP, SURROUNDINGS):
        return {ASYNCIO: EVENT_LOOP, HARNESS: SURROUNDINGS}.get(function.origin, above)
    return above


def _executed(before: Side, after: Side, matching: Matching, own_only: bool) -> list[Executed]:
    old, new = _by_function(before, matching, True), _by_function(after, matching, False)
    found = []
    for function in dict.fromkeys([*old, *new]):
        was, now = old.get(function, _Ran()), new.get(function, _Ran())
        change = now.bytecodes - was.bytecodes
        if not change or (own_only and not function.is_own):
            continue
        more = now.calls - was.calls
        by_calls = round(Fraction(was.bytecodes * more, was.calls)) if was.calls else change
        callers = {
            name: now.callers.get(name, 0) - was.callers.get(name, 0)
            for name in [*was.callers, *now.callers]
        }
        name = max(callers, key=lambda one: (callers[one], one), default="")
        called_by = name if name and callers[name] > 0 else ""
        calls = was.calls, now.calls
        bytecodes = was.bytecodes, now.bytecodes
        found.append(Executed(function, bytecodes, calls, by_calls, called_by))
    return sorted(found, key=lambda one: (-abs(one.change), function_text(one.function)))


@dataclass
class _Ran:
    bytecodes: int = 0
    calls: int = 0
    callers: dict[str, int] = field(default_factory=dict)


def _by_function(side: Side, matching: Matching, is_before: bool) -> Mapping[RunFunction, _Ran]:
    found: dict[RunFunction, _Ran] = {}
    functions = list(_renamed(side, matching) if is_before else (c.function for c in side.contexts))
    for context, function in zip(side.contexts, functions, strict=True):
        ran = found.setdefault(function, _Ran())
        ran.bytecodes += context.bytecodes
        caller = functions[context.caller] if context.caller >= 0 else None
        if caller != function:
            ran.calls += context.entered
            name = function_text(caller) if caller is not None else ""
            ran.callers[name] = ran.callers.get(name, 0) + context.entered
    return found


def _renamed(side: Side, matching: Matching) -> Iterable[RunFunction]:
    for context in side.contexts:
        function = context.function
        key = matching.now(function.key) if function.is_own else function.key
        yield replace(function, key=key)


def function_text(function: RunFunction) -> str:
    """A function for people."""
    return function_name(function.key)


def function_name(key: Key) -> str:
    """A function for people, by its key."""
    return f"{key.name} ({key.file})"
