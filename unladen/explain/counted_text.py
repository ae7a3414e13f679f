"""What a difference of a number of things is made of, as text."""

from __future__ import annotations

from unladen.explain.counted import CountedThings, ThingPart
from unladen.explain.rows import mark, row, sum_lines, times
from unladen.explain.run import CommitPair
from unladen.explain.sums import SumCause

TEXTS = 6


def counted_lines(counted: CountedThings, pair: CommitPair, everything: bool) -> list[str]:
    """The difference, by who did it and by what was done."""

    def said(part: ThingPart, cause: SumCause[ThingPart]) -> str:
        at = f"{mark(cause.key, part.line, pair)}{part.line}: " if part.line else ""
        is_elsewhere = part.place.where and (
            cause.key is None or part.place.where != cause.key.name
        )
        where = f"in {part.place.where} " if is_elsewhere else ""
        return f"{at}{where}{times(part.times)}: {part.place.text}"

    lines = ["  counted, by functions that the commit changes (* it touches the line)"]
    lines += sum_lines(counted, pair, said, everything=everything)
    if counted.texts:
        lines.append("  counted, by text")
    shown = counted.texts if everything else counted.texts[:TEXTS]
    for one in shown:
        lines.append(row(one.change, counted.change, f"{times(one.times)}: {one.text}"))
    if left := counted.texts[len(shown) :]:
        more = sum(one.change for one in left)
        lines.append(row(more, counted.change, f"and {len(left)} more texts"))
    return lines
