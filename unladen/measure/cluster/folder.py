"""The folder of results that deliveries are put into, by the command alone.

A record is written before its results file, so that whatever ends the command between the two
leaves the series unmeasured, and never a value without its reasons.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from unladen.asv_bridge.merging import merge, take_out
from unladen.asv_bridge.results import file_name
from unladen.measure.cluster.deliveries import Read
from unladen.measure.cluster.messages import Order
from unladen.measure.opened import joined, recorded
from unladen.store.owner import claim
from unladen.store.records import Record, has_record, record_of, record_path
from unladen.store.results_file import ResultsFile, read_results
from unladen.store.series import SeriesInfo


@dataclass(frozen=True)
class Folder:
    """The folder of results that deliveries are put into. ``results``: of the target;
    ``machine``: the name of the machine's folder in it; ``description``: as the machine describes
    itself; ``target``: whose results they are."""

    results: Path
    machine: str
    description: Mapping[str, Any]
    target: str

    def path(self, commit: str, environment: str) -> Path:
        """A results file, which need not be there."""
        return self.results / file_name(self.machine, commit, environment)

    def lacking(
        self, commit: str, environment: str, series: Mapping[str, SeriesInfo], skip: Skip
    ) -> set[str]:
        """The names of the series that are to be measured at a commit."""
        path = self.path(commit, environment)
        if not skip.any or not path.is_file() or not has_record(path):
            return set(series)
        file = read_results(path)
        return {name for name, info in series.items() if not skip.skips(file, info)}

    def store(self, order: Order, read: Sequence[Read]) -> None:
        """Put what was measured into the folder."""
        claim(self.results, self.target)
        for one in read:
            path = self.path(order.commit, one.file.environment)
            known = record_of(path) if path.is_file() else None
            kept = set(read_results(path).series) - set(order.series) if path.is_file() else set()
            parts = [recorded(one.record, one.file.path.parent)]
            parts += [recorded(known, path.parent)] if kept else []
            opened = joined(parts, path.parent)
            times = (one.file.series[name].started for name in order.series)
            started = [at for at in times if at is not None]
            merged = _merged(known or Record(), one.record, order.series, started)
            replace(merged, opened=opened).save(record_path(path))
            merge(one.file.path, path, order.series, self.description)

    def take_back(self, order: Order, environments: Collection[str]) -> None:
        """Remove what an order brought: it cannot be believed any more."""
        for environment in environments:
            path = self.path(order.commit, environment)
            if path.is_file() and not take_out(path, order.series):
                path.unlink()
                record_path(path).unlink(missing_ok=True)


@dataclass(frozen=True)
class Skip:
    """Which stored series are not measured again: those with all values, those that lack some, all
    of a commit that has any results."""

    successful: bool
    failed: bool
    commits: bool

    @property
    def any(self) -> bool:
        """Whether anything is skipped."""
        return self.successful or self.failed or self.commits

    def skips(self, file: ResultsFile, series: SeriesInfo) -> bool:
        """Whether a series is not measured again. A value that was never measured is none."""
        if self.commits:
            return True
        stored = file.of(series)
        if stored is None:
            return False
        has_failed = None in (stored.entry("result") or [None])
        return self.failed if has_failed else self.successful


def _merged(known: Record, new: Record, series: Collection[str], started: Sequence[int]) -> Record:
    """What is recorded after these series were measured elsewhere.

    Of a commit of which something was measured here, what is said of the machine stays; the session
    says where the new series were measured.
    """
    assert new.environment is not None
    merged = known.updated(
        known.environment or new.environment,
        dict.fromkeys(series, ()),
        [one for one in new.failed if one.series in series],
        [one for one in new.not_applicable if one.series in series],
        [one for one in new.notes if one.series in series],
        [one for one in new.wrong if one.series in series],
    )
    used = [s for s in new.sessions if any(s.started <= at <= s.ended for at in started)]
    return replace(merged, sessions=(*merged.sessions, *used))
