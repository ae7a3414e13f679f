"""How many faults hang, and how many end as nobody expects, at the newest measured commit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from unladen.history.history import History
from unladen.store.bounds import Count
from unladen.views.faults.model import faults_at, known_at, outcome_series

HANG = "hang"
"""The word for what never ends."""


@dataclass(frozen=True)
class FaultCounts:
    """Of one series of outcomes: faults that were ``measured``, those that are ``unexpected``, and
    those among all that ``hang``."""

    capability: str
    series: str
    measured: Count
    unexpected: Count
    hangs: Count


def fault_counts(history: History) -> Iterator[FaultCounts]:
    """Those of each series, where it was measured last."""
    for series in outcome_series(history):
        if (at := known_at(series)).size and HANG in series.series.codes:
            faults = faults_at(history, series, int(at[-1])).faults
            yield FaultCounts(
                series.series.capability,
                series.series.name,
                sum(one.reading.value is not None for one in faults),
                sum(one.is_expected is False for one in faults),
                sum(one.actual == HANG and not one.is_expected for one in faults),
            )
