"""Where two commits part that end otherwise: there is no sum of outcomes.

Both did the same, line by line of the SDK's own code, up to some line; they called the model alike
up to some call; and exceptions came up in other places, or not as often. Each belongs to its
*cause*, as work does: the nearest function above it, itself included, that the commit changed.
Where nothing but data differs up to there, it may be any changed function that ran before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from unladen.explain.code import Key, LineText
from unladen.explain.contexts import ModelCall, Side, TraceStep
from unladen.explain.matching import Matching
from unladen.explain.suspects import OutcomeSuspect, find_suspects

REWRITTEN = 3
"""So many lines of a changed function may be others, and the two are still at the same place."""


@dataclass(frozen=True)
class TraceLine:
    """A line of the SDK's that ran: its function, as it is called after the commit, its number at
    its own commit, its text; ``cause``: None if nothing above it was changed."""

    key: Key
    line: int
    text: str
    cause: Key | None


@dataclass(frozen=True)
class TraceParting:
    """``ran``: how many lines each had run until then; ``last``: the one after which they part, as
    it is after the commit, None if they part at once; ``before``, ``after``: the next ones, None at
    the end."""

    ran: tuple[int, int]
    last: TraceLine | None
    before: TraceLine | None
    after: TraceLine | None

    @property
    def common(self) -> int:
        """How many lines both ran, as they are after the commit."""
        return self.ran[1]

    @property
    def causes(self) -> list[Key]:
        """Whom the parting may be put down to, the line that decided first."""
        lines = [self.last, self.after, self.before]
        return _causes(one.cause for one in lines if one is not None)


@dataclass(frozen=True)
class CallMade:
    """A call to the model, and the nearest changed function above it."""

    call: ModelCall
    cause: Key | None


@dataclass(frozen=True)
class CallParting:
    """The first model call that differs: its ``number`` from 1, what it was and is, None where no
    more are made."""

    number: int
    before: CallMade | None
    after: CallMade | None


@dataclass(frozen=True)
class RaisedChange:
    """Exceptions of a type that come up in a function more often or less often; ``where``: a line
    of it where they do."""

    name: str
    where: TraceLine
    times: tuple[int, int]

    @property
    def is_new_and_its_own(self) -> bool:
        """Whether they never came up before, and the function that they come up in was changed."""
        return self.times[0] == 0 and self.where.cause == self.where.key


@dataclass(frozen=True)
class Outcomes:
    """``wrong``: what was wrong with what came of it, before and after; ``parting``, ``call``: None
    if nothing differs; ``raised``: those that differ, the new ones first; ``suspects``: changed
    functions that ran before the traces part, those left out that are causes."""

    wrong: tuple[str, str]
    parting: TraceParting | None
    call: CallParting | None
    raised: Sequence[RaisedChange]
    suspects: Sequence[OutcomeSuspect] = ()

    @property
    def causes(self) -> list[Key]:
        """Who is to blame: those first of whom most is said; else a changed function in which
        exceptions come up as they never did before, then where the traces part, then where
        exceptions come up more often or less often, then who calls the model otherwise."""
        parted = self.parting.causes if self.parting is not None else []
        calls = () if self.call is None else (self.call.after, self.call.before)
        called = _causes(one.cause for one in calls if one is not None)
        raised = _causes(one.where.cause for one in self.raised)
        raises = [one.where.key for one in self.raised if one.is_new_and_its_own]
        said = [*raises, *parted, *raised, *called]
        return sorted(dict.fromkeys(said), key=lambda key: -said.count(key))

    @property
    def suspected(self) -> list[Key]:
        """The functions of the suspects, in their order."""
        return [one.key for one in self.suspects]


def explain_outcomes(
    before: Side, after: Side, matching: Matching, texts: tuple[LineText, LineText]
) -> Outcomes:
    """``texts``: of the lines before and after."""
    tracks = (
        _Track(before, matching, texts[0], is_before=True),
        _Track(after, matching, texts[1], is_before=False),
    )
    parting = _parting(tracks, matching)
    found = Outcomes(
        wrong=(before.wrong, after.wrong),
        parting=parting,
        call=_first_call(tracks),
        raised=_raised(tracks),
    )
    until = None if parting is None else parting.ran
    ran = find_suspects((before, after), matching, texts, until)
    return replace(found, suspects=[one for one in ran if one.key not in found.causes])


class _Track:
    """What one side did, in terms of both."""

    def __init__(self, side: Side, matching: Matching, text: LineText, *, is_before: bool) -> None:
        self.side = side
        self._matching = matching
        self._text = text
        self._is_before = is_before
        self.line = cache(self._line)

    def lines(self) -> list[TraceLine]:
        return [self.line(step) for step in self.side.steps]

    def call(self, number: int) -> CallMade | None:
        if number >= len(self.side.calls):
            return None
        call = self.side.calls[number]
        return CallMade(call, self._nearest(self._now(frame.key) for frame in call.frames))

    def _line(self, step: TraceStep) -> TraceLine:
        function = self.side.contexts[step.context].function
        above = self._nearest(self._above(step.context))
        text = self._text(function.key.file, step.line)
        return TraceLine(self._now(function.key), step.line, text, above)

    def _above(self, number: int) -> Iterable[Key]:
        while number >= 0:
            context = self.side.contexts[number]
            if context.function.is_own:
                yield self._now(context.function.key)
            number = context.caller

    def _nearest(self, keys: Iterable[Key]) -> Key | None:
        return next((key for key in keys if key in self._matching.why), None)

    def _now(self, key: Key) -> Key:
        return self._matching.now(key) if self._is_before else key


_Tracks = tuple[_Track, _Track]


def _parting(tracks: _Tracks, matching: Matching) -> TraceParting | None:
    old, new = (track.lines() for track in tracks)
    was = now = 0
    while was < len(old) and now < len(new):
        if _is_same(old[was], new[now]):
            was, now = was + 1, now + 1
            continue
        again = _together_again(old, new, (was, now), matching)
        if again is None:
            break
        was, now = again
    if was == len(old) and now == len(new):
        return None
    return TraceParting(
        ran=(was, now),
        last=new[now - 1] if now else None,
        before=old[was] if was < len(old) else None,
        after=new[now] if now < len(new) else None,
    )


def _is_same(one: TraceLine, other: TraceLine) -> bool:
    return (one.key, one.text) == (other.key, other.text)


def _together_again(
    old: Sequence[TraceLine], new: Sequence[TraceLine], at: tuple[int, int], matching: Matching
) -> tuple[int, int] | None:
    """Where the two come together again soon, if the lines until there only read otherwise, or are
    new or gone: in the same changed function, which leads nowhere else meanwhile."""
    was, now = at
    key = new[now].key
    if key not in matching.why:
        return None
    gone, come = (_run_of(key, lines, start) for lines, start in ((old, was), (new, now)))
    for lines in range(1, gone + come + 1):
        for more in range(max(0, lines - gone), min(lines, come) + 1):
            here, there = was + lines - more, now + more
            if here == len(old) and there == len(new):
                return here, there
            if here < len(old) and there < len(new) and _is_same(old[here], new[there]):
                return here, there
    return None


def _run_of(key: Key, lines: Sequence[TraceLine], start: int) -> int:
    """How many lines in a row are a function's, at most ``REWRITTEN``."""
    end = start
    while end < min(len(lines), start + REWRITTEN) and lines[end].key == key:
        end += 1
    return end - start


def _first_call(tracks: _Tracks) -> CallParting | None:
    before, after = (track.side.calls for track in tracks)
    for number in range(max(len(before), len(after))):
        made = [track.call(number) for track in tracks]
        if None in made or _said(before[number]) != _said(after[number]):
            return CallParting(number + 1, *made)
    return None


def _said(call: ModelCall) -> tuple[str, str, str]:
    return call.role, call.agent, call.outcome


def _raised(tracks: _Tracks) -> list[RaisedChange]:
    times: dict[tuple[str, Key], list[int]] = {}
    where: dict[tuple[str, Key], TraceLine] = {}
    for number, track in enumerate(tracks):
        for one in track.side.raised:
            line = track.line(one.step)
            key = one.name, line.key
            times.setdefault(key, [0, 0])[number] += one.times
            where[key] = line
    found = [
        RaisedChange(name, where[name, key], (old, new))
        for (name, key), (old, new) in times.items()
        if old != new
    ]
    return sorted(found, key=lambda one: (one.times[0] - one.times[1], one.name, str(one.where)))


def _causes(found: Iterable[Key | None]) -> list[Key]:
    return list(dict.fromkeys(one for one in found if one is not None))
