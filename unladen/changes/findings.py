"""Of each capability the change that matters most, a line each: what a history has to show."""

from __future__ import annotations

from collections.abc import Sequence

from unladen.changes.by_commit import HistoryChanges, Item, importance
from unladen.changes.lines import WIDTH
from unladen.changes.model import Direction
from unladen.changes.standing import is_told, standing
from unladen.changes.summary import CommitRow, row_of
from unladen.text.terminal import fitted, width

FINDINGS = "The biggest finding of each capability"

_GAP = 2


def findings(history_changes: HistoryChanges) -> list[CommitRow]:
    """Of each capability the regression that matters most, its biggest improvement if it has none;
    by the names of the capabilities. None where there are not several of them: all there is to say
    is of the one."""
    found: dict[str, Item] = {}
    for direction in (Direction.REGRESSION, Direction.IMPROVEMENT):
        known = {*found}
        for item in _told(history_changes, direction):
            capability = item.biggest.series.capability
            if capability and capability not in known:
                found[capability] = min(found.get(capability, item), item, key=importance)
    if len(found) < 2:
        return []
    return [row_of(item, standing(item.changes)) for _, item in sorted(found.items())]


def _told(history_changes: HistoryChanges, direction: Direction) -> list[Item]:
    commits = history_changes.commits
    return [item for commit in commits for item in commit.items if is_told(item, direction)]


def findings_text(rows: Sequence[CommitRow]) -> str:
    """The lines under their title, for a pipe; "" without rows."""
    if not rows:
        return ""
    values = [f"{row.values}  {row.size}".rstrip() for row in rows]
    room = WIDTH - _GAP * 3 - len(rows[0].commit) - max(map(width, values))
    lines = [f"{FINDINGS}:"]
    longest = min(room, max(width(row.series) for row in rows))
    for row, shown in zip(rows, values, strict=True):
        name = fitted(row.series, longest)
        lines.append(f"  {row.commit}  {name}{' ' * (longest - width(name))}  {shown}")
    return "\n".join(fitted(line, WIDTH) for line in lines)
