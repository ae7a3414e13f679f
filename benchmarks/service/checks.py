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


LEFT_OUT = 0.05
"""The share of requests that figures of the right replies may leave out. More of them, and 95 % of
all requests are not what such a figure is of."""


def shortfall(rows: Sequence[Row]) -> str:
    """Why figures of the right replies, or of how soon all was over, are those of a wrong outcome:
    too many requests have no right reply (``LEFT_OUT``). Empty if they are not."""
    bad = sum(not row.ok for row in rows)
    if bad <= LEFT_OUT * len(rows):
        return ""
    return f"{bad} of {len(rows)} requests have no right reply: {reasons(rows)}"


def check(short: str) -> None:
    """Say beside the value that is measured that it is of such an outcome (``shortfall``)."""
    if short:
        wrong(short)


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
