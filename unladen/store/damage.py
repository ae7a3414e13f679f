"""What is odd in a results file that can be read: said, so that nothing is silently missing."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from types import NoneType
from typing import Any, Protocol

from unladen.text.terminal import printable

SMALLEST, LARGEST = 1e-150, 1e150
"""No benchmark returns anything beyond, and within no ratio or square overflows."""

NEEDED = ("result", "params", "version")
"""The columns without which a file says nothing."""

STATISTICS = ("ci_99_a", "ci_99_b", "q_25", "q_75", "number", "repeat")
"""asv's statistics of a sampled value: 99 % confidence interval, quartiles, loops, samples."""

_OTHERS = ("started_at", *(f"stats_{name}" for name in STATISTICS))


class Stored(Protocol):
    """What a file holds of one series."""

    @property
    def combinations(self) -> int:
        """How many parameter combinations it had."""

    def entry(self, name: str) -> Any:
        """An entry by asv's name of it; None if there is none."""


def number(stored: object) -> float | int | None:
    """A stored result as a number: None for what is none, or none that can be reckoned with (NaN,
    infinite, text; other than 0 nearer to it than ``SMALLEST``, or beyond ``LARGEST``)."""
    if not isinstance(stored, int | float):
        return None
    return stored if stored == 0 or SMALLEST <= abs(stored) <= LARGEST else None


def not_a_number(stored: object) -> str:
    """The reason why a stored result that is neither null nor a number is a failure."""
    if isinstance(stored, str):
        return f"not a number: {printable(stored[:60])}"
    if isinstance(stored, int | float):
        return "too large" if abs(stored) > 1 else "too small"
    return f"not a number: a {type(stored).__name__}"


def damage(name: str, columns: Mapping[str, int], series: Mapping[str, Stored]) -> list[str]:
    """A line for each kind of thing that is odd. ``name``: the file's, for people; ``columns``:
    their positions by their names."""
    lines = []
    lacking = [column for column in _OTHERS if series and column not in columns]
    if lacking:
        lines.append(f"{name} lacks the columns {', '.join(lacking)}")
    odd = []
    if not _are_all_usable(series):
        odd = [f"{printable(one)}: {why}" for one, stored in series.items() for why in _odd(stored)]
    if odd:
        more = f" and {len(odd) - 1} more" if len(odd) > 1 else ""
        lines.append(f"{name} has values that are none: {odd[0]}{more}")
    uneven = [printable(one) for one, stored in series.items() if _is_uneven(stored)]
    if uneven:
        more = f" and {len(uneven) - 1} more" if len(uneven) > 1 else ""
        lines.append(f"{name} has more or fewer values than parameters: {uneven[0]}{more}")
    return lines


def has_nulls(series: Mapping[str, Stored]) -> bool:
    """Whether any value of a series that is there is null."""
    results = (stored.entry("result") for stored in series.values())
    return any(result is None or None in result for result in results)


def _are_all_usable(series: Mapping[str, Stored]) -> bool:
    """Whether it is certain that no value is odd: many at once, for most files have none."""
    results = (stored.entry("result") or () for stored in series.values())
    values = [*itertools.chain.from_iterable(results)]
    if not {*map(type, values)} <= {float, int, NoneType}:
        return False
    return all(
        SMALLEST <= value <= LARGEST or -LARGEST <= value <= -SMALLEST or value == 0
        for value in values
        if value is not None and value == value  # NaN is n/a
    )


def _odd(stored: Stored) -> Iterator[str]:
    """Why each stored value that is neither null nor n/a is no number."""
    for value in stored.entry("result") or ():
        is_not_applicable = isinstance(value, float) and math.isnan(value)
        if value is not None and not is_not_applicable and number(value) is None:
            yield not_a_number(value)


def _is_uneven(stored: Stored) -> bool:
    result = stored.entry("result")
    return result is not None and len(result) != stored.combinations
