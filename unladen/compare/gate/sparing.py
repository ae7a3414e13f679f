"""Which series a gate need not measure: those whose processes open nothing that differs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from unladen.compare.ab.benchmark_setup import BenchmarkSetup
from unladen.compare.ab.exact import here, measure, measure_values, samples_of
from unladen.compare.gate.exact import compare
from unladen.compare.gate.model import Finding, Judgement
from unladen.history.carrying import Measured
from unladen.repo.commits import SHORT
from unladen.results.spared import Spared, spared_by, spared_series
from unladen.store.series import SeriesInfo


@dataclass
class Sparing:
    """``commits``: the two that are compared; ``stage`` is told what is done now; ``is_wanted``:
    whether any series is to be spared. ``remarks``: lines for the user."""

    setup: BenchmarkSetup
    commits: tuple[str, str]
    stage: Callable[[str], None]
    is_wanted: bool
    remarks: list[str] = field(default_factory=list)
    _found: list[Spared] = field(default_factory=list)

    def stored(self, series: Sequence[SeriesInfo]) -> Spared | None:
        """By what is stored."""
        if not self.is_wanted:
            return None
        project, repository = self.setup.project, self.setup.repository
        found = spared_series(project, repository, self.commits, series, here(self.setup))
        return self._controlled(found)

    def by_measured(self, measured: Measured, series: Sequence[SeriesInfo]) -> Spared | None:
        """By what has just been measured of the first commit."""
        if not self.is_wanted:
            return None
        project, repository = self.setup.project, self.setup.repository
        driver = self.setup.environment.driver
        return self._controlled(
            spared_by(project, repository, measured, self.commits, series, driver)
        )

    def by_measuring(self, series: Sequence[SeriesInfo]) -> Spared | None:
        """By measuring them once at the first commit."""
        self.stage(f"what sampled series open at {self.setup.repository.called(self.commits[0])}")
        _, measured = measure(self.setup, self.commits[0], series)
        return self.by_measured(measured, series) if measured else None

    def left(self, series: Sequence[SeriesInfo], spared: Spared | None) -> list[SeriesInfo]:
        """What is still to be compared."""
        if spared is None:
            return [*series]
        self._found.append(spared)
        return [one for one in series if one.name not in spared.series]

    def together(self, more: Spared | None) -> Spared | None:
        """All that was spared; None if nothing."""
        found = [*self._found, *([more] if more else [])]
        if not found:
            return None
        return replace(found[0], series=frozenset().union(*(one.series for one in found)))

    def _controlled(self, spared: Spared | None) -> Spared | None:
        """The same if the control series are what they should be at the commit that was not
        measured; else None, and a remark."""
        if spared is None or not spared.controls:
            return spared
        base, head = self.commits
        commit = base if spared.commit == head else head
        self.stage(f"{len(spared.controls)} control series at {commit[:SHORT]}")
        values = measure_values(self.setup, commit, spared.controls)
        findings = compare(spared.controls, samples_of(spared.readings), values, [])
        others = [one.cell.name for one in findings if not _is_same(one)]
        if not others:
            return spared
        self.remarks.append(
            f"{others[0]} is not what it was at {spared.commit[:SHORT]}, though nothing that was "
            "opened differs: all is measured"
        )
        return None


def _is_same(finding: Finding) -> bool:
    if not finding.before.values:
        return finding.before.status is finding.after.status
    return finding.judgement is Judgement.SAME
