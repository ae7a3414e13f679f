"""Tables of several series by one of their parameters."""

from __future__ import annotations

from collections.abc import Sequence

from unladen.report.commit_results import CommitResults
from unladen.report.document import Block, Spans, Table
from unladen.report.figures import Fact, Figure

Rows = Sequence[tuple[str, str]]
"""What each row is called, and the series that it is of, within their class."""


def table_of(
    results: CommitResults, class_name: str, rows: Rows, axis: str, caption: Spans, **fixed: str
) -> list[Block]:
    """A row for each series that has a value, a column for each value of ``axis`` with one; the
    other parameters are ``fixed``. Nothing where nothing was measured."""
    found = [(label, results.series(f"{class_name}.{name}")) for label, name in rows]
    known = [(label, series) for label, series in found if series is not None]
    if not known:
        return []
    figures = {
        (label, point): figure
        for label, series in known
        for point in series.points(axis)
        if (figure := series.at(**{axis: point}, **fixed)) is not None
    }
    points = [
        point
        for point in known[0][1].points(axis)
        if any((label, point) in figures for label, _ in known)
    ]
    head: list[Spans] = [["figure"], *([Fact(point)] for point in points)]
    body: list[list[Spans]] = [
        [[Fact(label)], *([_cell(figures.get((label, point)))] for point in points)]
        for label, _ in known
        if any((label, point) in figures for point in points)
    ]
    return [Table(caption, head, body)] if body else []


def _cell(figure: Figure | None) -> Figure | str:
    return "–" if figure is None else figure
