"""A report as Markdown (GitHub's): every number in the text is a link to the series it is from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from unladen.report.document import (
    Block,
    Bullets,
    Document,
    Paragraph,
    Plot,
    Spans,
    Table,
    blocks_of,
    sources_of,
)
from unladen.report.figures import Fact, Figure, FigureSource, Span
from unladen.store.series import cell_text
from unladen.text.names import shown_name

_NAMED = 3
"""Series that the label of a link names; others stand in its title."""

_SPECIAL = re.compile(r"([\\`*\[\]<>|#~&]|(?<![^\W_])_|_(?![^\W_]))")
"""What Markdown would read; an underscore within a word stands for itself."""


def render(document: Document, plot_file: Callable[[Plot], str] | None) -> str:
    """The whole report. ``plot_file``: the address of a plot's file, seen from the report's; None
    leaves the plots out, and says so where they would be."""
    writer = _Writer(_numbered(document), plot_file)
    parts = [f"# {writer.text(document.title)}", *map(writer.block, document.lead)]
    for section in document.sections:
        parts += [f"## {escaped(section.title)}", *map(writer.block, section.blocks)]
    if writer.has_series:
        parts += ["## Series", *writer.series()]
    return "\n\n".join(parts) + "\n"


def plots_of(document: Document) -> list[Plot]:
    """The plots in order."""
    return [block for block in blocks_of(document) if isinstance(block, Plot)]


def escaped(text: str) -> str:
    """Text as it is, whatever Markdown would make of it."""
    return _SPECIAL.sub(r"\\\1", text)


def _numbered(document: Document) -> dict[str, int]:
    """A number for each series that a figure is from, in the order of the text."""
    names = (source.series for block in blocks_of(document) for source in sources_of(block))
    return {name: number for number, name in enumerate(dict.fromkeys(names), start=1)}


class _Writer:
    def __init__(self, numbers: dict[str, int], plot_file: Callable[[Plot], str] | None) -> None:
        self._numbers = numbers
        self._plot_file = plot_file
        self._references: dict[str, str] = {}

    def block(self, block: Block) -> str:
        match block:
            case Paragraph(spans):
                return self.text(spans)
            case Bullets(items):
                return "\n".join(f"- {self.text(item)}" for item in items)
            case Table():
                return self._table(block)
            case Plot():
                return self._plot(block)

    def text(self, spans: Spans) -> str:
        return "".join(map(self._span, spans))

    @property
    def has_series(self) -> bool:
        """Whether any number says where it is from."""
        return bool(self._numbers)

    def series(self) -> list[str]:
        """The list of series that numbers link to, then the targets of the links."""
        lines = [
            f'<a id="s{number}"></a>{number}. `{shown_name(name)}`'
            for name, number in self._numbers.items()
        ]
        links = [f"[{label}]: {target}" for label, target in sorted(self._references.items())]
        intro = (
            "Each number in the text leads here, to the series that it is from or reckoned from."
        )
        return [intro, "  \n".join(lines), "\n".join(links)]

    def _span(self, span: Span) -> str:
        match span:
            case Figure():
                return f"[{escaped(span.text)}][{self._label(span.sources)}]"
            case Fact():
                text = _fact(span)
                return f"[{text}][{self._label(span.sources)}]" if span.sources else text
        return escaped(span)

    def _label(self, sources: Sequence[FigureSource]) -> str:
        """The label of a link: the numbers of the series."""
        numbers = sorted({self._numbers[source.series] for source in sources})
        label = "+".join(f"s{number}" for number in numbers[:_NAMED])
        if len(numbers) > _NAMED:
            label += f"+{len(numbers) - _NAMED} more"
        names = " and ".join(dict.fromkeys(shown_name(source.series) for source in sources))
        self._references[label] = f'#s{numbers[0]} "{names}"'
        return label

    def _table(self, table: Table) -> str:
        aligned = [":--" if n < table.text_columns else "--:" for n in range(len(table.head))]
        rows = [[self._plain(cell) for cell in row] for row in (table.head, *table.rows)]
        rows.insert(1, aligned)
        lines = [f"| {' | '.join(row)} |" for row in rows]
        said = self._said(table)
        below = ["", said] if said else []
        return "\n".join([f"**{self.text(table.caption)}**", "", *lines, *below])

    def _plain(self, spans: Spans) -> str:
        """A cell, whose numbers the line below the table traces."""
        return "".join(map(_unlinked, spans))

    def _plot(self, plot: Plot) -> str:
        caption = self.text(plot.caption)
        if self._plot_file is None:
            return f"*(Plot: {caption})*"
        alternative = _alternative(plot.caption)
        return f"![{alternative}]({self._plot_file(plot)})\n\n{self._said(plot)}"

    def _said(self, block: Block) -> str:
        """The line below a table or a plot that says where its numbers are from."""
        sources = sources_of(block)
        if not sources:
            return ""
        said = ", ".join(
            f"[{escaped(shown_name(name))}][{self._label(group)}]"
            for name, group in _by_series(sources)
        )
        return f"<sub>From {said}</sub>"


def _by_series(sources: Iterable[FigureSource]) -> list[tuple[str, list[FigureSource]]]:
    groups: dict[str, list[FigureSource]] = {}
    for source in sources:
        groups.setdefault(source.series, []).append(source)
    return list(groups.items())


def source_text(source: FigureSource) -> str:
    """A source for people: ``series (parameters)``."""
    name = shown_name(source.series)
    return f"{name} ({cell_text(source.cell)})" if source.cell else name


def _unlinked(span: Span) -> str:
    if isinstance(span, Fact):
        return _fact(span)
    return escaped(span.text if isinstance(span, Figure) else span)


def _fact(fact: Fact) -> str:
    return _code(fact.text) if fact.code else escaped(fact.text)


def _alternative(spans: Spans) -> str:
    return escaped("".join(s.text if isinstance(s, Figure | Fact) else s for s in spans))


def _code(text: str) -> str:
    """Text as code, whatever backticks it holds."""
    ticks = "`" * (max(map(len, re.findall(r"`+", text)), default=0) + 1)
    padding = " " if "`" in text else ""
    return f"{ticks}{padding}{text}{padding}{ticks}".replace("|", "\\|")
