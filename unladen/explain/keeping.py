"""Keeping of an explanation what the site shows of it, beside the results of its commit."""

from __future__ import annotations

from pathlib import Path

from unladen.compare.ab.benchmark_setup import BenchmarkSetup
from unladen.compare.ab.exact import here
from unladen.errors import UserError
from unladen.explain.foremost import Foremost, foremost, is_of_benchmark
from unladen.explain.places import source_place
from unladen.explain.run import CommitPair, ExplainedFigure, ExplainedPair
from unladen.results.explanations import (
    KeptExplanation,
    KeptFigure,
    KeptPart,
    read_explanation,
    write_explanation,
)
from unladen.text.terminal import fitted, printable

SAID = 120
"""Characters of what happens at a place."""


def keep_explanation(setup: BenchmarkSetup, found: ExplainedPair, file: Path) -> list[str]:
    """Write it to ``file``, with what is there of other figures under the same conditions; a line
    if there is nothing to write. Raises ``UserError`` if the file cannot be written."""
    kept = kept_explanation(setup, found)
    if not kept.figures:
        return [
            "nothing is stored: no function that the commit changed causes an exact figure's change"
        ]
    try:
        earlier = read_explanation(file) if file.exists() else None
    except UserError:
        earlier = None  # it is written anew
    try:
        write_explanation(file, kept.after(earlier))
    except OSError as error:
        raise UserError(f"cannot write {printable(str(file))}: {error.strerror}") from error
    return []


def kept_explanation(setup: BenchmarkSetup, found: ExplainedPair) -> KeptExplanation:
    """What of an explanation is kept."""
    figures = [_figure(one, found.pair) for one in found.figures]
    return KeptExplanation(
        commit=found.pair.after.hash,
        parent=found.pair.before.hash,
        conditions=here(setup).conditions,
        figures=[one for one in figures if one is not None],
    )


def _figure(figure: ExplainedFigure, pair: CommitPair) -> KeptFigure | None:
    parts = foremost(figure) if figure.cell.series.is_exact else []
    if not parts or figure.before is None or figure.after is None:
        return None
    series = figure.cell.series
    return KeptFigure(
        series=series.name,
        version=series.version,
        params=figure.cell.params,
        before=figure.before,
        after=figure.after,
        is_of_benchmark=is_of_benchmark(figure),
        parts=[_part(one, pair) for one in parts],
    )


def _part(one: Foremost, pair: CommitPair) -> KeptPart:
    place = source_place(one, pair)
    return KeptPart(
        function=printable(one.key.name),
        file=printable(one.key.file),
        change=one.change,
        share=one.share,
        said=fitted(printable(one.said), SAID),
        commit=place.commit if place is not None else "",
        path=place.path if place is not None else "",
        line=place.line if place is not None else 0,
    )
