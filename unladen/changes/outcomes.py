"""A change of an outcome in words: ``now hangs when 'offer: hangs' (was typed error)``.

A series of outcomes is one with codes that says which of them are expected.
"""

from __future__ import annotations

from collections.abc import Sequence

from unladen.store.series import SeriesInfo
from unladen.text.units import word

_VERBS = {
    "recovered": "recovers from",
    "degraded and reported": "degrades and reports it when",
    "degraded silently": "degrades silently when",
    "typed error": "raises a typed error when",
    "untyped crash": "crashes when",
    "data lost": "loses data when",
    "hang": "hangs when",
}


def verb(outcome: str) -> str:
    """What a subject with this outcome does, up to the name of the case."""
    return _VERBS.get(outcome, f"gives {outcome} when")


def beginning(series: SeriesInfo, before: float | None, after: float | None) -> str:
    """``now hangs when``; "" if there are no two outcomes, or the series is not of outcomes."""
    was, now = (word(value, series.codes) for value in (before, after))
    if not series.expected or was is None or now is None:
        return ""
    return f"now {verb(now)}"


def sentence(series: SeriesInfo, cases: Sequence[str], before: float, after: float) -> str:
    """The whole sentence. ``cases``: the names of those that changed so, for people; "" as for
    ``beginning``."""
    begun = beginning(series, before, after)
    named = ", ".join(f"'{case}'" for case in cases)
    return f"{begun} {named} (was {word(before, series.codes)})" if begun else ""
