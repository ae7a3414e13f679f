"""Tables of several series by one of their parameters, and of one series by two of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from unladen.report.commit_results import CommitResults, Series
from unladen.report.document import Block, Spans, Table
from unladen.report.figures import Fact, Figure

Rows = Sequence[tuple[str, str]]
"""What each row is called, and the series that it is of, within their class."""

QUANTITY = "quantity"
"""The parameter whose values name what is measured."""

_NAMES = {
    "sdk_bytecodes": "bytecodes of its own",
    "own_bytecodes": "bytecodes of its own",
    "kept_bytes": "bytes kept",
    "retained_bytes": "bytes held",
    "makespan": "virtual time",
}


def table_of(
    results: CommitResults,
    class_name: str,
    rows: Rows,
    axis: str,
    caption: Spans,
    *,
    with_wrong: bool = False,
    **fixed: str,
) -> list[Block]:
    """A row for each series that has a value, a column for each value of ``axis`` with one; the
    other parameters are ``fixed``. ``with_wrong``: values of wrong outcomes too, marked as such.
    Nothing where nothing was measured."""
    found = [(label, results.series(f"{class_name}.{name}")) for label, name in rows]
    known = [(label, series) for label, series in found if series is not None]
    if not known:
        return []
    figures = {
        (label, point): figure
        for label, series in known
        for point in series.points(axis)
        if (figure := _figure(series, {axis: point, **fixed}, with_wrong)) is not None
    }
    points = [
        point
        for point in known[0][1].points(axis)
        if any((label, point) in figures for label, _ in known)
    ]
    head: list[Spans] = [["figure"], *([_named(axis, point)] for point in points)]
    body: list[list[Spans]] = [
        [[Fact(label)], *([_cell(figures.get((label, point)))] for point in points)]
        for label, _ in known
        if any((label, point) in figures for point in points)
    ]
    return [Table(caption, head, body)] if body else []


def pivot_of(
    results: CommitResults, name: str, down: str, across: str, caption: Spans
) -> list[Block]:
    """One series: a row for each value of the parameter ``down`` that has a value, a column for
    each of ``across``. Nothing where nothing was measured."""
    series = results.series(name)
    if series is None:
        return []
    columns = series.points(across)
    body: list[list[Spans]] = []
    for point in series.points(down):
        figures = [
            _figure(series, {down: point, across: column}, with_wrong=True) for column in columns
        ]
        if any(figure is not None for figure in figures):
            body.append([[_named(down, point)], *([_cell(figure)] for figure in figures)])
    head: list[Spans] = [[Fact(plain_name(down))], *([_named(across, one)] for one in columns)]
    return [Table(caption, head, body)] if body else []


def plain_name(name: str) -> str:
    """What a parameter, or a quantity that growth is told of, is called for people."""
    return _NAMES.get(name, name.replace("_", " "))


def _named(axis: str, point: str) -> Fact:
    """A value of a parameter, by its plain name if it names a quantity."""
    return Fact(plain_name(point) if axis == QUANTITY else point)


def _figure(series: Series, wanted: Mapping[str, str], with_wrong: bool) -> Figure | None:
    if with_wrong and series.has(**wanted):
        return series.marked(series.cell(**wanted))
    return series.at(**wanted)


def _cell(figure: Figure | None) -> Figure | str:
    return "–" if figure is None else figure
