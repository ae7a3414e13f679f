"""A report of changes as strict JSON for other programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from unladen.changes.by_commit import HistoryChanges
from unladen.changes.model import Change, Direction, Drift
from unladen.changes.standing import count_commits
from unladen.repo.commits import Commit
from unladen.store.readings import Reading
from unladen.store.reasons import Params
from unladen.store.series import SeriesInfo
from unladen.store.triage import TriageEntry
from unladen.text.units import word

VERSION = 1


def as_json(
    history_changes: HistoryChanges, changes: Sequence[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """One object, as docs/changes.md describes it. ``changes``: those that are told, by default all
    (``changes_as_json``)."""
    told = [*changes_as_json(history_changes)] if changes is None else [*changes]
    history = history_changes.history
    return {
        "version": VERSION,
        "target": history.target,
        "machine": history.machine,
        "environment": history.environment,
        "branch": history.branch,
        "commits": [
            {
                "commit": commit.hash,
                "date": commit.date,
                "author": commit.author,
                "subject": commit.subject,
                "measured": measured,
            }
            for commit, measured in zip(
                reversed(history.commits), reversed(history.measured), strict=True
            )
        ],
        "regressed": asdict(count_commits(history_changes, Direction.REGRESSION)),
        "improved": asdict(count_commits(history_changes, Direction.IMPROVEMENT)),
        "changes": told,
        "drifts": [_drift(drift) for drift in _drifts(history_changes)],
        "remarks": list(history.remarks),
    }


def changes_as_json(history_changes: HistoryChanges) -> Iterator[dict[str, Any]]:
    """All changes as ``as_json`` tells them, the newest first, in order of importance; each is made
    when it is asked for."""
    numbers = {_drift_key(drift): n for n, drift in enumerate(_drifts(history_changes))}
    for commit in history_changes.commits:
        for item in commit.items:
            for change in item.changes:
                yield _change(change, numbers)


def _drifts(history_changes: HistoryChanges) -> list[Drift]:
    return [drift for item in history_changes.drifts for drift in item.drifts]


def _change(change: Change, drifts: dict[Any, int]) -> dict[str, Any]:
    return {
        "commit": change.commit.hash,
        "first_suspect": change.first_suspect.hash,
        "last_suspect": (change.last_suspect or change.commit).hash,
        **_cell_of(change.series, change.cell),
        "kind": change.kind.value,
        "verdict": change.direction.value,
        "state": change.state.value,
        "before": _reading(change.before, change.series),
        "after": _reading(change.after, change.series),
        "ratio": change.ratio,
        "value_before_failure": _number(change.value_before_failure),
        "undone_by": _hash(change.undone_by),
        "drift": drifts[_drift_key(change.drift)] if change.drift else None,
        "evidence": asdict(change.evidence) if change.evidence else None,
        "triage": _said(change.triage),
    }


def _drift(drift: Drift) -> dict[str, Any]:
    return {
        **_cell_of(drift.series, drift.cell),
        "commits": [commit.hash for commit in drift.commits],
        "first_suspect": drift.first_suspect.hash,
        "verdict": drift.direction.value,
        "before": _number(drift.before),
        "after": _number(drift.after),
        "ratio": drift.ratio,
        "undone_by": _hash(drift.undone_by),
        "triage": _said(drift.triage),
    }


def _said(triage: TriageEntry | None) -> dict[str, Any] | None:
    if triage is None:
        return None
    return {
        "said": triage.said.value,
        "why": triage.why,
        "by": triage.by,
        "date": triage.date,
    }


def _cell_of(series: SeriesInfo, cell: Params) -> dict[str, Any]:
    return {
        "series": series.name,
        "params": dict(zip(series.axes, cell, strict=True)),
        "unit": series.unit,
        "series_kind": series.kind,
        "group": series.group,
    }


def _reading(reading: Reading, series: SeriesInfo) -> dict[str, Any]:
    return {
        "status": reading.status.value,
        "value": _number(reading.value),
        "word": word(reading.value, series.codes),
        "reason": reading.reason,
    }


def _number(value: float | None) -> float | int | None:
    return int(value) if value is not None and value.is_integer() else value


def _hash(commit: Commit | None) -> str | None:
    return commit.hash if commit else None


def _drift_key(drift: Drift) -> tuple[str, Params, str]:
    return drift.series.name, drift.cell, drift.commits[0].hash
