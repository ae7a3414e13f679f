"""Words of changes: their kind, their readings, their size, and how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from unladen.changes.model import IS_NONE, Change, ChangeKind, Direction
from unladen.store.readings import Reading
from unladen.store.series import SeriesInfo, Status
from unladen.text.units import quantity

MARKS = {
    ChangeKind.BROKE: "BROKE",
    ChangeKind.WRONG: "WRONG",
    ChangeKind.WORKS: "works",
    ChangeKind.RIGHT: "right",
    ChangeKind.APPEARS: "new",
    ChangeKind.DISAPPEARS: "gone",
}
"""How a line begins, of changes that are not from right number to right number."""

_MARKS_IN_ORDER = (
    "BROKE", "WRONG", "works", "right", "WORSE", "better", "new", "gone",
    "host", "drift", "cleared", "noise",
)  # fmt: skip


def mark(change: Change) -> str:
    """A word for the kind and direction of a change; of what is no change after all, for that."""
    if change.state in IS_NONE:
        return change.state.value
    worse = "WORSE" if change.direction is Direction.REGRESSION else "better"
    return MARKS.get(change.kind, worse)


def reading_text(reading: Reading, series: SeriesInfo) -> str:
    """A reading for people: the quantity, that of a wrong outcome marked; ``FAILED`` or ``n/a``."""
    if reading.value is not None:
        text = quantity(reading.value, series.unit, series.kind, series.codes)
        return f"{text} (wrong)" if reading.status is Status.WRONG else text
    return "FAILED" if reading.status is Status.FAILED else reading.status.value


def size_text(
    series: SeriesInfo, before: float | None, after: float | None, ratio: float | None
) -> str:
    """How much it is: ``+12 %``, ``x3.4``; of a growth exponent the difference; "" if unknown or
    nothing, of what was negative, and of codes."""
    if before is None or after is None or before == after or series.codes:
        return ""
    if series.is_of_exponents:
        return f"{after - before:+.2f}"
    if ratio is None or before < 0:  # no share of a negative amount means anything
        return ""
    if ratio >= 2:
        return f"x{ratio:.3g}"
    percent = (ratio - 1) * 100
    return f"{percent:+.0f} %" if abs(percent) >= 9.95 else f"{percent:+.2g} %"


def counts(changes: Sequence[Change]) -> str:
    """``2 WORSE, 1 better``: how many changes there are of each kind."""
    marks = Counter(mark(change) for change in changes)
    return ", ".join(f"{marks[word]} {word}" for word in _MARKS_IN_ORDER if marks[word])
