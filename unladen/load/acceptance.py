"""Acceptance criteria: what a load must give, and whether it did."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from unladen.load.histogram import Histogram
from unladen.load.report import LoadReport
from unladen.load.tally import Tally
from unladen.results.bounds import Bound, Met
from unladen.results.loads import figure_unit
from unladen.text.units import quantity


@dataclass(frozen=True)
class Criterion:
    """One line of what must be. ``kind``: of which requests, "" for all."""

    figure: str
    bound: Bound
    limit: float
    kind: str = ""
    name: str = ""
    required: bool = False

    @property
    def title(self) -> str:
        """Its name, or what it says."""
        return self.name or " ".join(
            filter(None, [self.kind, self.figure, self.bound.sign, figure_text(self, self.limit)])
        )


@dataclass(frozen=True)
class JudgedCriterion:
    """``value``: what was measured, None if it was not."""

    criterion: Criterion
    value: float | None
    met: Met

    @property
    def is_bad(self) -> bool:
        """Whether the load must not be accepted."""
        return self.met is Met.NO or (self.met is Met.UNMEASURED and self.criterion.required)


def judge(criteria: Sequence[Criterion], report: LoadReport) -> list[JudgedCriterion]:
    """Each criterion, held against a load."""
    return [_judged(one, report) for one in criteria]


def _judged(criterion: Criterion, report: LoadReport) -> JudgedCriterion:
    value = measured(criterion.figure, criterion.kind, report)
    if value is None:
        return JudgedCriterion(criterion, None, Met.UNMEASURED)
    holds = criterion.bound.holds(value, criterion.limit)
    return JudgedCriterion(criterion, value, Met.YES if holds else Met.NO)


# Figures.

_DURATIONS: Mapping[str, Callable[[Tally], Histogram]] = {
    "latency": lambda tally: tally.latency,
    "response_time": lambda tally: tally.response_time,
    "first_token": lambda tally: tally.time_to_first_token,
}
_OF_DURATIONS: Mapping[str, Callable[[Histogram], float | None]] = {
    "p50": lambda durations: durations.quantile(0.5),
    "p90": lambda durations: durations.quantile(0.9),
    "p95": lambda durations: durations.quantile(0.95),
    "p99": lambda durations: durations.quantile(0.99),
    "mean": lambda durations: durations.mean,
    "max": lambda durations: durations.longest,
}
_OF_TALLIES: Mapping[str, Callable[[Tally], float | None]] = {
    "error_rate": lambda tally: tally.error_rate,
    "right_rate": lambda tally: None if tally.error_rate is None else 1 - tally.error_rate,
    "available_rate": lambda tally: tally.available_rate,
    "broken_rate": lambda tally: tally.broken_rate,
    "longest_gap": lambda tally: tally.longest_gap if tally.requests else None,
    "requests": lambda tally: tally.requests,
}
_OF_REPORTS: Mapping[str, Callable[[LoadReport], float | None]] = {
    "requests_per_s": lambda report: report.requests_per_s if report.total.requests else None,
    "recovery_s": lambda report: report.recovery_s,
}
_FACTS = "facts"


def measured(figure: str, kind: str, report: LoadReport) -> float | None:
    """A figure of a load, None if it was not measured."""
    if figure in _OF_REPORTS:
        return _OF_REPORTS[figure](report)
    group, _, of = figure.partition(".")
    if group == _FACTS:
        return report.facts.get(of)
    tally = report.kinds.get(kind) if kind else report.total
    if tally is None:
        return None
    if figure in _OF_TALLIES:
        return _OF_TALLIES[figure](tally)
    return _OF_DURATIONS[of](_DURATIONS[group](tally))


def is_figure(figure: str) -> bool:
    """Whether ``measured`` knows it."""
    group, _, of = figure.partition(".")
    if group == _FACTS:
        return bool(of)
    if group in _DURATIONS:
        return of in _OF_DURATIONS
    return figure in _OF_TALLIES or figure in _OF_REPORTS


def whole_figures(*, of_a_kind: bool) -> list[str]:
    """The names of figures, those of facts apart; ``of_a_kind``: only those that each kind of
    request has."""
    durations = [f"{group}.{of}" for group in _DURATIONS for of in _OF_DURATIONS]
    return [*durations, *_OF_TALLIES, *([] if of_a_kind else _OF_REPORTS)]


def figure_names() -> list[str]:
    """All of them, ``facts.NAME`` for what an engine measures."""
    return [*whole_figures(of_a_kind=False), f"{_FACTS}.NAME"]


def figure_text(criterion: Criterion, value: float) -> str:
    """A value of a criterion's figure for people."""
    unit = figure_unit(criterion.figure)
    if unit == "fraction":
        return f"{value:.2%}"
    if unit == "seconds" and value == float("inf"):
        return "never"
    return quantity(value, unit, "sampled")
