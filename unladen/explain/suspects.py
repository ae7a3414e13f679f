"""Changed functions that may have made two commits end otherwise where nothing says that they did.

What differs may be nothing but data: the text of a statement, a number that another function reads.
Then the two are the same, line by line, up to a place that no changed function is above. What has
parted them ran before that.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from unladen.explain.code import Key, LineText
from unladen.explain.contexts import Side
from unladen.explain.matching import Matching


@dataclass(frozen=True)
class OutcomeSuspect:
    """A changed function that ran. ``why``: how it was changed; ``is_otherwise``: a call of it
    executes more or less, or calls something else; ``line``, ``text``: the first of its lines that
    ran at one commit only, as it is after the commit if it is there, else 0 and ""."""

    key: Key
    why: str
    is_otherwise: bool
    line: int = 0
    text: str = ""

    @property
    def does(self) -> str:
        """In words, what a call of it does."""
        return "does otherwise" if self.is_otherwise else "does as much"


def find_suspects(
    sides: tuple[Side, Side],
    matching: Matching,
    texts: tuple[LineText, LineText],
    until: tuple[int, int] | None,
) -> list[OutcomeSuspect]:
    """Those first of which a call does otherwise, then those that run other lines, each in the
    order in which they ran. ``until``: how many steps of each side came before the two parted, None
    if they did not; ``texts``: of lines before and after."""
    ends = (None, None) if until is None else until
    before, after = (
        _runs(side, matching, end, is_before=number == 0)
        for number, (side, end) in enumerate(zip(sides, ends, strict=True))
    )
    found = []
    for key in dict.fromkeys([*after, *before]):
        was, now = before.get(key, _Run()), after.get(key, _Run())
        if not was.is_early and not now.is_early:
            continue
        line, text = _first_of_one(was, now, texts)
        suspect = OutcomeSuspect(key, matching.why[key], not was.is_as(now), line, text)
        rank = not suspect.is_otherwise, not text, min(was.first, now.first)
        found.append((rank, key.file, key.name, suspect))
    return [suspect for *_, suspect in sorted(found, key=lambda one: one[:3])]


NEVER = 2**62
"""In place of the number of a step that there is not."""


@dataclass
class _Run:
    """What a function did at one side. ``file``: as it is called there; ``first``: the number of
    the step at which it began, ``NEVER`` if it is among none; ``is_early``: it began before the two
    sides part."""

    file: str = ""
    first: int = NEVER
    is_early: bool = False
    entered: int = 0
    lines: Counter[int] = field(default_factory=Counter)
    calls: Counter[tuple[object, str]] = field(default_factory=Counter)

    def is_as(self, other: _Run) -> bool:
        """Whether a call of it does as much, and calls the same as often."""
        return self._a_call(other.entered) == other._a_call(self.entered)

    def _a_call(self, times: int) -> tuple[object, ...]:
        """In terms of as many calls as both sides have together: exact, unlike a mean."""
        calls = {one: number * times for one, number in self.calls.items()}
        return bool(self.entered), self.lines.total() * times, calls


def _runs(
    side: Side, matching: Matching, end: int | None, *, is_before: bool
) -> Mapping[Key, _Run]:
    """What changed functions did, by their keys after the commit. Of a side whose steps are not
    known, or not to the end, all may have begun early."""

    def now(number: int) -> Key:
        function = side.contexts[number].function
        return matching.now(function.key) if is_before and function.is_own else function.key

    found: defaultdict[Key, _Run] = defaultdict(_Run)
    keys = [now(number) for number in range(len(side.contexts))]
    is_changed = [
        context.function.is_own and key in matching.why
        for context, key in zip(side.contexts, keys, strict=True)
    ]
    for number, context in enumerate(side.contexts):
        if is_changed[number]:
            run = found[keys[number]]
            run.file = context.function.key.file
            run.entered += context.entered
            run.lines.update(context.lines)
            run.calls.update({(None, name): times for name, times in context.c_calls.items()})
            run.is_early = run.is_early or end is None
        if context.caller >= 0 and is_changed[context.caller]:
            what = context.function.origin
            found[keys[context.caller]].calls[keys[number], what] += context.entered
    for place, step in enumerate(side.steps):
        if is_changed[step.context]:
            run = found[keys[step.context]]
            run.first = min(run.first, place)
            run.is_early = run.is_early or end is None or place < end
    return found


def _first_of_one(was: _Run, now: _Run, texts: tuple[LineText, LineText]) -> tuple[int, str]:
    """The first line that only one side ran, by its text."""
    old, new = (
        {text: line for line in sorted(run.lines, reverse=True) if (text := said(run.file, line))}
        for run, said in ((was, texts[0]), (now, texts[1]))
    )
    for ours, theirs in ((new, old), (old, new)):
        only = [(line, text) for text, line in ours.items() if text not in theirs]
        if only:
            line, text = min(only)
            return (line, text) if ours is new else (0, text)
    return 0, ""
