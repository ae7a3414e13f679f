"""What a gate found, explained: a figure of each kind that became worse, else better."""

from __future__ import annotations

from collections.abc import Callable

from unladen.compare.ab.benchmark_setup import set_up_benchmarks
from unladen.compare.ab.cells import Cell
from unladen.compare.gate.model import GateResult, Judgement
from unladen.explain.choice import by_group
from unladen.explain.foremost import Foremost, foremost, is_of_benchmark
from unladen.explain.places import source_place
from unladen.explain.run import ExplainedFigure, ExplainedPair, explain, pair_of
from unladen.project.project import Project
from unladen.repo.forge import address
from unladen.repo.repository import open_repository
from unladen.text.terminal import fitted, printable

EXPLAINED = (
    Judgement.WRONG,
    Judgement.REGRESSION,
    Judgement.RIGHT,
    Judgement.IMPROVEMENT,
)
"""The judgements of figures that are explained, in this order."""


def cells_to_explain(result: GateResult) -> list[Cell]:
    """Exact figures that have a value at both commits, one of each kind."""
    found = [
        one.cell
        for judgement in EXPLAINED
        for one in result.having(judgement)
        if one.cell.series.is_exact and one.before.values and one.after.values
    ]
    return by_group(found)


def explain_result(
    project: Project, result: GateResult, stage: Callable[[str], None]
) -> ExplainedPair | None:
    """None if there is nothing to explain. Raises ``UserError``."""
    cells = cells_to_explain(result)
    if not cells:
        return None
    repository = open_repository(project)
    stage("preparing to explain")
    setup = set_up_benchmarks(project, repository, [result.head.hash, result.base.hash])
    pair = pair_of(repository, result.base, result.head, project.import_roots)
    return explain(setup, pair, cells, stage)


def section(explained: ExplainedPair, commit_url: str) -> str:
    """The first parts of each figure, as Markdown. ``commit_url``: of the conf; lines are linked
    where it is one of a forge that shows files beside commits."""
    told = [_table(one, explained, commit_url) for one in explained.figures]
    return "\n\n".join(["#### What it is made of", *told])


def _table(figure: ExplainedFigure, explained: ExplainedPair, commit_url: str) -> str:
    name = f"`{_code(figure.cell.name)}`"
    parts = foremost(figure)
    if not parts:
        why = printable(figure.reason or "below no function that the head changed")
        return f"{name} is not explained: `{_code(fitted(why, 200))}`"
    of = ", work of its benchmark" if is_of_benchmark(figure) else ""
    lines = [f"| {name}{of}: cause | change | share | where |", "|---|---:|---:|---|"]
    for one in parts:
        place = _place(one, explained, commit_url)
        cells = [place, one.change, one.share, f"`{_code(fitted(one.said, 90))}`"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _place(one: Foremost, explained: ExplainedPair, commit_url: str) -> str:
    place = source_place(one, explained.pair)
    line = f":{place.line}" if place is not None and place.line else ""
    name = f"`{_code(one.key.name)}` {_code(one.key.file)}{line}"
    link = address(place, commit_url) if place is not None else ""
    return f"[{name}]({link})" if link else name


def _code(text: str) -> str:
    """Text that ends neither its code nor its cell."""
    return printable(text).replace("`", "'").replace("|", "\\|")
