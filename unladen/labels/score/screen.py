"""A labelled history's score on one screen of a terminal: all series of each kind, and regressions
beside stock asv. What is by group and by size is left to the long form."""

from __future__ import annotations

from unladen.labels.score.scoring import DetectionCounts, Score, total
from unladen.labels.score.text import LEGEND, heading, percent
from unladen.text.screen import Column, Grid, Screen, StyledText, plain

_COLUMNS = (
    Column("series", folds=True),
    Column("labelled", is_number=True),
    Column("found", is_number=True),
    Column("recall", is_number=True),
    Column("at commit", is_number=True),
    Column("wrong", is_number=True),
    Column("open", is_number=True),
    Column("precision", is_number=True),
)


def show(score: Score, screen: Screen, command: str) -> None:
    """Print it. ``command``: what prints all."""
    rows = []
    for kind, table in score.by_group.items():
        rows.append(_row(f"{kind}, all", total(table)))
        if kind != "exact" and score.confirmed is not None:
            rows.append(_row(f"{kind}, confirmed only", score.confirmed))
    for kind, tools in score.regressions.items():
        rows += [_row(f"{kind}, regressions, {tool}", counts) for tool, counts in tools.items()]
    groups = sum(map(len, score.by_group.values()))
    sizes = sum(map(len, score.by_size.values()))
    screen.print(
        *heading(score),
        "",
        Grid(_COLUMNS, rows),
        "",
        plain(LEGEND, "dim"),
        f"{groups} more by group, {sizes} by size of the change: {command}",
    )


def _row(name: str, counts: DetectionCounts) -> tuple[StyledText | str, ...]:
    return (
        name,
        f"{counts.labelled:,}",
        f"{counts.found:,}",
        StyledText(percent(counts.recall), "bold"),
        percent(counts.right_commit),
        f"{counts.wrong:,}",
        f"{counts.neither:,}",
        StyledText(percent(counts.precision), "bold"),
    )
