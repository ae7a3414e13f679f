"""What a report says on one screen of a terminal: its findings, the most important first, and what
else is in it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType

from unladen.report.document import Block, Bullets, Document, Paragraph, Spans
from unladen.report.figures import Fact, Figure
from unladen.text.screen import Column, Grid, Screen, plain

_BULLETS = (Column(""), Column("", folds=True))


def show(document: Document, screen: Screen, command: str) -> None:
    """Print it. ``command``: what prints all."""
    findings = [
        item for block in document.lead if isinstance(block, Bullets) for item in block.items
    ]
    above = [part for block in document.lead for part in _paragraph(block)]
    sections = ", ".join(section.title for section in document.sections)

    def parts(number: int) -> Sequence[RenderableType]:
        left = len(findings) - number
        more = f"{left} more findings and " if left else ""
        rows = [("-", text_of(item)) for item in findings[:number]]
        return [
            plain(text_of(document.title), "bold"),
            *above,
            "",
            Grid(_BULLETS, rows),
            "",
            f"{more}{len(document.sections)} sections: {command}",
            plain(sections, "dim"),
        ]

    screen.show(parts, len(findings))


def text_of(spans: Spans) -> str:
    """Spans as plain text."""
    return "".join(span.text if isinstance(span, Figure | Fact) else span for span in spans)


def _paragraph(block: Block) -> list[str]:
    return [text_of(block.spans)] if isinstance(block, Paragraph) else []
