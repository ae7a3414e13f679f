"""The values of one commit as text of at most 120 columns.

Series are grouped by class. Those of a class that share one parameter form a grid with the values
of the parameter across, or down where there are many; a series with several parameters is a grid
of its own, the values of the first down and the combinations of the others across.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from unladen.changes.host import score
from unladen.history.commit_values import CellValue, SeriesValues, Values
from unladen.repo.commits import SHORT
from unladen.store.series import Status, cell_text, plain
from unladen.text.names import shown_name
from unladen.text.terminal import fitted, head, printable
from unladen.text.units import has_engineering_unit, quantity

WIDTH = 120
NOTE_LINES = 6
"""Of each note."""

MANY = 5
"""Grids one below the other, of series that share a parameter, beyond which its values go down."""

LENT = "*"
"""Marks values that are another machine's."""

CARRIED = "~"
"""Marks values that are another commit's, which runs the same code."""

WRONG = "(wrong)"
"""Stands beside the value of a wrong outcome."""

_GAP = "  "

Row = Sequence[str]


def render(values: Values) -> str:
    """The whole table: a header line, one block for each class, and the reasons of gaps."""
    measured = measured_series(values)
    parts = ["\n".join(heading(values))]
    groups: dict[str, list[SeriesValues]] = {}
    for series in measured:
        groups.setdefault(series.name.rpartition(".")[0], []).append(series)
    parts += [_group(name, members) for name, members in groups.items()]
    left_out = len(values.series) - len(measured)
    if left_out:
        parts.append(f"{left_out} series not measured at this commit.")
    return "\n\n".join(parts)


def heading(values: Values) -> list[str]:
    """What is shown, and on what it was measured."""
    date = datetime.fromtimestamp(values.date / 1000, UTC).date()
    header = f"{values.target} at {values.short} of {date}, on {values.machine}"
    return [
        f"{header}, Python {values.python}",
        *_host(values),
        *_lenders(values),
        *_carried(values),
    ]


def measured_series(values: Values) -> list[SeriesValues]:
    """The series of which anything is known."""
    return [s for s in values.series if any(c.status is not Status.MISSING for c in s.cells)]


def _host(values: Values) -> list[str]:
    """One line on the machine, if anything is recorded."""
    host, session = values.host, values.session
    if host is None:
        return []
    parts = [f"{host.cpu or 'unknown CPU'}, {host.cores} cores"]
    if session and session.load_before:
        parts.append(f"load {session.load_before[0]:.2f} before")
    if session and (found := score(session)) is not None:
        parts.append(f"calibration {quantity(found, 'seconds', 'sampled')}")
    return [fitted("(" + ", ".join(parts) + ")", WIDTH)]


def _lenders(values: Values) -> list[str]:
    """What the mark of lent values means, if there are any."""
    cells = (cell for series in values.series for cell in series.cells)
    names = {cell.lender for cell in cells if cell.lender}
    if not names:
        return []
    line = f"({LENT} measured with the same packages by {', '.join(sorted(names))})"
    return [fitted(line, WIDTH)]


def _carried(values: Values) -> list[str]:
    """What the mark of carried values means, if there are any."""
    cells = (cell for series in values.series for cell in series.cells)
    commits = sorted({cell.carried[:SHORT] for cell in cells if cell.carried})
    if not commits:
        return []
    what = "nothing that was opened differs"
    return [fitted(f"({CARRIED} carried from {', '.join(commits)}: {what})", WIDTH)]


def _group(name: str, members: Sequence[SeriesValues]) -> str:
    by_axes: dict[tuple[tuple[str, tuple[str, ...]], ...], list[SeriesValues]] = {}
    for series in members:
        axes = tuple((axis, tuple(points)) for axis, points in series.axes.items())
        by_axes.setdefault(axes, []).append(series)
    lines = [printable(name)]
    for axes, sharing in by_axes.items():
        if len(axes) == 1:
            lines += _grid(sharing)
        elif axes:
            lines += [line for series in sharing for line in _matrix(series)]
        else:
            lines += _list(sharing)
    lines += _reasons(members)
    lines += [line for series in members for line in _notes(series)]
    return "\n".join(lines)


def _grid(members: Sequence[SeriesValues]) -> list[str]:
    """Series that share one parameter: its values across, as many as fit, then the next ones."""
    ((axis, points),) = members[0].axes.items()
    labels = [_short(s.name) for s in members]
    notes = [_note(s) for s in members]
    columns = [
        [plain(point), *(value_text(s.cells[index], s) for s in members)]
        for index, point in enumerate(points)
    ]
    fixed = _width([axis, *labels]) + _width(["", *notes]) + 2 * len(_GAP) + 2
    if sum(_width(column) + len(_GAP) for column in columns) > MANY * (WIDTH - fixed):
        lines = _aligned([[printable(axis), *labels], ["", *notes], *columns])
        if _width(lines) <= WIDTH:
            return lines
    lines = []
    while columns:
        count = max(1, _fitting(columns, WIDTH - fixed))
        chosen, columns = columns[:count], columns[count:]
        lines += _aligned(zip([printable(axis), *labels], *chosen, ["", *notes], strict=True))
    return lines


