"""What is shown on a terminal: tables as wide as it is, of which nothing that matters is cut.

A cell that is too long is folded, and cut only where it says that it may be; where the columns
that must stay whole leave too little for the others, a row is a paragraph. All text is data: no
markup, no emoji names and no control characters of it are obeyed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from unladen.text.terminal import printable, width

PIPE_WIDTH = 100
"""Columns of what is not printed on a terminal."""

LEAST_LINES = 8
"""Rows of a terminal that are used, however low it is."""

_LEAST_FOLDED = 24
"""Columns that one that is folded needs, to stand beside others."""

_SHORT = 10
"""Columns of a text that does not stand alone on a line."""

_GAP = 2
_INDENT = 4


@dataclass(frozen=True)
class Column:
    """A column under its head. ``folds``: it may be broken onto several lines; else it is whole."""

    head: str
    folds: bool = False
    is_number: bool = False


@dataclass(frozen=True)
class StyledText:
    """A text in a colour (or other style of rich's). ``may_be_cut``: rather than folded."""

    text: str
    style: str = ""
    may_be_cut: bool = False


Make = Callable[[int], Sequence[RenderableType]]
"""Gives what is shown with so many of its items."""


class Screen:
    """A stream to print on: a terminal, or what stands in for one."""

    def __init__(self, stream: TextIO, is_whole: bool) -> None:
        """``is_whole``: print all, however many lines it takes."""
        is_terminal = stream.isatty()
        self._console = Console(
            file=stream,
            force_terminal=is_terminal,  # FORCE_COLOR means no pipe of ours
            width=None if is_terminal else PIPE_WIDTH,
            markup=False,
            emoji=False,
            highlight=False,
        )
        self.is_whole = is_whole

    @property
    def width(self) -> int:
        """Columns of a line."""
        return self._console.width

    @property
    def lines(self) -> int | None:
        """Lines of one screenful, without the prompt before and after; None for any number."""
        return None if self.is_whole else max(self._console.size.height - 2, LEAST_LINES)

    def print(self, *parts: RenderableType) -> None:
        """Print parts one below the other, text of them as it is."""
        for part in parts:
            self._console.print(plain(part) if isinstance(part, str) else part)

    def height(self, *parts: RenderableType) -> int:
        """Lines that parts take."""
        shown = Group(*(plain(part) if isinstance(part, str) else part for part in parts))
        return len(self._console.render_lines(shown, pad=False))

    def fitting(self, make: Make, total: int) -> int:
        """How many of ``total`` items fit one screenful, at least one; ``make``: the whole screen
        with so many of them."""
        if self.lines is None or total == 0:
            return total
        low, high = 1, total
        while low < high:
            middle = (low + high + 1) // 2
            if self.height(*make(middle)) <= self.lines:
                low = middle
            else:
                high = middle - 1
        return low

    def show(self, make: Make, total: int) -> None:
        """Print what ``make`` gives for as many of ``total`` items as fit."""
        self.print(*make(self.fitting(make, total)))


class Grid:
    """Rows of cells under heads, as wide as they need; the first column names the row."""

    def __init__(
        self, columns: Sequence[Column], rows: Iterable[Sequence[StyledText | Text | str]]
    ) -> None:
        self._columns = columns
        self._rows = [[_cell(cell) for cell in row] for row in rows]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """For rich."""
        yield (
            self._table()
            if self._least() <= options.max_width
            else self._stacked(options.max_width)
        )

    def _least(self) -> int:
        """Columns that a table needs at least."""
        needed = 0
        for column, cells in zip(self._columns, self._by_column(), strict=True):
            longest = max([width(column.head), *(width(cell.plain) for cell in cells)])
            needed += min(longest, _LEAST_FOLDED) if column.folds else longest
        return needed + _GAP * len(self._columns)

    def _by_column(self) -> list[list[Text]]:
        return [[row[n] for row in self._rows] for n in range(len(self._columns))]

    def _table(self) -> Table:
        table = Table(box=None, padding=(0, 0, 0, _GAP), pad_edge=True, header_style="bold")
        for column in self._columns:
            table.add_column(
                plain(column.head),
                justify="right" if column.is_number else "left",
                no_wrap=not column.folds,
                overflow="fold",
            )
        for row in self._rows:
            table.add_row(*row)
        if not any(column.head for column in self._columns):
            table.show_header = False
        return table

    def _stacked(self, columns: int) -> Group:
        """Each row as a paragraph; what names it stands on a line of its own if it may be long."""
        parts: list[RenderableType] = []
        for row in self._rows:
            named = [
                Text.assemble((f"{column.head} " if column.head else "", "dim"), cell)
                for column, cell in zip(self._columns, row, strict=True)
                if cell.plain
            ]
            is_begun = bool(row[0].plain)
            if is_begun and self._columns[0].folds:
                parts.append(Padding(row[0], (0, 0, 0, _GAP)))
                is_begun, named = False, named[1:]
            for line in _packed(named, columns - _INDENT):
                parts.append(Padding(line, (0, 0, 0, _GAP if is_begun else _INDENT)))
                is_begun = False
        return Group(*parts)


def _packed(cells: Sequence[Text], columns: int) -> list[Text]:
    """The cells side by side, as many on each line as fit."""
    lines: list[Text] = []
    for cell in cells:
        before = width(lines[-1].plain) if lines else columns
        if before + _GAP + width(cell.plain) <= columns or before <= _SHORT:
            lines[-1].append(" " * _GAP).append_text(cell)
        else:
            lines.append(cell)
    return lines


def plain(text: str, style: str = "") -> Text:
    """Text as it is, on one line unless it is too long, whatever rich or a terminal would make of
    what is in it."""
    return Text(printable(text), style, overflow="fold")


def _cell(cell: StyledText | Text | str) -> Text:
    if isinstance(cell, str):
        return plain(cell)
    if isinstance(cell, Text):
        return cell
    text = plain(cell.text, cell.style)
    if cell.may_be_cut:
        text.no_wrap, text.overflow = True, "ellipsis"
    return text
