"""Dates of commits as text, in UTC. Git takes dates that no calendar has: they become its ends."""

from __future__ import annotations

from datetime import UTC, datetime

_LAST = 253_402_300_799
"""The end of the year 9999, in seconds since 1970."""


def moment(date: float) -> str:
    """Milliseconds since 1970 as RFC 3339 has them: ``2026-01-31T12:00:00Z``."""
    seconds = min(max(date / 1000, 0), _LAST)
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(date: float) -> str:
    """Milliseconds since 1970 as a day: ``2026-01-31``."""
    return moment(date)[:10]
