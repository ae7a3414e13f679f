"""What a difference of a number of things is made of, as text."""

from __future__ import annotations

from unladen.explain.counted import CountedThings, ThingCause, ThingPart
from unladen.explain.run import CommitPair
from unladen.explain.waits_text import NUMBER, PARTS, WIDTH, times, where_touched
from unladen.text.terminal import fitted

TEXTS = 6


def counted_lines(counted: CountedThings, pair: CommitPair, everything: bool) -> list[str]:
    """The difference, by who did it and by what was done."""
    lines = ["  counted, by functions that the commit changes (* it touches the line)"]
    for number, cause in enumerate(counted.causes, 1):
        lines.append(_cause(number, cause, counted, pair))
        for part in cause.parts if everything else cause.parts[:PARTS]:
            lines.append(_part(part, cause, pair))
    lines.append(_row(counted.left_over, counted, "left over"))
    lines.append(_row(counted.change, counted, "together"))
    if counted.texts:
        lines.append("  counted, by text")
    shown = counted.texts if everything else counted.texts[:TEXTS]
    for one in shown:
        lines.append(_row(one.change, counted, f"{times(one.times)}: {one.text}"))
    if left := counted.texts[len(shown) :]:
        lines.append(_row(sum(one.change for one in left), counted, f"and {len(left)} more texts"))
    return lines


def _cause(number: int, cause: ThingCause, counted: CountedThings, pair: CommitPair) -> str:
    if cause.key is None:
        return _row(cause.change, counted, "below no changed function")
    where = f"{cause.key.file}{where_touched(cause.key, pair)}"
    return _row(cause.change, counted, f"{number} {cause.key.name}  {where}  ({cause.why})")


def _part(part: ThingPart, cause: ThingCause, pair: CommitPair) -> str:
    line = range(part.line, part.line + 1)
    touched = cause.key is not None and pair.touched.hunk(cause.key.file, line) is not None
    at = f"{'*' if touched else ' '}{part.line}: " if part.line else ""
    is_elsewhere = part.place.where and (cause.key is None or part.place.where != cause.key.name)
    where = f"in {part.place.where} " if is_elsewhere else ""
    indent = f"  {part.change:>+{NUMBER},} {'':7}    "
    return fitted(f"{indent}{at}{where}{times(part.times)}: {part.place.text}", WIDTH)


def _row(change: int, counted: CountedThings, text: str) -> str:
    share = f"{change / counted.change:.1%}" if counted.change else ""
    return fitted(f"  {change:>+{NUMBER},} {share:>7}  {text}", WIDTH)
