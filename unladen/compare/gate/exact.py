"""The exact part of a gate: compare, then measure again whatever differs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from unladen.compare.ab.cells import Cell, Sample, cells_of
from unladen.compare.ab.exact import Samples, exact_values, measure_values
from unladen.compare.ab.workshop import Workshop
from unladen.compare.gate.model import Finding, Outcome
from unladen.compare.gate.thresholds import Rule, threshold, worse_by
from unladen.store.series import SeriesInfo, Status

MISSING = Sample(Status.MISSING)

FLAGS = (
    Outcome.REGRESSION,
    Outcome.MINOR,
    Outcome.IMPROVEMENT,
    Outcome.MINOR_BETTER,
    Outcome.BROKEN,
    Outcome.WRONG,
    Outcome.GONE,
    Outcome.WORKS,
    Outcome.RIGHT,
)
"""Outcomes that must be seen twice."""


def gate_exact(
    workshop: Workshop,
    commits: tuple[str, str],
    series: Sequence[SeriesInfo],
    rules: Sequence[Rule],
    stage: Callable[[str], None],
    keep: bool = False,
) -> tuple[list[Finding], int, list[str]]:
    """The findings on exact ``series``; how many of their values were stored; remarks.

    ``keep``: store what is measured. Raises ``UserError``.
    """
    values = []
    for commit in commits:
        stage(f"exact series at {commit[:8]}")
        values.append(exact_values(workshop, commit, series, keep))
    findings = compare(series, values[0].samples, values[1].samples, rules)
    flagged = {one.cell.series.name for one in findings if one.outcome in FLAGS}
    if flagged:
        stage(f"{len(flagged)} exact series that differ, again")
        again = [
            measure_values(workshop, commit, [one for one in series if one.name in flagged])
            for commit in commits
        ]
        repeated = compare(series, again[0], again[1], rules)
        findings = [
            _agreed(one, two) if one.outcome in FLAGS else one
            for one, two in zip(findings, repeated, strict=True)
        ]
    remarks = [remark for one in values for remark in one.remarks]
    return findings, sum(one.stored for one in values), remarks


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
    outcome = Outcome.SAME
    if before.status is not after.status:
        outcome = by_status(before.status, after.status)
    elif cell.series.differ(before.level, after.level):
        outcome = by_size(worse, limit)
    return Finding(cell, outcome, before, after, worse, limit)


def by_size(worse: float, limit: float) -> Outcome:
    """What a change of this size is, if it is one."""
    if worse > 0:
        return Outcome.REGRESSION if worse >= limit else Outcome.MINOR
    return Outcome.IMPROVEMENT if -worse >= limit else Outcome.MINOR_BETTER


def by_status(before: Status, after: Status) -> Outcome:
    """What it means that one of the commits has no figure, or that only one of them is wrong."""
    match before, after:
        case Status.MEASURED, Status.FAILED:
            return Outcome.BROKEN
        case ((Status.MEASURED | Status.NOT_APPLICABLE), Status.WRONG):
            return Outcome.WRONG
        case Status.WRONG, Status.MEASURED:
            return Outcome.RIGHT
        case Status.MEASURED, Status.NOT_APPLICABLE:
            return Outcome.GONE
        case Status.FAILED, Status.MEASURED:
            return Outcome.WORKS
        case Status.NOT_APPLICABLE, Status.MEASURED:
            return Outcome.NEW
    return Outcome.NOT_MEASURED


def _agreed(first: Finding, again: Finding) -> Finding:
    """The first finding if measuring again found the same, else that the series is not steady."""
    if again.outcome is first.outcome:
        return first
    note = f"measured again, it is: {again.outcome.value}"
    return replace(first, outcome=Outcome.UNSTEADY, note=note)
