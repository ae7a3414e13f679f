"""What a difference of a number of things is made of: statements, model calls and the like.

Each thing belongs to its *cause*, the nearest function above it that the commit changed, and there
to the line. The same thing that one cause did and another does now counts for neither. The parts
add up to the whole difference.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from unladen.explain.code import Key, LineText
from unladen.explain.contexts import CountedPart, Side
from unladen.explain.matching import Matching
from unladen.explain.sums import SumOfCauses, by_cause, direction, net


@dataclass(frozen=True)
class ThingPlace:
    """``text``: of what was counted; ``cause``: None if nothing above it was changed; ``via``: the
    text of the cause's line that led there; ``where``: the SDK's function that did it, "" if it was
    none of these."""

    text: str
    cause: Key | None
    via: str
    where: str


@dataclass
class ThingPart:
    """What one place contributes. ``line``: of ``place.via`` in the cause, 0 if it has none;
    ``times``: before and after; ``change``: their difference, less what others do instead."""

    place: ThingPlace
    line: int
    times: tuple[int, int]
    change: int


@dataclass(frozen=True)
class TextCount:
    """How many had a text, before and after."""

    text: str
    times: tuple[int, int]

    @property
    def change(self) -> int:
        """How many more there are."""
        return self.times[1] - self.times[0]


@dataclass(frozen=True)
class CountedThings(SumOfCauses[ThingPart]):
    """``texts``: those that differ, the biggest in the direction of the difference first;
    ``moved``: how many others do instead."""

    texts: Sequence[TextCount]
    moved: int


def explain_counted(
    before: Side, after: Side, matching: Matching, texts: tuple[LineText, LineText]
) -> CountedThings | None:
    """None if one of the figures is not the sum of what was counted. ``texts``: of the lines before
    and after."""
    totals = [sum(one.times for one in side.parts) for side in (before, after)]
    if [before.value, after.value] != totals:
        return None
    sign = direction(*totals)
    parts = _parts(before, after, matching, texts)
    by_text: defaultdict[str, list[ThingPart]] = defaultdict(list)
    for part in parts:
        by_text[part.place.text].append(part)
    moved = sum(net(same) for same in by_text.values())
    return CountedThings(
        before=totals[0],
        after=totals[1],
        causes=by_cause(parts, matching, sign, lambda one: one.place.text),
        texts=_texts(before, after, sign),
        moved=moved,
    )


def _parts(
    before: Side, after: Side, matching: Matching, texts: tuple[LineText, LineText]
) -> list[ThingPart]:
    found: dict[ThingPlace, ThingPart] = {}
    for number, side in enumerate((before, after)):
        for one in side.parts:
            place, line = _placed(one, matching, texts[number], is_before=number == 0)
            was = found.get(place)
            old, new = (0, 0) if was is None else was.times
            times = (old + one.times, new) if number == 0 else (old, new + one.times)
            found[place] = ThingPart(place, line, times, times[1] - times[0])
    return _rewritten(list(found.values()))


def _rewritten(parts: Sequence[ThingPart]) -> list[ThingPart]:
    """The same, with a line that was rewritten as one place: where a function did something at one
    line only before, and does it at another one now."""
    found: list[ThingPart] = []
    by_function: defaultdict[ThingPlace, list[ThingPart]] = defaultdict(list)
    for part in parts:
        by_function[replace(part.place, via="")].append(part)
    for same in by_function.values():
        ordered = sorted(same, key=lambda one: one.line)
        gone = [one for one in ordered if not one.times[1]]
        new = [one for one in ordered if not one.times[0]]
        for was, now in zip(gone, new, strict=False):
            times = was.times[0], now.times[1]
            found.append(ThingPart(now.place, now.line, times, times[1] - times[0]))
        paired = min(len(gone), len(new))
        taken = {id(one) for one in (*gone[:paired], *new[:paired])}
        found += [one for one in ordered if id(one) not in taken]
    return found


def _placed(
    part: CountedPart, matching: Matching, text: LineText, *, is_before: bool
) -> tuple[ThingPlace, int]:
    keys = [matching.now(one.key) if is_before else one.key for one in part.frames]
    where = keys[0].name if keys else ""
    changed = next((number for number, key in enumerate(keys) if key in matching.why), None)
    if changed is None:
        return ThingPlace(part.text, None, "", where), 0
    frame = part.frames[changed]
    return ThingPlace(part.text, keys[changed], text(frame.key.file, frame.line), where), frame.line


def _texts(before: Side, after: Side, sign: int) -> list[TextCount]:
    counts: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    for count, side in zip(counts, (before, after), strict=True):
        for one in side.parts:
            count[one.text] += one.times
    found = [
        TextCount(text, (counts[0][text], counts[1][text]))
        for text in dict.fromkeys([*counts[0], *counts[1]])
    ]
    differing = [one for one in found if one.change]
    return sorted(differing, key=lambda one: (-one.change * sign, one.text))
