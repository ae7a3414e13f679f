"""Which kind of explanation a series has."""

from __future__ import annotations

from unladen.store.series import SeriesInfo

WORK = "work"
WAITS = "waits"
COUNTED = "counted"
OUTCOMES = "outcomes"
RETAINED = "retained"
PEAK = "peak"
IMPORTS = "imports"
NONE = "none"


def kind_of(series: SeriesInfo) -> str:
    """What a series says of itself (``explain``); of one that does not say it: work, or nothing if
    its figures differ from run to run."""
    return series.explain or (WORK if series.is_exact else NONE)
