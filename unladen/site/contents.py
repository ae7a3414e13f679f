"""What the pages show, as plain objects ready for JSON. docs/site.md describes them.

Commits are numbered from 0, the oldest; series in the order of the history; cells in the order of
the series; kinds, verdicts and states by the lists in ``site``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from unladen.changes.by_commit import (
    MINOR_EXPONENT,
    MINOR_RATIO,
    MINOR_STEP,
    CommitChanges,
    HistoryChanges,
    Item,
)
from unladen.changes.model import (
    IS_NONE,
    SETTLED,
    Change,
    ChangeKind,
    Direction,
    Drift,
    Evidence,
    State,
)
from unladen.changes.standing import standing, told
from unladen.history.series_history import CODES
from unladen.site.counts import count
from unladen.site.encode import (
    EXACT_DIGITS,
    SAMPLED_DIGITS,
    Encoded,
    StringTable,
    no_number,
    rounded,
    wrong_number,
)
from unladen.site.series_entry import series_entry
from unladen.site.sizes import SIZES, size_step
from unladen.site.tags import Tags
from unladen.site.views import Views
from unladen.store.readings import Reading
from unladen.store.series import BEHAVIOUR, ROUNDING, SeriesInfo, Status
from unladen.text.terminal import printable

CHUNK = 50
"""Commits whose changes are in one file."""

CHIPS = 3
"""Changes of a commit that the list of commits names."""

KINDS = tuple(ChangeKind)
DIRECTIONS = tuple(Direction)
STATES = tuple(State)


Sort = tuple[int, int, int, int, int, int]
"""A sort of change: the indices of its kind, direction and state; whether it is minor, and whether
it stands; the step of its size."""


class Gaps:
    """Sets of series, each once: commits that lack values often lack those of the same series."""

    def __init__(self) -> None:
        self.sets: list[list[int]] = []
        self._known: dict[tuple[int, ...], int] = {}

    def index(self, series: Sequence[int]) -> int:
        """The index of a set, which is added if it is new."""
        found = self._known.setdefault((*series,), len(self.sets))
        if found == len(self.sets):
            self.sets.append([*series])
        return found


class Contents:
    """The contents of the data files of one report."""

    def __init__(
        self,
        history_changes: HistoryChanges,
        explained: Mapping[int, list[Any]] | None = None,
        tags: Tags | None = None,
    ) -> None:
        """``history_changes``: of a whole history; ``explained``: as ``explained_rows`` has it;
        ``tags``: those of its commits."""
        self._tags = tags or Tags()
        self._explained = explained or {}
        self.history_changes = history_changes
        self.history = history_changes.history
        self._commits = {c.hash: n for n, c in enumerate(self.history.commits)}
        self._series = {s.series.name: n for n, s in enumerate(self.history.series)}
        self._cells = {
            s.series.name: {cell: n for n, cell in enumerate(s.series.cells)}
            for s in self.history.series
        }
        self._drifts: dict[tuple[str, Sequence[str], str], int] = {}
        for item in history_changes.drifts:
            for drift in item.drifts:
                self._drifts[_drift_key(drift)] = len(self._drifts)
        self._by_commit = {self._commits[c.commit.hash]: c for c in history_changes.commits}
        self._sorts: dict[Sort, int] = {}

    def site(self, links: Mapping[str, str], views: Views, pages: Sequence[str]) -> dict[str, Any]:
        """What every page needs. ``links``: web addresses by what they lead to; ``pages``: the
        names of those that there are."""
        history = self.history
        return {
            "target": history.target,
            "machine": history.machine,
            "environment": history.environment,
            "links": dict(links),
            "pages": list(pages),
            "kinds": [kind.value for kind in KINDS],
            "verdicts": [direction.value for direction in DIRECTIONS],
            "states": [state.value for state in STATES],
            "settled": sorted(state.value for state in SETTLED),
            "dismissed": sorted(state.value for state in IS_NONE),
            "series": [series_entry(s.series) for s in history.series],
            "views": asdict(views),
            "remarks": [printable(remark) for remark in history.remarks],
            "chunk": CHUNK,
            "limits": {
                "ratio": MINOR_RATIO,
                "exponent": MINOR_EXPONENT,
                "step": MINOR_STEP,
                "rounding": ROUNDING,
            },
            "behaviour": sorted(BEHAVIOUR),
            "sizes": [*SIZES],
        }

    def commits(self) -> dict[str, Any]:
        """The line of commits, with what is said of each in a list."""
        authors = StringTable()
        commits = self.history.commits
        summaries = {n: self._summary(c) for n, c in self._by_commit.items()}
        gaps = Gaps()
        return {
            "hash": [commit.hash for commit in commits],
            "date": [commit.date // 1000 for commit in commits],
            "author": [authors.index(commit.author) for commit in commits],
            "authors": authors.strings,
            "subject": [commit.subject for commit in commits],
            "name": [commit.name for commit in commits] if any(c.name for c in commits) else [],
            "tags": [[*tag] for tag in self._tags.own],
            "forks": [[*tag] for tag in self._tags.forks],
            "unmeasured": [n for n, done in enumerate(self.history.measured) if not done],
            "missing": self._missing(gaps),
            "gaps": gaps.sets,
            "failing": self._counted(Status.FAILED),
            "wrong": self._counted(Status.WRONG),
            "sorts": [[*sort] for sort in self._sorts],
            "summaries": summaries,
            "drifts": [
                self._drift(drift) for item in self.history_changes.drifts for drift in item.drifts
            ],
        }

    def chunks(self) -> Iterator[dict[str, Any]]:
        """All changes, by commit: one object for each ``CHUNK`` commits, the oldest first."""
        for start in range(0, len(self.history.commits), CHUNK):
            reasons = StringTable()
            commits = {
                n: [self._item(item, reasons) for item in self._by_commit[n].items]
                for n in range(start, start + CHUNK)
                if n in self._by_commit
            }
            found = {n: rows for n, rows in self._explained.items() if n // CHUNK == start // CHUNK}
            explained = {"explained": found} if found else {}
            yield {"commits": commits, "reasons": reasons.strings, **explained}

    def by_series(self) -> dict[str, list[Change]]:
        """All changes by the name of their series, oldest first."""
        found: dict[str, list[Change]] = {}
        for commit_changes in reversed(self.history_changes.commits):
            for change in commit_changes.changes:
                found.setdefault(change.series.name, []).append(change)
        return found

    def encoded(self, change: Change, reasons: StringTable) -> list[Any]:
        """One change as docs/site.md describes it."""
        return self._change(change, reasons)

    def _missing(self, gaps: Gaps) -> dict[int, list[int]]:
        """How many cells have no result at a commit that was measured, and of which series."""
        missing = CODES[Status.MISSING]
        by_series = [(one.statuses == missing).any(axis=1) for one in self.history.series]
        return {
            n: [number, gaps.index([s for s, at in enumerate(by_series) if at[n]])]
            for n, number in self._counted(Status.MISSING).items()
        }

    def _counted(self, status: Status) -> dict[int, int]:
        """How many cells are of this status at a commit that was measured."""
        total = np.zeros(len(self.history.commits), dtype=np.int64)
        for series in self.history.series:
            total += (series.statuses == CODES[status]).sum(axis=1)
        measured = np.array(self.history.measured, dtype=bool)
        return {n: int(total[n]) for n in np.flatnonzero((total > 0) & measured).tolist()}

    def _summary(self, commit_changes: CommitChanges) -> dict[str, Any]:
        """What the list of commits says of one: numbers of series, what stands of its regressions,
        the biggest changes, and by what it can be found: for each sort of change its series."""
        worse = standing(told(commit_changes, Direction.REGRESSION))
        shown = [
            item for item in commit_changes.items if not item.is_minor and not item.is_dismissed
        ]
        return {
            "counts": {name: n for name, n in vars(count(commit_changes)).items() if n},
            "more": max(len(shown) - CHIPS, 0),
            "chips": [self._chip(item) for item in shown[:CHIPS]],
            "standing": [worse.there, worse.of, worse.accepted],
            "found": self._found(commit_changes.items),
        }

    def _found(self, items: Iterable[Item]) -> list[list[int]]:
        """For each sort of change its number and the numbers of the series that changed so."""
        by_sort: dict[int, set[int]] = {}
        for item in items:
            for change in item.changes:
                sort = (
                    KINDS.index(change.kind),
                    DIRECTIONS.index(change.direction),
                    STATES.index(change.state),
                    int(item.is_minor),
                    int(change.is_open),
                    size_step(change),
                )
                number = self._sorts.setdefault(sort, len(self._sorts))
                by_sort.setdefault(number, set()).add(self._series[change.series.name])
        return [[sort, *sorted(series)] for sort, series in sorted(by_sort.items())]

    def _chip(self, item: Item) -> list[Any]:
        change = item.biggest
        return [
            self._series[change.series.name],
            self._cell(change.series, change.cell),
            KINDS.index(change.kind),
            DIRECTIONS.index(change.direction),
            STATES.index(change.state),
            _reading(change.before, change.series, None),
            _reading(change.after, change.series, None),
            len(item.changes),
            standing(item.changes).there,
            change.triage.text if change.triage else "",
        ]

    def _item(self, item: Item, reasons: StringTable) -> dict[str, Any]:
        return {
            "minor": int(item.is_minor),
            "changes": [self._change(change, reasons) for change in item.changes],
        }

    def _change(self, change: Change, reasons: StringTable) -> list[Any]:
        return [
            self._series[change.series.name],
            self._cell(change.series, change.cell),
            self._commits[change.commit.hash],
            KINDS.index(change.kind),
            DIRECTIONS.index(change.direction),
            STATES.index(change.state),
            _reading(change.before, change.series, reasons),
            _reading(change.after, change.series, reasons),
            self._commits[change.first_suspect.hash],
            self._commits[change.undone_by.hash] if change.undone_by else None,
            self._drifts.get(_drift_key(change.drift)) if change.drift else None,
            _number(change.value_before_failure, change.series),
            self._commits[change.last_suspect.hash] if change.last_suspect else None,
            _evidence(change.evidence),
            change.triage.text if change.triage else "",
            int(change.is_accepted),
        ]

    def _drift(self, drift: Drift) -> list[Any]:
        return [
            self._series[drift.series.name],
            self._cell(drift.series, drift.cell),
            [self._commits[commit.hash] for commit in drift.commits],
            DIRECTIONS.index(drift.direction),
            _number(drift.before, drift.series),
            _number(drift.after, drift.series),
            self._commits[drift.undone_by.hash] if drift.undone_by else None,
        ]

    def _cell(self, series: SeriesInfo, cell: tuple[str, ...]) -> int:
        return self._cells[series.name][cell]


def _reading(reading: Reading, series: SeriesInfo, reasons: StringTable | None) -> Encoded:
    if reading.status is Status.MEASURED:
        return _number(reading.value, series)
    reason = reasons.index(printable(reading.reason)) if reasons is not None else 0
    if (number := _number(reading.value, series)) is not None:
        return wrong_number(number, reason)
    return no_number(reading.status, reason)


def _number(value: float | None, series: SeriesInfo) -> float | int | None:
    digits = EXACT_DIGITS if series.is_exact else SAMPLED_DIGITS
    return None if value is None else rounded(value, digits)


def _evidence(evidence: Evidence | None) -> list[Any] | None:
    if evidence is None:
        return None
    spread = None if evidence.spread is None else rounded(evidence.spread, 2)
    return [spread, evidence.readings_before, evidence.readings_after, printable(evidence.follows)]


def _drift_key(drift: Drift) -> tuple[str, Sequence[str], str]:
    return drift.series.name, drift.cell, drift.commits[0].hash
