"""The two sides of a change as a report tells them: each a figure that leads to its series."""

from __future__ import annotations

from unladen.changes.model import Change
from unladen.changes.words import size_text
from unladen.report.commit_results import CommitResults, Series
from unladen.report.figures import Figure, derived
from unladen.store.series import Status


def before(results: CommitResults, change: Change) -> Figure | str:
    """What was read before it, at the last commit where it was measured."""
    series, cell = _found(results, change)
    at = _index(results, change) - 1
    while at > 0 and series.stored.status(at, cell) is Status.MISSING:
        at -= 1
    return series.marked(cell, at) or _without_value(change.before.status)


def after(results: CommitResults, change: Change) -> Figure | str:
    """What was read at its commit."""
    series, cell = _found(results, change)
    return series.marked(cell, _index(results, change)) or _without_value(change.after.status)


def size(results: CommitResults, change: Change) -> Figure | str:
    """How much it is; a dash where nobody can say."""
    statuses = change.before.status, change.after.status
    if change.series.codes or not all(status.has_value for status in statuses):
        return "–"
    text = size_text(change.series, change.before.value, change.after.value, change.ratio)
    sides = before(results, change), after(results, change)
    figures = [side for side in sides if isinstance(side, Figure)]
    return derived(change.ratio or 0.0, text, figures) if text else "–"


def _without_value(status: Status) -> str:
    return "FAILED" if status is Status.FAILED else status.value


def _found(results: CommitResults, change: Change) -> tuple[Series, int]:
    for stored in results.history.series:
        if stored.series.name == change.series.name:
            return Series(results, stored), stored.series.cells.index(change.cell)
    raise LookupError(change.series.name)


def _index(results: CommitResults, change: Change) -> int:
    commits = results.history.commits
    return next(n for n, one in enumerate(commits) if one.hash == change.commit.hash)
