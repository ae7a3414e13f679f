"""Markdown of ours on a terminal, as rich shows it, but for tables, of which it would cut cells."""

from __future__ import annotations

from typing import ClassVar

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import Markdown, MarkdownElement, TableElement

from unladen.text.screen import Column, Grid


class _Table(TableElement):
    """Columns of numbers, those to the right, stay whole; the others may be folded."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if self.header is None or self.header.row is None or self.body is None:
            return
        heads = [cell.content for cell in self.header.row.cells]
        columns = [
            Column(head.plain, folds=head.justify != "right", is_number=head.justify == "right")
            for head in heads
        ]
        yield Grid(columns, [[cell.content for cell in row.cells] for row in self.body.rows])


class MarkdownScreen(Markdown):
    """Markdown to print on a ``Screen``. What others wrote in it must be escaped."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "table_open": _Table,
    }
