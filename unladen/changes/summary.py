"""The changes of a history on one screen: one line for each commit, what matters most first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from unladen.changes.model import Reading, State, Verdict
from unladen.changes.report import DriftItem, Item, Report, importance
from unladen.changes.text import WIDTH, mark, reading_text, size_text
from unladen.quantities import has_engineering_unit
from unladen.series import SeriesInfo, Status
from unladen.texts import fitted, printable, width

REGRESSIONS = 13
IMPROVEMENTS = 6
SUSPECTS = 5
"""Lines of each, at most."""

_NAME = 20
_LARGE = 1e5


@dataclass(frozen=True)
class _Row:
    commit: str
    subject: str
    name: str
    values: str
    size: str
    note: str


def summarise(report: Report) -> str:
    """Regressions, biggest first, then improvements, then what sampled series alone suggest; of
    each the number of all others."""
    blocks = [
        ("Regressions", _rows(report, Verdict.REGRESSION), REGRESSIONS),
        ("Improvements", _rows(report, Verdict.IMPROVEMENT), IMPROVEMENTS),
        ("Suspected by sampled series only", _suspects(report), SUSPECTS),
    ]
    lines = iter(_aligned([row for _, rows, most in blocks for row in rows[:most]]))
    texts = [
        _block(title, [next(lines) for _ in rows[:most]], len(rows))
        for title, rows, most in blocks
        if rows
    ]
    return "\n\n".join(texts) or "No commit changed anything noticeably."


def _suspects(report: Report) -> list[_Row]:
    """One row for each commit in which nothing is certain that is worth one."""
    chosen = []
    for commit in report.commits:
        noted = [item for item in commit.items if not item.is_minor]
        if noted and all(item.biggest.state is State.SUSPECTED for item in noted):
            best = min(noted, key=lambda item: (_is_vague(item), importance(item)))
            chosen.append((importance(best), _row(best)))
    return [row for _, row in sorted(chosen, key=lambda pair: pair[0])]


def _is_vague(item: Item) -> bool:
    """Whether other commits are suspected as well."""
    change = item.biggest
    return change.first_suspect is not (change.last_suspect or change.commit)


def _rows(report: Report, verdict: Verdict) -> list[_Row]:
    """One row for each commit's most important item of that verdict, suspicions left aside, and
    for each drift."""
    chosen = []
    for commit in report.commits:
        items = [item for item in commit.items if _is_worth_a_row(item, verdict)]
        if items:
            best = min(items, key=importance)
            chosen.append((importance(best), _row(best)))
    chosen.sort(key=lambda pair: pair[0])
    return [row for _, row in chosen] + [_drift_row(item) for item in _drifts(report, verdict)]


def _is_worth_a_row(item: Item, verdict: Verdict) -> bool:
    is_step = all(change.drift is not None for change in item.changes)
    is_open = item.biggest.state is State.SUSPECTED
    return item.biggest.verdict is verdict and not (item.is_minor or is_step or is_open)


def _drifts(report: Report, verdict: Verdict) -> list[DriftItem]:
    """The biggest drifts, none of which shares a commit with a bigger one."""
    chosen: list[DriftItem] = []
    taken: set[str] = set()
    for item in report.drifts:
        commits = {commit.hash for commit in item.drifts[0].commits}
        if item.drifts[0].verdict is verdict and not commits & taken:
            chosen.append(item)
            taken |= commits
    return chosen


def _row(item: Item) -> _Row:
    change = item.biggest
    note = mark(change) if mark(change) in ("BROKE", "works") else ""
    if change.undone_by is not None:
        note = "fixed" if change.verdict is Verdict.REGRESSION else "lost"
    before, after = (_compact(reading, change.series) for reading in (change.before, change.after))
    size = size_text(change.series, change.before.value, change.after.value, change.ratio)
    name = _name(change.series)
    return _Row(
        change.commit.short, change.commit.subject, name, f"{before} -> {after}", size, note
    )


def _drift_row(item: DriftItem) -> _Row:
    drift = item.drifts[0]
    series = drift.series
    subject = f"drift of {len(drift.commits)} steps, up to {drift.commits[-1].short}"
    before, after = (
        _compact(Reading(Status.MEASURED, value), series) for value in (drift.before, drift.after)
    )
    size = size_text(series, drift.before, drift.after, drift.ratio)
    note = "fixed" if drift.undone_by else ""
    return _Row(drift.commits[0].short, subject, _name(series), f"{before} -> {after}", size, note)


def _name(series: SeriesInfo) -> str:
    """The function's name without ``track_``, which all exact series have."""
    return fitted(printable(series.name.rpartition(".")[2]).removeprefix("track_"), _NAME)


def _compact(reading: Reading, series: SeriesInfo) -> str:
    """A reading in few digits."""
    value = reading.value
    if value is None or has_engineering_unit(series.unit) or abs(value) < _LARGE:
        return reading_text(reading, replace(series, kind="sampled"))
    factor, letter = (1e6, "M") if abs(value) >= 1e6 else (1e3, "k")
    return f"{value / factor:.3g} {letter}"


def _block(title: str, lines: Sequence[str], total: int) -> str:
    rest = [f"  and {total - len(lines)} more"] if total > len(lines) else []
    return "\n".join([f"{title} ({total})", *lines, *rest])


def _aligned(rows: Sequence[_Row]) -> list[str]:
    if not rows:
        return []
    name, values, size, note = (
        max(width(text) for text in column)
        for column in zip(*((r.name, r.values, r.size, r.note) for r in rows), strict=True)
    )
    subject = max(WIDTH - 2 - 8 - name - values - size - note - 9, 20)
    lines = []
    for row in rows:
        text = fitted(row.subject, subject)
        text += " " * (subject - width(text))
        line = f"  {row.commit} {text}  {row.name:<{name}}  {row.values:<{values}}"
        lines.append(fitted(f"{line}  {row.size:>{size}}  {row.note}".rstrip(), WIDTH))
    return lines
