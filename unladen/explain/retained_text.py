"""What a difference of retained memory is made of, as text."""

from __future__ import annotations

from unladen.explain.retained import Retained, SitePart
from unladen.explain.rows import mark, sum_lines
from unladen.explain.run import CommitPair
from unladen.explain.sums import SumCause


def retained_lines(retained: Retained, pair: CommitPair, everything: bool) -> list[str]:
    """The difference, by where it was allocated."""

    def said(part: SitePart, cause: SumCause[SitePart]) -> str:
        touched = mark(cause.key, part.line, pair)
        at = f"{touched}{part.line}: {part.place.text}" if part.line else ""
        return f"{at}  in {part.place.where}"

    head = "  retained, by where it was allocated (* the commit touches the line)"
    together = "together, in bytes"
    return [head, *sum_lines(retained, pair, said, everything=everything, together=together)]