def _matrix(series: SeriesValues) -> list[str]:
    """One series: its first parameter down, the combinations of the others across."""
    (first, downs), *others = series.axes.items()
    across = len(series.cells) // len(downs)
    columns = []
    for column in range(across):
        cells = series.cells[column::across]
        heads = [plain(point) for point in cells[0].params[1:]]
        columns.append([*heads, "", *(value_text(cell, series) for cell in cells)])
    labels = [
        *(f"{printable(axis)}:" for axis, _ in others),
        f"{printable(first)}:",
        *map(plain, downs),
    ]
    lines = [f"  {_short(series.name)}  {_note(series)}".rstrip()]
    while columns:
        count = max(1, _fitting(columns, WIDTH - _width(labels) - 2 * len(_GAP)))
        chosen, columns = columns[:count], columns[count:]
        grid = _aligned(zip(labels, *chosen, [""] * len(labels), strict=True))
        lines += ["  " + line for line in grid]
    return lines


def _list(members: Sequence[SeriesValues]) -> list[str]:
    """Series with no parameter: one line each."""
    return _aligned([(_short(s.name), value_text(s.cells[0], s), _note(s)) for s in members])


def _reasons(members: Sequence[SeriesValues]) -> list[str]:
    """Each reason once, why there is no value or what is wrong with it, with the number of values
    that it explains and the first of them."""
    by_reason: dict[tuple[Status, str], list[str]] = {}
    for series in members:
        for cell in series.cells:
            if cell.status in (Status.FAILED, Status.NOT_APPLICABLE, Status.WRONG):
                params = cell_text(cell.params)
                named = _short(series.name) + (f"({params})" if params else "")
                by_reason.setdefault((cell.status, cell.reason), []).append(named)
    lines = []
    for (status, reason), where in by_reason.items():
        more = f" and {len(where) - 1} more" if len(where) > 1 else ""
        line = f"  {status.value}: {where[0]}{more}: {reason or 'no reason given'}"
        lines.append(head(line, WIDTH))
    return lines


def _notes(series: SeriesValues) -> list[str]:
    """What was said of the values that are not as expected."""
    lines = []
    for cell in series.cells:
        if cell.note and cell.is_expected is False:
            named = f"{_short(series.name)}({cell_text(cell.params)})"
            said, *more = cell.note.splitlines()
            lines.append(f"  {value_text(cell, series)}: {named}: {said}")
            lines += [f"    {line}" for line in more[: NOTE_LINES - 1]]
    return [head(line, WIDTH) for line in lines]


def value_text(cell: CellValue, series: SeriesValues) -> str:
    """A value for people, with the marks of a wrong outcome, of another machine's and of another
    commit's; or why there is none."""
    mark = LENT * bool(cell.lender) + CARRIED * bool(cell.carried)
    if cell.value is not None:
        text = quantity(cell.value, series.unit, series.kind, series.codes) + mark
        return f"{text} {WRONG}" if cell.status is Status.WRONG else text
    return {Status.FAILED: "FAILED", Status.NOT_APPLICABLE: "n/a"}.get(cell.status, "-") + mark


def values_tell_unit(series: SeriesValues) -> bool:
    """Whether the text of a value has its unit, or needs none."""
    return bool(has_engineering_unit(series.unit) or series.codes)


def _note(series: SeriesValues) -> str:
    unit = "" if values_tell_unit(series) else series.unit
    return f"{unit} ({series.kind})".strip() if series.kind else unit


def _short(name: str) -> str:
    """What is left of the shown name below the heading that has its module and class."""
    return shown_name(name).rpartition(".")[2]


def _width(texts: Sequence[str]) -> int:
    return max(map(len, texts))


def _fitting(columns: Sequence[Sequence[str]], available: int) -> int:
    """How many of the columns fit side by side."""
    used = 0
    for count, column in enumerate(columns):
        used += _width(column) + len(_GAP)
        if used > available:
            return count
    return len(columns)


def _aligned(rows: object) -> list[str]:
    """Rows as lines: first and last column to the left, the others to the right."""
    cells = [tuple(row) for row in rows]  # type: ignore[attr-defined]
    widths = [_width(column) for column in zip(*cells, strict=True)]
    lines = []
    for row in cells:
        texts = [
            text.ljust(width) if index in (0, len(row) - 1) else text.rjust(width)
            for index, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append(("  " + _GAP.join(texts)).rstrip())
    return lines
