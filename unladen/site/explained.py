"""What the pages of commits show of explanations that are kept, as plain objects ready for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unladen.history.history import History
from unladen.history.series_history import SeriesHistory
from unladen.repo.forge import SourcePlace, address
from unladen.results.explanations import Explanations, KeptFigure, KeptPart
from unladen.store.series import Status
from unladen.text.terminal import printable
from unladen.text.units import has_engineering_unit, quantity


def explained_rows(
    explanations: Explanations, history: History, commit_url: str
) -> Mapping[int, list[Any]]:
    """By commit, its figures that are explained. ``commit_url``: of the conf."""
    if not explanations.by_commit:
        return {}
    numbers = {one.series.name: number for number, one in enumerate(history.series)}
    return {
        at: [_figure(one, history, at, numbers, commit_url) for one in kept.figures]
        for at, commit in enumerate(history.commits)
        if (kept := explanations.by_commit.get(commit.hash)) is not None
    }


def _figure(
    figure: KeptFigure, history: History, at: int, numbers: Mapping[str, int], commit_url: str
) -> list[Any]:
    number = numbers[figure.series]
    series = history.series[number]
    cell = series.series.cells.index(figure.params)
    return [
        number,
        cell,
        _values(figure, series, at, cell),
        int(figure.is_of_benchmark),
        [_part(one, commit_url) for one in figure.parts],
    ]


def _values(figure: KeptFigure, series: SeriesHistory, at: int, cell: int) -> str:
    info = series.series
    before, after = (
        quantity(value, info.unit, info.kind, info.codes) for value in (figure.before, figure.after)
    )
    unit = "" if info.codes or has_engineering_unit(info.unit) else f" {info.unit}"
    wrong = " (wrong)" if series.status(at, cell) is Status.WRONG else ""
    return printable(f"{before} \N{RIGHTWARDS ARROW} {after}{unit}{wrong}")


def _part(part: KeptPart, commit_url: str) -> list[str]:
    line = f":{part.line}" if part.line else ""
    place = SourcePlace(part.commit, part.path, part.line)
    return [
        *map(printable, (part.function, f"{part.file}{line}", part.change, part.share, part.said)),
        address(place, commit_url) if part.path else "",
    ]
