"""The places where cancelling goes wrong, in a few lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

MOST = 5
"""Lines of a note; further places are only counted."""


def worst(wrong: Sequence[tuple[str, str]]) -> str:
    """One line for each (where, what), those of most points first, then in their order."""
    ranked = Counter(wrong).most_common()
    lines = [f"{_points(count)} at {where}: {what}" for (where, what), count in ranked[:MOST]]
    left_out = len(wrong) - sum(count for _, count in ranked[:MOST])
    if left_out:
        lines.append(f"and {_points(left_out)} elsewhere or otherwise")
    return "\n".join(lines)


def _points(count: int) -> str:
    return "1 point" if count == 1 else f"{count} points"
