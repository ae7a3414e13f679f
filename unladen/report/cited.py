"""The figure that a claim or a criterion cites: of a series, of its price, or of a load."""

from __future__ import annotations

from dataclasses import dataclass

from unladen.report.commit_results import CommitResults, OtherParameters, Series
from unladen.report.figures import Figure, FigureSource, written
from unladen.report.money import money, tokens_paid
from unladen.results.claims import Bearing, CitedFigure
from unladen.results.loads import figure_unit
from unladen.store.series import Status
from unladen.text.units import quantity

_NEVER = "never"


@dataclass(frozen=True)
class Cited:
    """``figure``: None where there is none; ``why``: then. ``status``: of the combination;
    ``has_broken_off``: the load has no such figure because it broke off."""

    figure: Figure | None
    why: str = ""
    status: Status = Status.MISSING
    has_broken_off: bool = False

    @property
    def value(self) -> float | None:
        """That of the figure; None without one, or if it has no end."""
        if self.figure is None or self.figure.value == float("inf"):
            return None
        return self.figure.value

    def bearing(self, one: CitedFigure) -> Bearing:
        """How the figure, which there must be, bears on what it is held against."""
        if self.figure is None:
            raise ValueError(f"nothing is measured: {self.why}")
        value = None if self.figure.text == _NEVER else self.figure.value
        return one.bearing(value, self.figure.text)


def cited(results: CommitResults, one: CitedFigure) -> Cited:
    """The figure at the commit of the results, or why there is none."""
    try:
        return _of_load(results, one) if one.load else _of_series(results, one)
    except OtherParameters as error:
        return Cited(None, str(error))


def limit_text(results: CommitResults, one: CitedFigure) -> str:
    """What it is held against, such as ``< 10 s``; empty if nothing."""
    if one.one_of:
        return " or ".join(one.one_of)
    return ", ".join(
        f"{bound.sign} {_number(results, one, limit)}" for bound, limit in one.bounds.items()
    )


def _number(results: CommitResults, one: CitedFigure, limit: float) -> str:
    if one.priced_as:
        return money(limit)
    if one.load:
        return written(limit, figure_unit(one.figure))
    series = _series(results, one)
    return quantity(limit, "", "exact") if series is None else written(limit, series.info.unit)


def _of_load(results: CommitResults, one: CitedFigure) -> Cited:
    load = results.loads.get(one.load)
    if load is None:
        return Cited(None, f"no load {one.load} is kept")
    if one.figure not in load.figures:
        why = load.trouble or "it has no such figure"
        return Cited(None, why, has_broken_off=bool(load.trouble))
    value = load.figures[one.figure]
    text = _NEVER if value is None else written(value, figure_unit(one.figure))
    source = FigureSource(f"load {one.load}", None, load.commit, load.command)
    figure = Figure(float("inf") if value is None else value, text, (source,))
    return Cited(figure, status=Status.MEASURED)


def _series(results: CommitResults, one: CitedFigure) -> Series | None:
    return next((each for each in results.all_series() if each.name == one.series), None)


def _of_series(results: CommitResults, one: CitedFigure) -> Cited:
    series = _series(results, one)
    if series is None or not series.has(**one.cell):
        return Cited(None, "there is no such series")
    cell = series.cell(**one.cell)
    status = series.status(cell)
    if one.priced_as:
        figure, why = _priced(results, series, cell, one.priced_as)
    else:
        figure, why = series.marked(cell), ""
    return Cited(figure, "" if figure is not None else why or _why(series, cell), status)


def _priced(
    results: CommitResults, series: Series, cell: int, model: str
) -> tuple[Figure | None, str]:
    price = results.prices.called(model)
    if price is None:
        return None, f"{model} has no price"
    paid = tokens_paid(results, series)
    if paid is None:
        return None, "it counts no tokens that could be priced"
    return paid.cost_per_step(cell, price), ""


def _why(series: Series, cell: int) -> str:
    status = series.status(cell)
    if status is Status.MISSING:
        return "not measured at this commit"
    reason = " ".join(series.reason(cell).split())
    return f"{status.value}: {reason}" if reason else status.value
