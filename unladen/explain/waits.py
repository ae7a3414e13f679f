"""What a difference of virtual time is made of: the waits of the critical path.

Each wait belongs to its *cause*, as work does: the nearest function above the place that waits,
itself included, that the commit changed. Where that is merely reached more often from another one
that the commit changed, the share of that is passed on to the other. The critical path is one wait
after the other, so that the parts add up to the whole difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from unladen.explain.code import Key, LineText
from unladen.explain.contexts import Awaited, Side, function_text
from unladen.explain.matching import Matching
from unladen.explain.sums import DIGITS, SumOfCauses, by_cause, direction, net

OUTSIDE = "what drives, mocks and measures it"


@dataclass(frozen=True)
class WaitPlace:
    """Where something waits. ``cause``: None if nothing above it was changed; ``via``: the text of
    the cause's line that led there; ``where``: the function that waits, ``text``: its line."""

    cause: Key | None
    via: str
    where: str
    text: str


@dataclass(frozen=True)
class WaitPart:
    """What one place contributes. ``line``: of ``place.via`` in the cause; ``times``: waits before
    and after, ``change``: seconds."""

    place: WaitPlace
    line: int
    times: tuple[int, int]
    change: float


@dataclass(frozen=True)
class Parting:
    """The first wait that differs. ``at``: seconds after the start; ``before``, ``after``: where
    the path leads from there, for how many seconds, None where it has ended."""

    at: float
    before: tuple[WaitPlace, float] | None
    after: tuple[WaitPlace, float] | None


@dataclass(frozen=True)
class Waits(SumOfCauses[WaitPart]):
    """Seconds of the critical paths. ``parting``: None if both are the same."""

    parting: Parting | None


def explain_waits(
    before: Side, after: Side, matching: Matching, texts: tuple[LineText, LineText]
) -> Waits:
    """``texts``: of the lines before and after."""
    old = [_placed(before, one, matching, texts[0], True) for one in before.waits]
    new = [_placed(after, one, matching, texts[1], False) for one in after.waits]
    totals = [sum(one.seconds for one in waits) for waits in (old, new)]
    parts = _parts((old, new), matching)
    return Waits(
        before=round(totals[0], DIGITS),
        after=round(totals[1], DIGITS),
        causes=by_cause(parts, matching, direction(*totals), lambda one: one.place.where),
        parting=_parting(old, new),
    )


@dataclass(frozen=True)
class _Placed:
    """``above``: the place in the next function above the cause that was changed, and its line."""

    place: WaitPlace
    line: int
    start: float
    seconds: float
    above: tuple[WaitPlace, int] | None = None


@dataclass
class _Sum:
    seconds: list[float] = field(default_factory=lambda: [0.0, 0.0])
    times: list[int] = field(default_factory=lambda: [0, 0])
    line: int = 0
    above: tuple[WaitPlace, int] | None = None

    def add(self, side: int, wait: _Placed) -> None:
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


def _parts(
    sides: tuple[Sequence[_Placed], Sequence[_Placed]], matching: Matching
) -> list[WaitPart]:
    found: defaultdict[tuple[WaitPlace, Key | None], _Sum] = defaultdict(_Sum)
    reached: defaultdict[tuple[Key | None, Key | None], list[int]] = defaultdict(lambda: [0, 0])
    for side, waits in enumerate(sides):
        for wait in waits:
            above = None if wait.above is None else wait.above[0].cause
            found[wait.place, above].add(side, wait)
            reached[wait.place.cause, above][side] += 1
    own: list[_Share] = []
    passed: defaultdict[Key, list[_Share]] = defaultdict(list)
    for (place, above), both in found.items():
        times = both.times[0], both.times[1]
        change = both.seconds[1] - both.seconds[0]
        by_times = 0.0
        if both.above is not None and place.cause is not None:
            by_times = _by_times(both, reached[place.cause, above], place.cause, matching)
            if by_times:
                passed[place.cause].append(_Share(*both.above, times, by_times))
        own.append(_Share(place, both.line, times, change - by_times))
    for shares in passed.values():
        net(shares)
    every = [*own, *(one for shares in passed.values() for one in shares)]
    return [WaitPart(one.place, one.line, one.times, round(one.change, DIGITS)) for one in every]


def _by_times(both: _Sum, reached: Sequence[int], cause: Key, matching: Matching) -> float:
    """The share of a change that is due to the cause being reached more often from above; all of
    it, where it was not reached from there, or is not any more."""
    if cause in matching.is_new or cause in matching.is_gone:
        return 0.0
    if reached[0] and reached[1]:
        return both.seconds[0] * (reached[1] - reached[0]) / reached[0]
    return both.seconds[1] - both.seconds[0]


def _placed(
    side: Side, wait: Awaited, matching: Matching, text: LineText, is_before: bool
) -> _Placed:
    seconds = wait.end - wait.start
    if wait.context < 0:
        return _Placed(WaitPlace(None, "", OUTSIDE, ""), 0, wait.start, seconds)

    def key_of(number: int) -> Key:
        function = side.contexts[number].function
        return matching.now(function.key) if is_before and function.is_own else function.key

    where = side.contexts[wait.context].function
    said = text(where.key.file, wait.line)
    name = function_text(replace(where, key=key_of(wait.context)))
    places: list[tuple[WaitPlace, int]] = []
    number, line = wait.context, wait.line
    while number >= 0 and len(places) < 2:
        context = side.contexts[number]
        key = key_of(number)
        is_changed = context.function.is_own and key in matching.why
        if is_changed and key not in (place.cause for place, _ in places):
            via = text(context.function.key.file, line)
            places.append((WaitPlace(key, via, name, said), line))
        number, line = context.caller, context.line
    if not places:
        return _Placed(WaitPlace(None, "", name, said), 0, wait.start, seconds)
    (place, line), *above = places
    return _Placed(place, line, wait.start, seconds, above[0] if above else None)


def _parting(old: Sequence[_Placed], new: Sequence[_Placed]) -> Parting | None:
    for number in range(max(len(old), len(new))):
        was = old[number] if number < len(old) else None
        now = new[number] if number < len(new) else None
        if was is None or now is None or not _is_same(was, now):
            started = was or now
            assert started is not None
            return Parting(
                at=started.start,
                before=None if was is None else (was.place, round(was.seconds, DIGITS)),
                after=None if now is None else (now.place, round(now.seconds, DIGITS)),
            )
    return None


def _is_same(was: _Placed, now: _Placed) -> bool:
    """Lines may have been rewritten: whether the same functions wait for as long."""
    one, other = was.place, now.place
    same_function = (one.cause, one.where) == (other.cause, other.where)
    return same_function and abs(was.seconds - now.seconds) < 10**-DIGITS
