"""What is said of rows beside the figures that are taken from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from benchmarks.core.notes import wrong
from benchmarks.questions.capacity import percentile
from mocks.worlds.service.rows import Error, Row

MOST_REASONS = 3
"""Reasons that are told."""

UNAVAILABLE = 503


def is_refused(row: Row) -> bool:
    """Whether the service said that it cannot serve it now: 429 or 503. That is no success."""
    return row.error is Error.QUOTA or row.status == UNAVAILABLE


def is_failed(row: Row) -> bool:
    """Whether it ended without a reply that says so: broken, late, an error of the server."""
    return not row.ok and row.error is not Error.WRONG and not is_refused(row)


def check(rows: Iterable[Row]) -> None:
    """Say beside the value that is measured what is wrong with the replies, if anything is."""
    if said := reasons(rows):
        wrong(said)


def reasons(rows: Iterable[Row]) -> str:
    """What went wrong, the most frequent first, a line each; empty if nothing did."""
    counted = Counter(f"{row.error}: {row.reason}" for row in rows if not row.ok)
    ordered = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    lines = [f"{count} x {text}" if count > 1 else text for text, count in ordered[:MOST_REASONS]]
    if len(ordered) > MOST_REASONS:
        lines.append(f"and {len(ordered) - MOST_REASONS} other reasons")
    return "\n".join(lines)


def share_of(values: Sequence[float], share: float) -> float | None:
    """The percentile by nearest rank, to the nanosecond; ``None`` where there are no values."""
    return round(percentile(values, share), 9) if values else None
