"""What a difference of memory is made of by where it was allocated, as text."""

from __future__ import annotations

from unladen.explain.peaks import Peak, PeakPlace
from unladen.explain.retained import Retained, SitePart
from unladen.explain.rows import WIDTH, mark, sum_lines
from unladen.explain.run import CommitPair
from unladen.explain.sums import SumCause, SumOfCauses
from unladen.text.terminal import fitted


def retained_lines(retained: Retained, pair: CommitPair, everything: bool) -> list[str]:
    """The difference of what is retained."""
    head = "  retained, by where it was allocated (* the commit touches the line)"
    return [head, *_by_site(retained, pair, everything)]


def peak_lines(peak: Peak, pair: CommitPair, everything: bool) -> list[str]:
    """The difference of a peak, and where it is reached."""
    head = "  alive at the peak, by where it was allocated (* the commit touches the line)"
    before, after = (_said(one) for one in peak.places)
    reached = [
        f"  the peak is reached {before}",
        *([f"  and now {after}"] if after != before else []),
    ]
    lines = [fitted(line, WIDTH) for line in reached]
    return [*lines, head, *_by_site(peak, pair, everything)]


def _by_site(found: SumOfCauses[SitePart], pair: CommitPair, everything: bool) -> list[str]:
    def said(part: SitePart, cause: SumCause[SitePart]) -> str:
        touched = mark(cause.key, part.line, pair)
        at = f"{touched}{part.line}: {part.place.text}" if part.line else ""
        return f"{at}  in {part.place.where}"

    together = "together, in bytes"
    return sum_lines(found, pair, said, everything=everything, together=together)


def _said(place: PeakPlace | None) -> str:
    if place is None:
        return "in no function of the SDK's"
    return f"in {place.key.name} at {place.line}: {place.text}"
