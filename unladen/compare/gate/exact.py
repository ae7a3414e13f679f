"""The exact part of a gate: compare, then measure again whatever differs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from unladen.compare.ab.benchmark_setup import BenchmarkSetup
from unladen.compare.ab.cells import Cell, Sample, cells_of
from unladen.compare.ab.exact import ExactValues, Samples, exact_values, measure_values
from unladen.compare.gate.model import FAILING, Finding, Judgement
from unladen.compare.gate.thresholds import Rule, threshold, worse_by
from unladen.history.carrying import Measured
from unladen.results.spared import Spared
from unladen.store.series import SeriesInfo, Status

MISSING = Sample(Status.MISSING)

FLAGS = (
    Judgement.REGRESSION,
    Judgement.MINOR,
    Judgement.IMPROVEMENT,
    Judgement.MINOR_BETTER,
    Judgement.BROKEN,
    Judgement.WRONG,
    Judgement.GONE,
    Judgement.WORKS,
    Judgement.RIGHT,
)
"""Outcomes that must be seen twice."""


@dataclass(frozen=True)
class ExactFindings:
    """``stored``: how many series had their values at hand, of both commits together; ``remarks``:
    lines for the user; ``spared``: what was not measured at the second commit, which cannot differ
    from the first there."""

    findings: list[Finding]
    stored: int
    remarks: list[str]
    spared: Spared | None = None

    @property
    def is_bad(self) -> bool:
        """Whether they alone fail the gate."""
        return any(one.judgement in FAILING for one in self.findings)

    def joined(self, more: ExactFindings) -> ExactFindings:
        """These and those of other series."""
        spared = [one for one in (self.spared, more.spared) if one is not None]
        both = frozenset().union(*(one.series for one in spared))
        return ExactFindings(
            [*self.findings, *more.findings],
            self.stored + more.stored,
            [*self.remarks, *(one for one in more.remarks if one not in self.remarks)],
            replace(spared[0], series=both) if spared else None,
        )


Spares = Callable[[Measured, Sequence[SeriesInfo]], Spared | None]
"""Which series cannot differ, by what processes opened of the first commit."""


def gate_exact(
    setup: BenchmarkSetup,
    commits: tuple[str, str],
    series: Sequence[SeriesInfo],
    rules: Sequence[Rule],
    stage: Callable[[str], None],
    keep: bool = False,
    spares: Spares = lambda measured, series: None,
) -> ExactFindings:
    """What is found on exact ``series``. ``keep``: store what is measured. Raises ``UserError``."""
    base, head = commits
    stage(f"exact series at {setup.repository.called(base)}")
    before = exact_values(setup, base, series, keep)
    spared = spares(before.measured, series) if before.measured else None
    pending = [one for one in series if spared is None or one.name not in spared.series]
    after = ExactValues({}, 0)
    if pending:
        stage(f"exact series at {setup.repository.called(head)}")
        after = exact_values(setup, head, pending, keep)
    left = {one.name for one in pending}
    same = {key: sample for key, sample in before.samples.items() if key[0] not in left}
    findings = compare(series, before.samples, {**same, **after.samples}, rules)
    flagged = {one.cell.series.name for one in findings if one.judgement in FLAGS}
    if flagged:
        stage(f"{len(flagged)} exact series that differ, again")
        again = [
            measure_values(setup, commit, [one for one in series if one.name in flagged])
            for commit in commits
        ]
        repeated = compare(series, again[0], again[1], rules)
        findings = [
            _agreed(one, two) if one.judgement in FLAGS else one
            for one, two in zip(findings, repeated, strict=True)
        ]
    remarks = [*before.remarks, *after.remarks]
    return ExactFindings(findings, before.stored + after.stored, remarks, spared)


def compare(
    series: Sequence[SeriesInfo], before: Samples, after: Samples, rules: Sequence[Rule]
) -> list[Finding]:
    """One finding for each cell."""
    return [
        judge(cell, before.get(cell.key, MISSING), after.get(cell.key, MISSING), rules)
        for cell in cells_of(series)
    ]


def judge(cell: Cell, before: Sample, after: Sample, rules: Sequence[Rule]) -> Finding:
    """What became of a cell, by two samples of which each stands for its commit."""
    limit = threshold(cell, rules)
    if not (before.values and after.values):
        return Finding(cell, by_status(before.status, after.status), before, after, None, limit)
    worse = worse_by(cell, before.level, after.level)
    judgement = Judgement.SAME
    if before.status is not after.status:
        judgement = by_status(before.status, after.status)
    elif cell.series.differ(before.level, after.level):
        judgement = by_size(worse, limit)
    return Finding(cell, judgement, before, after, worse, limit)


def by_size(worse: float, limit: float) -> Judgement:
    """What a change of this size is, if it is one."""
    if worse > 0:
        return Judgement.REGRESSION if worse >= limit else Judgement.MINOR
    return Judgement.IMPROVEMENT if -worse >= limit else Judgement.MINOR_BETTER


def by_status(before: Status, after: Status) -> Judgement:
    """What it means that one of the commits has no figure, or that only one of them is wrong."""
    match before, after:
        case Status.MEASURED, Status.FAILED:
            return Judgement.BROKEN
        case ((Status.MEASURED | Status.NOT_APPLICABLE), Status.WRONG):
            return Judgement.WRONG
        case Status.WRONG, Status.MEASURED:
            return Judgement.RIGHT
        case Status.MEASURED, Status.NOT_APPLICABLE:
            return Judgement.GONE
        case Status.FAILED, Status.MEASURED:
            return Judgement.WORKS
        case Status.NOT_APPLICABLE, Status.MEASURED:
            return Judgement.NEW
    return Judgement.NOT_MEASURED


def _agreed(first: Finding, again: Finding) -> Finding:
    """The first finding if measuring again found the same, else that the series is not steady."""
    if again.judgement is first.judgement:
        return first
    note = f"measured again, it is: {again.judgement.value}"
    return replace(first, judgement=Judgement.UNSTEADY, note=note)
