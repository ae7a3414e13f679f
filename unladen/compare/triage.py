"""What a person judges of a commit: which of its changes are meant, and how much worse they are."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from unladen.changes.by_commit import CommitChanges, HistoryChanges
from unladen.changes.model import IS_NONE, Change, Direction
from unladen.changes.standing import told
from unladen.compare.ab.cells import Cell
from unladen.compare.gate.thresholds import worse_by
from unladen.errors import UserError
from unladen.store.series import SeriesInfo
from unladen.store.triage import JudgedSeries, TriageWord
from unladen.text.names import no_series, shown_name
from unladen.text.terminal import printable

_NAMED = 3
"""Series that are named where one is not found."""


def open_commits(history_changes: HistoryChanges) -> list[CommitChanges]:
    """Those of which a regression stands, and nobody said that it may, newest first."""
    return [
        commit
        for commit in history_changes.commits
        if any(change.is_open for change in told(commit, Direction.REGRESSION))
    ]


def judged(
    commit: CommitChanges, said: TriageWord, patterns: Sequence[str]
) -> dict[str, JudgedSeries]:
    """The changes of a commit that are judged, by the names of their series.

    ``patterns``: globs on the name, or the name and parameters, of series; without any all
    regressions, of which those of sampled series alone can be noise. Raises ``UserError`` if there
    are none such.
    """
    meant = [one for one in commit.changes if _may_be(one, said)]
    chosen: dict[int, Change] = {}
    for pattern in patterns or ["*"]:
        found = {id(one): one for one in meant if one.series.is_called(pattern, one.cell)}
        if not found:
            raise UserError(_none(commit, said, pattern, meant))
        chosen |= found
    by_series: dict[str, list[Change]] = defaultdict(list)
    for change in chosen.values():
        by_series[change.series.name].append(change)
    return {name: _judged(changes) for name, changes in by_series.items()}


def judged_unmeasured(
    series: Iterable[SeriesInfo], patterns: Sequence[str], up_to: float
) -> dict[str, JudgedSeries]:
    """All cells that are called so of series of which nothing is known at a commit. Raises
    ``UserError`` for a pattern that finds none."""
    every = list(series)
    found: dict[str, JudgedSeries] = {}
    for pattern in patterns:
        cells = {
            one.name: (one, tuple(cell for cell in one.cells if one.is_called(pattern, cell)))
            for one in every
        }
        matching = {
            name: JudgedSeries(one.version, cells, up_to)
            for name, (one, cells) in cells.items()
            if cells
        }
        if not matching:
            raise UserError(no_series(pattern, [one.name for one in every]))
        found |= matching
    return found


def _may_be(change: Change, said: TriageWord) -> bool:
    if said is TriageWord.NOISE:
        return not change.series.is_exact
    is_meant = change.state not in IS_NONE or change.triage is not None
    return change.direction is Direction.REGRESSION and is_meant


def _judged(changes: Sequence[Change]) -> JudgedSeries:
    cells = tuple(dict.fromkeys(change.cell for change in changes))
    worst = max(map(_worse, changes))
    return JudgedSeries(
        changes[0].series.version, cells, round(worst, 6) if math.isfinite(worst) else None
    )


def _worse(change: Change) -> float:
    before, after = change.before, change.after
    if before.status is not after.status or before.value is None or after.value is None:
        return math.inf
    cell = Cell(change.series, change.series.cells.index(change.cell))
    return worse_by(cell, before.value, after.value)


def _none(commit: CommitChanges, said: TriageWord, pattern: str, meant: Sequence[Change]) -> str:
    short = commit.commit.short
    what = "changed no sampled series" if said is TriageWord.NOISE else "made nothing worse"
    if not meant:
        exact = "; exact values repeat to the digit, and are no noise: --accepted WHY?"
        return f"{short} {what}{exact if said is TriageWord.NOISE and commit.changes else ''}"
    names = [*dict.fromkeys(shown_name(one.series.name) for one in meant)]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return (
        f"{short} {what} that is called {printable(pattern)!r}; it is about "
        f"{', '.join(names[:_NAMED])}{more}"
    )
