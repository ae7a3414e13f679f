"""Changes on one screen of a terminal: of a history the commits that matter most, of one commit
what it changed most."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from rich.console import RenderableType

from unladen.changes.by_commit import HistoryChanges
from unladen.changes.findings import FINDINGS
from unladen.changes.lines import TextLine, item_line
from unladen.changes.summary import NOTHING, CommitRow, CommitRows, more_commits, summary_blocks
from unladen.changes.text import said_last, to_explain
from unladen.changes.words import counts
from unladen.text.dates import day
from unladen.text.screen import Column, Grid, Screen, StyledText, plain
from unladen.text.terminal import head

_COMMITS = (Column(""), Column("", folds=True), Column("", folds=True), Column("", is_number=True))
_LINES = (
    Column(""),
    Column("", folds=True),
    Column("", folds=True),
    Column("", is_number=True),
    Column("", folds=True),
)
_STYLES = {"BROKE": "bold red", "WRONG": "bold red", "WORSE": "red", "better": "green"}

_REASON = 70
"""Characters of why something fails."""

Parts = Sequence[RenderableType]


def show(history_changes: HistoryChanges, screen: Screen, command: str) -> None:
    """Print them. ``command``: what prints all."""
    if len(history_changes.commits) == 1 and not history_changes.drifts:
        _show_commit(history_changes, screen, command)
    else:
        show_blocks(
            summary_blocks(history_changes),
            screen,
            [_head(history_changes)],
            [said_last(history_changes)],
            command,
        )


def findings_parts(rows: Sequence[CommitRow]) -> Parts:
    """The biggest finding of each capability, a line each; nothing without rows."""
    cells = [
        (
            row.commit,
            StyledText(row.series, may_be_cut=True),
            StyledText(row.values, "bold"),
            row.size,
        )
        for row in rows
    ]
    return ["", plain(FINDINGS, "bold"), Grid(_COMMITS, cells)] if rows else []


def show_blocks(
    blocks: Sequence[CommitRows], screen: Screen, above: Parts, below: Parts, command: str
) -> None:
    """Print as much of the blocks as fits between what stands above and below them."""
    total = sum(len(block.rows) for block in blocks)

    def parts(number: int) -> Parts:
        shown = _dealt(blocks, number)
        made = [part for block, n in zip(blocks, shown, strict=True) for part in _block(block, n)]
        rest = sum(block.rest(n) for block, n in zip(blocks, shown, strict=True))
        more = [f"{more_commits(rest)}: {command}"] if rest else [f"All of it: {command}"]
        return [*above, *(made or ["", NOTHING]), "", *more, *below]

    screen.show(parts, total)


def _dealt(blocks: Sequence[CommitRows], number: int) -> list[int]:
    """How many rows of each block are shown, of ``number`` in all: each gets what it shows where
    there is no reason for more or fewer, or in proportion to that."""
    shown = [0] * len(blocks)
    turns = [n for n, block in enumerate(blocks) for _ in range(max(block.most // 2, 1))]
    for turn in itertools.cycle(turns):
        if sum(shown) >= min(number, sum(len(block.rows) for block in blocks)):
            return shown
        if shown[turn] < len(blocks[turn].rows):
            shown[turn] += 1
    return shown


def _block(block: CommitRows, shown: int) -> Parts:
    rows = [cells for row in block.rows[:shown] for cells in _cells(row)]
    return ["", plain(block.title, "bold"), *([Grid(_COMMITS, rows)] if rows else [])]


def _cells(row: CommitRow) -> list[Sequence[StyledText | str]]:
    return [
        (row.commit, StyledText(row.subject, may_be_cut=True), StyledText(row.note, "dim"), ""),
        ("", row.series, StyledText(row.values, "bold"), StyledText(row.size, "bold")),
    ]


def _head(history_changes: HistoryChanges) -> str:
    history = history_changes.history
    return (
        f"{history.target}: what changed over {sum(history.measured)} measured commits, biggest "
        f"first (on {history.machine}, {history.environment})"
    )


def _show_commit(history_changes: HistoryChanges, screen: Screen, command: str) -> None:
    (found,) = history_changes.commits
    lines = [item_line(item) for item in found.items]
    title = f"{history_changes.history.target}: {found.commit.short} {day(found.commit.date)}"

    def parts(number: int) -> Parts:
        left = len(lines) - number
        more = [f"{left} more: {command}"] if left else []
        if explained := to_explain(history_changes):
            more.append(f"Which lines did it: unladen explain {explained}")
        grid = Grid(_LINES, [_line(line) for line in lines[:number]])
        return [title, plain(found.commit.subject, "bold"), counts(found.changes), grid, *more]

    screen.show(parts, len(lines))


def _line(line: TextLine) -> Sequence[StyledText | str]:
    first = f" ({line.cells[0]}" if line.cells and line.cells[0] else ""
    more = f" +{len(line.cells) - 1}" if len(line.cells) > 1 else ""
    cells = f"{first}{more})" if first else ""
    told = "; ".join(filter(None, [line.note, head(line.reason, _REASON)]))
    return (
        StyledText(line.mark, _STYLES.get(line.mark, "")),
        line.name + cells,
        line.values,
        line.size,
        told,
    )
