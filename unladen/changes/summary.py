"""The changes of a history in two lines for each commit, what matters most first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from unladen.changes.by_commit import DriftItem, HistoryChanges, Item, best_of_commits, importance
from unladen.changes.lines import WIDTH
from unladen.changes.model import Change, Direction, State
from unladen.changes.standing import Standing, count_commits, is_told, standing, told
from unladen.changes.words import MARKS, reading_text, size_text
from unladen.store.readings import Reading
from unladen.store.series import SeriesInfo, Status, cell_text
from unladen.text.counts import count_text
from unladen.text.names import shown_name
from unladen.text.terminal import fitted, width
from unladen.text.units import has_engineering_unit

REGRESSIONS = 8
IMPROVEMENTS = 4
SUSPECTS = 3
"""Commits of each, at most."""

_LARGE = 1e5
_INDENT = " " * 11
_NAME_MINIMUM = 16


@dataclass(frozen=True)
class CommitRow:
    """What matters most of one commit, or of a drift.

    ``commits``: the hashes of those that it tells of, more than one of a drift; ``note``: what has
    become of it; ``series``: with the cells; ``values``: ``3 s -> 5 s``; ``size``: ``+12 %``, ""
    where there is none."""

    commit: str
    subject: str
    note: str
    series: str
    values: str
    size: str
    commits: frozenset[str]


@dataclass(frozen=True)
class CommitRows:
    """Rows under a title, the most important first. ``commits``: of how many commits they tell;
    ``most``: how many of the rows are shown where there is no reason for more or fewer."""

    title: str
    rows: Sequence[CommitRow]
    commits: int
    most: int

    def rest(self, shown: int) -> int:
        """The commits of which the first ``shown`` rows do not tell."""
        named = frozenset[str]().union(*(row.commits for row in self.rows[:shown]))
        return self.commits - len(named)


NOTHING = "No commit changed anything noticeably."


def summarise(history_changes: HistoryChanges, with_suspects: bool = True) -> str:
    """Regressions, biggest first, then improvements, then, ``with_suspects``, what sampled series
    alone suggest; of each the number of all commits."""
    blocks = summary_blocks(history_changes, with_suspects)
    return "\n\n".join(map(_text_of, blocks)) or NOTHING


def summary_blocks(history_changes: HistoryChanges, with_suspects: bool = True) -> list[CommitRows]:
    """Regressions, improvements and, ``with_suspects``, what sampled series alone suggest; those
    that have rows."""
    found = suspected_items(history_changes) if with_suspects else []
    suspects = [row_of(item, standing(item.changes)) for item in found]
    blocks = [
        _settled("Regressions", history_changes, Direction.REGRESSION, REGRESSIONS),
        _settled("Improvements", history_changes, Direction.IMPROVEMENT, IMPROVEMENTS),
        CommitRows(
            f"Suspected by sampled series only: {count_text(len(suspects), 'commit')}",
            suspects,
            len(suspects),
            SUSPECTS,
        ),
    ]
    return [block for block in blocks if block.rows]


def more_commits(number: int) -> str:
    """``3 more commits``."""
    return count_text(number, "more commit")


def _settled(
    title: str, history_changes: HistoryChanges, direction: Direction, most: int
) -> CommitRows:
    found = count_commits(history_changes, direction)
    return CommitRows(
        f"{title}: {found.words()}", _rows(history_changes, direction), found.commits, most
    )


def suspected_items(history_changes: HistoryChanges) -> list[Item]:
    """Of each commit in which nothing is certain that is worth a row, the item that says most of
    it; the most important first."""
    suspected = [
        commit
        for commit in history_changes.commits
        if all(item.is_minor or item.biggest.state is State.SUSPECTED for item in commit.items)
    ]
    found = best_of_commits(
        suspected, lambda item: not item.is_minor, lambda item: (_is_vague(item), importance(item))
    )
    return [item for _, item in found]


def _is_vague(item: Item) -> bool:
    """Whether other commits are suspected as well."""
    change = item.biggest
    return change.first_suspect is not (change.last_suspect or change.commit)


def _rows(history_changes: HistoryChanges, direction: Direction) -> list[CommitRow]:
    """One row for each commit's most important item of that direction, suspicions left aside; those
    that only take steps of drifts come last, after the drifts, if no drift tells of them."""
    chosen: list[CommitRow] = []
    steps: list[CommitRow] = []
    best = best_of_commits(history_changes.commits, lambda item: is_told(item, direction))
    for commit, item in best:
        changes = told(commit, direction)
        (steps if all(map(_is_step, changes)) else chosen).append(row_of(item, standing(changes)))
    drifts = [_drift_row(item) for item in _drifts(history_changes, direction)]
    covered = frozenset[str]().union(*(row.commits for row in drifts))
    return [*chosen, *drifts, *(row for row in steps if not row.commits <= covered)]


def _is_step(change: Change) -> bool:
    return change.drift is not None


def _drifts(history_changes: HistoryChanges, direction: Direction) -> list[DriftItem]:
    """The biggest drifts, none of which shares a commit with a bigger one."""
    chosen: list[DriftItem] = []
    taken: set[str] = set()
    for item in history_changes.drifts:
        commits = {commit.hash for commit in item.drifts[0].commits}
        if item.drifts[0].direction is direction and not commits & taken:
            chosen.append(item)
            taken |= commits
    return chosen


def row_of(item: Item, remains: Standing) -> CommitRow:
    """The row of an item. ``remains``: of all that the commit changed for the better, or for the
    worse."""
    change = item.biggest
    before, after = (_compact(reading, change.series) for reading in (change.before, change.after))
    size = size_text(change.series, change.before.value, change.after.value, change.ratio)
    return CommitRow(
        change.commit.short,
        change.commit.subject,
        remains.words(change.direction) or MARKS.get(change.kind, ""),
        _with_cells(change.series, item),
        f"{before} -> {after}",
        size,
        frozenset([change.commit.hash]),
    )


def _with_cells(series: SeriesInfo, item: Item | DriftItem) -> str:
    """The name of a series with its first cell and the number of the others."""
    changed = item.changes if isinstance(item, Item) else item.drifts
    cells = list(dict.fromkeys(one.cell for one in changed))
    cell = cell_text(cells[0])
    more = f" +{len(cells) - 1}" if len(cells) > 1 else ""
    return shown_name(series.name) + (f" ({cell}{more})" if cell else "")


def _drift_row(item: DriftItem) -> CommitRow:
    drift = item.drifts[0]
    series = drift.series
    before, after = (
        _compact(Reading(Status.MEASURED, value), series) for value in (drift.before, drift.after)
    )
    size = size_text(series, drift.before, drift.after, drift.ratio)
    return CommitRow(
        drift.commits[0].short,
        f"drift of {len(drift.commits)} steps, up to {drift.commits[-1].short}",
        standing(item.drifts).words(drift.direction),
        _with_cells(series, item),
        f"{before} -> {after}",
        size,
        frozenset(commit.hash for commit in drift.commits),
    )


def _compact(reading: Reading, series: SeriesInfo) -> str:
    """A reading in few digits."""
    value = reading.value
    if value is None or has_engineering_unit(series.unit) or abs(value) < _LARGE:
        return reading_text(reading, replace(series, kind="sampled"))
    factor, letter = (1e6, "M") if abs(value) >= 1e6 else (1e3, "k")
    text = f"{value / factor:.3g} {letter}"
    return f"{text} (wrong)" if reading.status is Status.WRONG else text


def _text_of(block: CommitRows) -> str:
    shown = block.rows[: block.most]
    rest = block.rest(len(shown))
    lines = [block.title, *(line for row in shown for line in _lines(row))]
    return "\n".join([*lines, f"  and {more_commits(rest)}"] if rest > 0 else lines)


def _lines(row: CommitRow) -> list[str]:
    """Two lines; three where the values leave no room beside them for the series."""
    room = WIDTH - len(_INDENT) - (width(row.note) + 2 if row.note else 0)
    subject = fitted(row.subject, room)
    subject += " " * (room - width(subject))
    head = f"  {row.commit} {subject}  {row.note}".rstrip()
    values = row.values + (f"  {row.size}" if row.size else "")
    room = WIDTH - len(_INDENT) - 2 - width(values)
    if room < min(width(row.series), _NAME_MINIMUM):
        lines = [f"{fitted(row.series, WIDTH - len(_INDENT) - 1)}:", values]
    else:
        lines = [f"{fitted(row.series, room)}: {values}"]
    return [fitted(head, WIDTH), *(fitted(_INDENT + line, WIDTH) for line in lines)]
