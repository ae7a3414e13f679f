"""What a report says on one screen of a terminal: its findings, the most important first, and what
else is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import RenderableType

from unladen.report.document import Block, Bullets, Document, Paragraph, Spans
from unladen.report.figures import Fact, Figure
from unladen.text.screen import Column, Grid, Screen, plain
from unladen.text.terminal import first_of

_BULLETS = (Column(""), Column("", folds=True))

_OF_SCREEN = 6
"""The part of a screen, a sixth, that the sections may take: the findings matter more."""


def show(document: Document, screen: Screen, command: str) -> None:
    """Print it. ``command``: what prints all."""
    findings = [
        item for block in document.lead if isinstance(block, Bullets) for item in block.items
    ]
    above = [part for block in document.lead for part in _paragraph(block)]
    titles = [section.title for section in document.sections]
    sections = ", ".join(titles)
    if screen.lines is not None:
        room = screen.width * (screen.lines // _OF_SCREEN)
        sections = sections if len(sections) <= room else first_of(_by_capability(titles), room)

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
            f"{more}{len(titles)} sections: {command}",
            plain(sections, "dim"),
        ]

    screen.show(parts, len(findings))


def text_of(spans: Spans) -> str:
    """Spans as plain text."""
    return "".join(span.text if isinstance(span, Figure | Fact) else span for span in spans)


def _by_capability(titles: Sequence[str]) -> list[str]:
    """The titles, of sections of one capability only its name and their number."""
    begun = [title.partition(": ")[0] for title in titles]
    numbers = Counter(begun)
    named = dict(zip(begun, titles, strict=True))
    return [f"{one} ({numbers[one]})" if numbers[one] > 1 else named[one] for one in named]


def _paragraph(block: Block) -> list[str]:
    return [text_of(block.spans)] if isinstance(block, Paragraph) else []
