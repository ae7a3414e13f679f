"""What a difference of a peak of memory is made of: what is alive then, by where it was allocated.

Two peaks may be at different moments: then what is alive at one and not at the other is part of the
difference like all else, and the moments are told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from unladen.explain.code import Key
from unladen.explain.contexts import OWN, Side
from unladen.explain.diffs import CommitFiles
from unladen.explain.matching import Matching
from unladen.explain.retained import SitePart, explain_retained
from unladen.explain.sums import SumOfCauses


@dataclass(frozen=True)
class PeakPlace:
    """The SDK's innermost line that runs when a peak is reached: in the function ``key``."""

    key: Key
    line: int
    text: str


@dataclass(frozen=True)
class Peak(SumOfCauses[SitePart]):
    """In bytes. ``places``: where the peak is reached, before and after; None where no function of
    the SDK's runs then, or where it was not found."""

    places: Sequence[PeakPlace | None]


def explain_peak(
    before: Side, after: Side, matching: Matching, files: tuple[CommitFiles, CommitFiles]
) -> Peak:
    """``files``: before and after."""
    alive = explain_retained(before, after, matching, files)
    old, new = _place(before, files[0]), _place(after, files[1])
    return Peak(alive.before, alive.after, alive.causes, (old, new))


def _place(side: Side, files: CommitFiles) -> PeakPlace | None:
    for frame in side.at:
        key = files.function_at(frame.file, frame.line) if frame.origin == OWN else None
        if key is not None:
            return PeakPlace(key, frame.line, files.line(frame.file, frame.line))
    return None
