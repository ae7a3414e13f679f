"""Changes as text of at most 100 columns, for a terminal or a log."""

from __future__ import annotations

from collections.abc import Sequence

from unladen.changes.by_commit import CommitChanges, DriftItem, HistoryChanges, Item
from unladen.changes.lines import MARGIN, WIDTH, aligned, drift_line, item_line, padded
from unladen.changes.model import Direction, State
from unladen.changes.standing import count_commits
from unladen.changes.words import counts
from unladen.detection import MINIMUM_READINGS
from unladen.text.counts import count_text, noun_of
from unladen.text.dates import day
from unladen.text.terminal import fitted, width


def render(history_changes: HistoryChanges, limit: int | None, every_cell: bool = False) -> str:
    """The whole report. ``limit``: lines for each commit, None for all; ``every_cell``: a line
    for each cell, minor ones included."""
    blocks = [_drifts(history_changes.drifts, limit)] if history_changes.drifts else []
    blocks += [_commit(commit, limit, every_cell) for commit in history_changes.commits]
    return "\n".join(["\n\n".join([_head(history_changes), *blocks]), "", _foot(history_changes)])


def _head(history_changes: HistoryChanges) -> str:
    history = history_changes.history
    measured = sum(history.measured)
    branch = f"branch {history.branch}, " if history.branch else ""
    return (
        f"{history.target}: what changed over {measured} measured commits, newest first"
        f"\n({branch}on {history.machine}, {history.environment}; numbers are those of a line's "
        "first cell)"
    )


def _foot(history_changes: HistoryChanges) -> str:
    lines = [
        f"{title}: {found.words()}."
        for title, direction in (
            ("Regressions", Direction.REGRESSION),
            ("Improvements", Direction.IMPROVEMENT),
        )
        if (found := count_commits(history_changes, direction)).commits
    ]
    return "\n".join([*lines, said_last(history_changes)])


def said_last(history_changes: HistoryChanges) -> str:
    """What is not told of single commits."""
    history = history_changes.history
    parts = [f"{count_text(history_changes.quiet, 'measured commit')} changed nothing."]
    unmeasured = len(history.commits) - sum(history.measured)
    if unmeasured:
        was = noun_of(unmeasured, "was", "were")
        parts.append(f"{count_text(unmeasured, 'commit')} {was} not measured.")
    has_sampled = any(series.series.kind == "sampled" for series in history.series)
    if has_sampled and sum(history.measured) < MINIMUM_READINGS:
        parts.append(f"Sampled series are judged from {MINIMUM_READINGS} commits on.")
    changes = [change for commit in history_changes.commits for change in commit.changes]
    if any(change.state is State.SUSPECTED for change in changes):
        parts.append("unladen confirm measures suspects again.")
    if explained := to_explain(history_changes):
        parts.append(f"unladen explain {explained} says which lines did it.")
    drifts = sum(change.state is State.DRIFT for change in changes)
    if drifts:
        values = count_text(drifts, "value drifts", "values drift")
        parts.append(f"{values} without a step: --all tells which.")
    by_driver = [change for change in changes if change.state is State.DRIVER]
    if by_driver:
        at = list(dict.fromkeys(change.commit.short for change in by_driver))
        more = f" and {len(at) - 1} more" if len(at) > 1 else ""
        parts.append(
            f"The driver changed at {at[0]}{more}: what differs there is not compared until the "
            "commit before is measured again."
        )
    return " ".join(parts)


def to_explain(history_changes: HistoryChanges) -> str:
    """The commit of which ``unladen explain`` is asked first, as it is called there; "" if there is
    none: that with what matters most, the first of several."""
    found = [
        (_interest(item), one.commit.short)
        for one in history_changes.commits
        for item in one.items
        if item.biggest.is_explainable and item.biggest.first_suspect == one.commit
    ]
    return min(found, key=lambda one: one[0])[1] if found else ""


def _interest(item: Item) -> tuple[bool, bool]:
    """Sorts what may be explained: what matters first, and of that what became worse."""
    return item.is_minor, item.biggest.direction is not Direction.REGRESSION


def _commit(found: CommitChanges, limit: int | None, every_cell: bool) -> str:
    counted = counts(found.changes)
    if found.is_minor and not every_cell:
        counted += ", all minor"
    head = f"{found.commit.short} {day(found.commit.date)} "
    room = WIDTH - width(head) - 2 - width(counted)
    subject = fitted(found.commit.subject, room)
    lines = [head + padded(subject, room) + "  " + counted]
    if every_cell:
        chosen = [Item([change]) for item in found.items for change in item.changes]
        return "\n".join(lines + aligned([item_line(item) for item in chosen]))
    shown = [item for item in found.items if not item.is_minor][:limit]
    lines += aligned([item_line(item) for item in shown])
    left = found.items[len(shown) :]
    if left and not found.is_minor:
        minor = sum(item.is_minor for item in left)
        more = f"and {len(left)} more" + (f", {minor} of them minor" if minor else "")
        lines.append(f"{MARGIN}{more}")
    return "\n".join(lines)


def _drifts(items: Sequence[DriftItem], limit: int | None) -> str:
    shown = items[:limit]
    lines = aligned([drift_line(item) for item in shown])
    if len(items) > len(shown):
        lines.append(f"{MARGIN}and {len(items) - len(shown)} more")
    return "\n".join(
        [
            "Slow drifts, each of some small steps the same way, with the first and last commit:",
            *lines,
        ]
    )
