"""The report of the newest measured commit as a page: each number leads to its series."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from unladen.changes.by_commit import HistoryChanges
from unladen.changes.model import Change
from unladen.project.project import Project
from unladen.report.commit_results import CommitResults, measured_up_to
from unladen.report.document import (
    Block,
    Bullets,
    Document,
    Paragraph,
    Plot,
    Spans,
    Table,
    sources_of,
)
from unladen.report.figures import Fact, Figure, FigureSource, Span
from unladen.report.markdown import plots_of, source_text
from unladen.site.files import write_text
from unladen.site.links import commit_page, load_page, series_page
from unladen.text.units import with_micro_sign

FOLDER = "report"
"""Where the plots lie, seen from the target's folder."""


@dataclass(frozen=True)
class Piece:
    """A piece of text. ``href``: what it leads to, ``title``: the sources of a number; "": none.
    ``code``: set as code."""

    text: str
    href: str = ""
    title: str = ""
    code: bool = False


def newest_results(
    history_changes: HistoryChanges, project: Project | None = None
) -> CommitResults:
    """The results of the newest measured commit of a site's history. ``history_changes``: all of
    them; ``project``: as ``measured_up_to`` has it."""
    history = history_changes.history
    results = measured_up_to(history, history.newest, project)
    if results.history is not history:
        return results  # others have measured later commits, whose changes are not of the report
    exact = [
        _untold(change)
        for commit in history_changes.commits
        for change in commit.changes
        if change.series.is_exact
    ]
    return replace(results, exact_changes=exact)


def _untold(change: Change) -> Change:
    """Without what people said of it."""
    drift = change.drift
    if drift is not None and drift.triage is not None:
        change = replace(change, drift=replace(drift, triage=None))
    return change if change.triage is None else replace(change, triage=None)


def write_plots(document: Document, folder: Path) -> None:
    """Write the plots into ``folder``/``FOLDER``."""
    plots = plots_of(document)
    if plots:
        (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    for plot in plots:
        write_text(folder / FOLDER / f"{plot.name}.svg", plot.svg)


def page_variables(document: Document, commits: Collection[str]) -> dict[str, Any]:
    """What the template ``report.html`` shows. ``commits``: the hashes that have a page."""
    page = _Page(commits)
    return {
        "heading": page.pieces(document.title),
        "lead": [page.block(block) for block in document.lead],
        "sections": [
            {
                "title": section.title,
                "anchor": f"part-{number}",
                "blocks": [page.block(block) for block in section.blocks],
            }
            for number, section in enumerate(document.sections, start=1)
        ],
    }


class _Page:
    def __init__(self, commits: Collection[str]) -> None:
        self._commits = commits

    def block(self, block: Block) -> dict[str, Any]:
        """A block for the template, by its ``kind``."""
        match block:
            case Paragraph(spans):
                return {"kind": "paragraph", "text": self.pieces(spans)}
            case Bullets(items):
                return {"kind": "bullets", "items": [self.pieces(item) for item in items]}
            case Table(caption, head, rows, texts):
                return {
                    "kind": "table",
                    "caption": self.pieces(caption),
                    "head": [self.pieces(cell) for cell in head],
                    "rows": [[self.pieces(cell) for cell in row] for row in rows],
                    "texts": texts,
                }
            case Plot(name, _, caption):
                return {
                    "kind": "plot",
                    "address": f"{FOLDER}/{name}.svg",
                    "caption": self.pieces(caption),
                    "alternative": "".join(piece.text for piece in self.pieces(caption)),
                    "sources": self._series(sources_of(block)),
                }

    def pieces(self, spans: Spans) -> list[Piece]:
        """Spans as pieces of text."""
        return [self._piece(span) for span in spans]

    def _piece(self, span: Span) -> Piece:
        match span:
            case Figure(_, text, sources):
                return Piece(with_micro_sign(text), _address(sources[0]), _title(sources))
            case Fact(text, code, commit, sources):
                if sources:
                    return Piece(text, _address(sources[0]), _title(sources), code)
                href = commit_page(commit) if commit in self._commits else ""
                return Piece(text, href, "", code)
        return Piece(span)

    def _series(self, sources: Sequence[FigureSource]) -> list[Piece]:
        named = {source.series: source for source in sources}
        return [
            Piece(name, load_page(name) if source.command else series_page(name))
            for name, source in named.items()
        ]


def _address(source: FigureSource) -> str:
    if source.command:
        return load_page(source.series)
    return series_page(source.series, source.cell)


def _title(sources: Sequence[FigureSource]) -> str:
    return "from " + ", ".join(source_text(source) for source in sources)
