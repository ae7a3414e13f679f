"""The control sample: exact values that are known here, which each worker has to measure rightly
before it is given anything else, and now and then later on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unladen.measure.cluster.deliveries import Read
from unladen.store.readings import Reading, Reasons, reading_of
from unladen.store.records import Record
from unladen.store.results_file import ResultsFile
from unladen.store.series import SeriesInfo, cell_text

SERIES = 8
"""So many series of the control commit are measured, spread over all that have a value there."""


@dataclass(frozen=True)
class Control:
    """``commit``: its full hash; ``series``: what is measured of it; ``known``: by environment and
    series, what all its cells read here."""

    commit: str
    series: Sequence[SeriesInfo]
    known: Mapping[str, Mapping[str, Sequence[Reading]]]

    def complaint(self, read: Sequence[Read]) -> str:
        """What else a worker measured, one line; "" if it measured the same."""
        for one in read:
            for info in self.series:
                here = self.known[one.file.environment][info.name]
                there = readings(one.file, one.record, info)
                for params, mine, other in zip(info.cells, here, there, strict=True):
                    if _differ(info, mine, other):
                        cell = f"{info.name}({cell_text(params)})".removesuffix("()")
                        return f"{cell} at {self.commit[:8]} is {_said(other)}, here {_said(mine)}"
        return ""


def control_of(
    commit: str, files: Mapping[str, tuple[ResultsFile, Record]], series: Sequence[SeriesInfo]
) -> Control | None:
    """A control sample at a commit that is measured here; None if no series has a value there.

    ``files``: by environment, the commit's results; ``series``: the exact ones that count.
    """
    known = {
        environment: {
            info.name: readings(file, record, info) for info in series if file.of(info) is not None
        }
        for environment, (file, record) in files.items()
    }
    usable = [
        info for info in series if all(_has_value(of.get(info.name)) for of in known.values())
    ]
    if not usable or not known:
        return None
    return Control(commit, spread(usable, SERIES), known)


def spread(series: Sequence[SeriesInfo], count: int) -> list[SeriesInfo]:
    """So many of them, evenly spread; all, if they are fewer."""
    count = min(count, len(series))
    return [series[n * len(series) // count] for n in range(count)]


def readings(file: ResultsFile, record: Record, info: SeriesInfo) -> Sequence[Reading]:
    """What each cell of a series reads in a file that has the series."""
    stored, reasons = file.of(info), Reasons(record)
    assert stored is not None
    results = stored.column("result", info)
    return [
        reading_of(info.name, params, one, reasons)
        for params, one in zip(info.cells, results, strict=True)
    ]


def _has_value(found: Sequence[Reading] | None) -> bool:
    return any(one.value is not None for one in found or ())


def _differ(info: SeriesInfo, one: Reading, other: Reading) -> bool:
    if one.status is not other.status:
        return True
    if one.value is None or other.value is None:
        return False
    return info.differ(one.value, other.value)


def _said(reading: Reading) -> str:
    return reading.status.value if reading.value is None else f"{reading.value:.10g}"
