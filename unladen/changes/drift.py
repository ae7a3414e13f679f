"""Slow drifts: small certain changes the same way, close to each other.

A drift is a run of at least ``MIN_STEPS`` successive changes of one cell, all in one direction,
between each two at most ``MAX_PAUSE`` measured commits without a change, none of them more than
``MAX_STEP`` of the value nor more than half of the whole, and ``MIN_TOTAL`` of the value together.
Growth exponents do not drift.
Every step stays a change of its own commit; the drift says that they belong together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from unladen.changes.model import Change, ChangeKind, Drift

MIN_STEPS = 3
MAX_PAUSE = 2
MAX_STEP = 0.05
MIN_TOTAL = 0.02
_HALF = 0.5


def find_drifts(changes: Sequence[Change], points: Sequence[int]) -> Iterator[tuple[Drift, range]]:
    """The drifts among the changes of one cell, each with the indices of its steps.

    ``changes``: oldest first; ``points``: for each, which of the cell's readings shows it.
    ``undone_by`` of the drifts is left open.
    """
    start = 0
    for end in range(1, len(changes) + 1):
        if end < len(changes) and _continues(changes, points, end):
            continue
        if _is_drift(changes[start:end]):
            yield _drift(changes[start:end]), range(start, end)
        start = end


def _continues(changes: Sequence[Change], points: Sequence[int], step: int) -> bool:
    """Whether a step goes on the way that the one before it went."""
    one, other = changes[step - 1], changes[step]
    return (
        _is_small(one)
        and _is_small(other)
        and (_difference(one) > 0) == (_difference(other) > 0)
        and points[step] - points[step - 1] <= MAX_PAUSE + 1
    )


def _is_drift(steps: Sequence[Change]) -> bool:
    if len(steps) < MIN_STEPS:
        return False
    total = sum(map(_difference, steps))
    largest = max(abs(_difference(step)) for step in steps)
    start = steps[0].before.value
    assert start is not None
    return abs(total) >= MIN_TOTAL * abs(start) and largest <= _HALF * abs(total)


def _is_small(change: Change) -> bool:
    if change.series.is_of_exponents:
        return False
    ratio = change.ratio
    return change.kind is ChangeKind.VALUE and ratio is not None and abs(ratio - 1) <= MAX_STEP


def _difference(change: Change) -> float:
    assert change.before.value is not None
    assert change.after.value is not None
    return change.after.value - change.before.value


def _drift(steps: Sequence[Change]) -> Drift:
    first, last = steps[0], steps[-1]
    assert first.before.value is not None
    assert last.after.value is not None
    return Drift(
        series=first.series,
        cell=first.cell,
        commits=tuple(step.commit for step in steps),
        before=first.before.value,
        after=last.after.value,
        direction=first.direction,
        first_suspect=first.first_suspect,
        undone_by=None,
    )
