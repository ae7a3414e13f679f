"""Both sides of a difference of bytecodes: to which cause, and to which place of it, each share
belongs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from unladen.explain.code import Key, function_name
from unladen.explain.matching import Matching
from unladen.explain.sums import net
from unladen.explain.work.explained import Cause, CausePart, Place
from unladen.explain.work.extraction import Extracted, extracted
from unladen.explain.work.tally import Amount, CauseTally

DEEPEST = 10
"""Callers above a cause that are asked why it is called more often."""


@dataclass
class _Entry:
    change: int = 0
    line: int = 0
    calls: tuple[int, int] = (0, 0)


@dataclass
class CauseLedger:
    """The difference, by cause and place."""

    tallies: tuple[CauseTally, CauseTally]
    matching: Matching
    entries: defaultdict[Key, dict[Place, _Entry]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    @cached_property
    def extracted(self) -> Mapping[Key, Extracted]:
        """The new functions that do what another one did itself."""
        return extracted(self.tallies, self.matching)

    def pass_on_frequency(self) -> None:
        """Enter all differences, with those for being called more often at the caller."""
        before, after = self.tallies
        for edge in dict.fromkeys([*before.amounts, *after.amounts]):
            cause, via = edge
            times = before.entries[edge], after.entries[edge]
            more = self._growth(cause, via, times)
            is_extracted = cause in self.extracted and via == self.extracted[cause].origin
            passed = 0
            old, new = before.amounts.get(edge, {}), after.amounts.get(edge, {})
            for place in dict.fromkeys([*old, *new]):
                was, now = old.get(place, Amount()), new.get(place, Amount())
                change = now.bytecodes - was.bytecodes
                by_calls = round(was.bytecodes * more) if more is not None else change
                if is_extracted:
                    by_calls = round(now.bytecodes * self.extracted[cause].growth(times[1]))
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
        if key in self.extracted and after:
            return round(amount * max(self.extracted[key].growth(after), Fraction(0)))
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
        if place.is_more_calls:  # all that is passed on of it is of these calls
            entry.calls = calls if any(calls) else entry.calls
        else:
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
        """The biggest first, whichever way; their parts in the direction of the whole."""
        found = []
        for key, places in self.entries.items():
            parts = [
                CausePart(place, entry.line, entry.change, entry.calls)
                for place, entry in places.items()
                if entry.change
            ]
            change = sum(part.change for part in parts)
            if change:  # else lines only read otherwise
                ordered = sorted(
                    parts, key=lambda one: (-one.change * sign, one.line, one.place.into)
                )
                calls = self.tallies[0].entered(key), self.tallies[1].entered(key)
                found.append(Cause(key, self.matching.why[key], change, calls, ordered))
        return sorted(found, key=lambda one: _rank(one, sign))


def _rank(cause: Cause, sign: int) -> tuple[int, int, str, str]:
    """Of two as big the one in the direction of the whole is the first."""
    return -abs(cause.change), -cause.change * sign, cause.key.file, cause.key.name
