"""What a report consists of, apart from how it looks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from unladen.report.figures import Fact, Figure, FigureSource, Span

Spans = Sequence[Span]

NAMES_WITH_DIGITS = frozenset({"p95"})
"""Words that may be typed though they hold a digit: they name something."""

_DIGITS = re.compile(r"\w*\d\w*")


class TypedNumber(ValueError):
    """A number was typed into the text of a report."""


@dataclass(frozen=True)
class Paragraph:
    """Sentences, one after the other."""

    spans: Spans


@dataclass(frozen=True)
class Bullets:
    """A list, each item some spans."""

    items: Sequence[Spans]


@dataclass(frozen=True)
class Table:
    """Rows of cells. ``text_columns``: how many, from the left, are text and not numbers."""

    caption: Spans
    head: Sequence[Spans]
    rows: Sequence[Sequence[Spans]]
    text_columns: int = 1


@dataclass(frozen=True)
class Plot:
    """A drawing: ``name`` is its file's without ending, ``svg`` the content, ``caption`` what it
    shows, ``sources`` where its values are from."""

    name: str
    svg: str
    caption: Spans
    sources: Sequence[FigureSource]


Block = Paragraph | Bullets | Table | Plot


@dataclass(frozen=True)
class Section:
    """A heading and what is below it. ``findings``: what the summary may say of it, the more
    important the lower the number."""

    title: str
    blocks: Sequence[Block]
    findings: Sequence[tuple[int, Spans]] = ()


@dataclass(frozen=True)
class Document:
    """A whole report. ``commit``: the whole hash of the commit that it is of."""

    title: Spans
    commit: str
    lead: Sequence[Block]
    sections: Sequence[Section]


@dataclass
class Prose:
    """Sentences of a paragraph. A sentence for which a part is missing is left out."""

    spans: list[Span] = field(default_factory=list)

    def say(self, template: str, *parts: Span | Spans | None) -> bool:
        """Add a sentence, each ``{}`` of the template replaced by a part; whether it was added.

        Raises ``TypedNumber`` for a template with a digit, ``ValueError`` for a wrong number of
        parts.
        """
        if any(part is None for part in parts):
            return False
        if self.spans:
            self.spans.append(" ")
        self.spans += sentence(template, *parts)
        return True

    def paragraph(self) -> list[Block]:
        """The paragraph, or nothing if nothing was said."""
        return [Paragraph(tuple(self.spans))] if self.spans else []


def sentence(template: str, *parts: Span | Spans | None) -> list[Span]:
    """The template with its parts; see ``Prose.say``. Raises ``ValueError`` for a missing one."""
    literals = template.split("{}")
    if len(literals) != len(parts) + 1:
        raise ValueError(f"{template!r} has {len(literals) - 1} places, not {len(parts)}")
    spans: list[Span] = [typed(literals[0])]
    for part, literal in zip(parts, literals[1:], strict=True):
        if part is None:
            raise ValueError(f"{template!r}: a part is missing")
        spans += [part] if isinstance(part, str | Figure | Fact) else part
        spans.append(typed(literal))
    for span in spans:
        if isinstance(span, str):
            typed(span)
    return [span for span in spans if span != ""]


def typed(text: str) -> str:
    """``text``, typed by the author of the report. Raises ``TypedNumber`` if a number is in it."""
    for word in _DIGITS.findall(text):
        if word not in NAMES_WITH_DIGITS:
            raise TypedNumber(f"{word!r} is typed into {text!r}: make it a Figure or a Fact")
    return text


def listed(parts: Sequence[Span | Spans], last: str = "and") -> list[Span]:
    """``a, b and c``."""
    spans: list[Span] = []
    for number, part in enumerate(parts):
        if number:
            spans.append(f" {last} " if number == len(parts) - 1 else ", ")
        spans += [part] if isinstance(part, str | Figure | Fact) else part
    return spans


def joined(parts: Sequence[Spans], separator: str) -> list[Span]:
    """The parts with a separator between them."""
    spans: list[Span] = []
    for part in parts:
        spans += [separator, *part] if spans else part
    return spans


def sources_of(block: Block) -> list[FigureSource]:
    """Where the numbers of a block are from, in order, each once."""
    if isinstance(block, Plot):
        return list(dict.fromkeys(block.sources))
    return list(
        dict.fromkeys(
            source
            for span in spans_of(block)
            if isinstance(span, Figure | Fact)
            for source in span.sources
        )
    )


def spans_of(block: Block) -> Iterator[Span]:
    """All spans of a block in order."""
    match block:
        case Paragraph(spans):
            yield from spans
        case Bullets(items):
            yield from _flat(items)
        case Table(caption, head, rows):
            yield from caption
            yield from _flat(head)
            for row in rows:
                yield from _flat(row)
        case Plot(caption=caption):
            yield from caption


def blocks_of(document: Document) -> Iterator[Block]:
    """All blocks of a document in order."""
    yield from document.lead
    for section in document.sections:
        yield from section.blocks


def _flat(many: Iterable[Spans]) -> Iterator[Span]:
    for spans in many:
        yield from spans
