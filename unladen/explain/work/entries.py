"""Where code that ran before leads into code that did not, and where it no more leads: what tells
most of a difference between releases, whose nearest changed function is a leaf.

An *entry* is a call of a function that ran on one side only, by one that ran on both. All below it
is put down to it, but for functions that ran on both sides and are not called more often, which do
elsewhere what they did before. What is below no entry is put down to the nearest function of the
SDK's that ran on both sides. All that together is the whole difference.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from unladen.explain.contexts import RunFunction, Side, function_text
from unladen.explain.matching import Matching

SURROUNDINGS = "what drives, mocks and measures it"

Edge = tuple[RunFunction | None, RunFunction]


@dataclass(frozen=True)
class EntryCall:
    """``caller``: None for what runs the SDK; ``why``: what ``callee`` is; ``calls``, ``amounts``:
    how often, and what is executed below it, before and after."""

    caller: RunFunction | None
    callee: RunFunction
    why: str
    calls: tuple[int, int]
    amounts: tuple[int, int]

    @property
    def change(self) -> int:
        """What is executed below it after less that before."""
        return self.amounts[1] - self.amounts[0]

    @property
    def saved_by_one_call(self) -> int | None:
        """How much less would be executed if it were called once, each call costing the same; None
        if it is called no more than that. A cache of what it gives saves at most as much, which it
        does if all calls are alike."""
        times = self.calls[1]
        return round(self.amounts[1] * Fraction(times - 1, times)) if times > 1 else None


@dataclass(frozen=True)
class Stayed:
    """What is below no entry and nearest to the function ``name``, before and after."""

    name: str
    amounts: tuple[int, int]

    @property
    def change(self) -> int:
        """What is executed after less what was before."""
        return self.amounts[1] - self.amounts[0]


@dataclass(frozen=True)
class Entries:
    """``entries``, ``stayed``: those with a difference, the biggest in its direction first."""

    entries: Sequence[EntryCall]
    stayed: Sequence[Stayed]

    @property
    def change(self) -> int:
        """The whole difference."""
        entered = sum(one.change for one in self.entries)
        return entered + sum(one.change for one in self.stayed)


def find_entries(before: Side, after: Side, matching: Matching, own_only: bool) -> Entries:
    """``own_only``: only what the SDK's own functions execute counts."""
    sides = (_Ran(before, matching), _Ran(after, None))
    walks = [_Walk(ran, sides[1 - number], own_only) for number, ran in enumerate(sides)]
    sign = -1 if sum(walks[1].total) < sum(walks[0].total) else 1
    entries = [
        EntryCall(edge[0], edge[1], _why(edge[1], number, matching), calls, amounts)
        for number, walk in enumerate(walks)
        for edge, amount in walk.amounts.items()
        for calls, amounts in [(_at(number, walk.calls[edge]), _at(number, amount))]
    ]
    names = dict.fromkeys([*walks[0].stayed, *walks[1].stayed])
    stayed = [Stayed(one, (walks[0].stayed[one], walks[1].stayed[one])) for one in names]
    return Entries(
        sorted(
            (one for one in entries if one.change),
            key=lambda one: (-one.change * sign, *_names(one)),
        ),
        sorted(
            (one for one in stayed if one.change), key=lambda one: (-one.change * sign, one.name)
        ),
    )


def _at(number: int, amount: int) -> tuple[int, int]:
    return (amount, 0) if number == 0 else (0, amount)


def _names(one: EntryCall) -> tuple[str, str]:
    caller = SURROUNDINGS if one.caller is None else function_text(one.caller)
    return caller, function_text(one.callee)


def _why(callee: RunFunction, number: int, matching: Matching) -> str:
    if number == 0:
        return "removed" if callee.key in matching.is_gone else "no more called"
    return "new" if callee.is_own and callee.key in matching.is_new else "not called before"


class _Ran:
    """What ran on one side. ``matching``: None if functions are called as they are after."""

    def __init__(self, side: Side, matching: Matching | None) -> None:
        self.side = side
        self.functions = [_as_after(one.function, matching) for one in side.contexts]
        self.entered: Counter[RunFunction] = Counter()
        for context, function in zip(side.contexts, self.functions, strict=True):
            self.entered[function] += context.entered


def _as_after(function: RunFunction, matching: Matching | None) -> RunFunction:
    if matching is None or not function.is_own:
        return function
    return replace(function, key=matching.now(function.key))


class _Walk:
    """Down all contexts of one side. ``amounts``, ``calls``: by entry; ``stayed``: of what is below
    none, by function."""

    def __init__(self, ran: _Ran, other: _Ran, own_only: bool) -> None:
        self.amounts: defaultdict[Edge, int] = defaultdict(int)
        self.calls: Counter[Edge] = Counter()
        self.stayed: Counter[str] = Counter()
        owners: list[Edge | None] = []
        names: list[str] = []
        for context, function in zip(ran.side.contexts, ran.functions, strict=True):
            above = context.caller
            owner = owners[above] if above >= 0 else None
            caller = ran.functions[above] if above >= 0 else None
            if function not in other.entered:
                if owner is None:
                    owner = caller, function
                    self.calls[owner] += context.entered
            elif owner is not None and ran.entered[function] <= other.entered[function]:
                owner = None
            owners.append(owner)
            is_told = function.is_own and owner is None
            names.append(
                function_text(function) if is_told else names[above] if above >= 0 else SURROUNDINGS
            )
            counted = context.bytecodes if function.is_own or not own_only else 0
            if owner is not None:
                self.amounts[owner] += counted
            else:
                self.stayed[names[-1]] += counted

    @property
    def total(self) -> Sequence[int]:
        """All that counts."""
        return [*self.amounts.values(), *self.stayed.values()]


def share_saved(saved: int | None, whole: int) -> float | None:
    """Which share of a whole difference would go if so much less were executed; None if none
    would."""
    return saved / whole if saved and saved * whole > 0 else None
