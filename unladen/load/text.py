"""A load for the terminal: a line every few seconds, and the figures at its end."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from unladen.load.acceptance import JudgedCriterion, figure_text
from unladen.load.capacity import capacity_formula, formula_errors, measured_capacity
from unladen.load.histogram import Histogram
from unladen.load.report import Collector, LoadReport, MeasuredCapacity
from unladen.load.tally import QUANTILES, Tally
from unladen.results.bounds import Met
from unladen.text.counts import count_text
from unladen.text.screen import Column, Grid, Screen, StyledText, plain
from unladen.text.units import quantity

_SHOWN_REASONS = 8
_STYLES = {Met.YES: "green", Met.NO: "bold red", Met.UNMEASURED: "yellow"}


def seconds_text(value: float | None) -> str:
    """A duration, "" without one."""
    return "" if value is None else quantity(value, "seconds", "sampled")


def share_text(value: float | None) -> str:
    """A share in per cent, "" without one."""
    return "" if value is None else f"{value:.2%}"


def snapshot(collector: Collector) -> str:
    """One line on a load that is going on."""
    total = collector.total
    rate = total.requests / collector.now if collector.now else 0.0
    parts = [
        f"{collector.now:6.0f} s",
        count_text(collector.users_now, "user"),
        count_text(total.requests, "request"),
        f"{rate:.3g}/s",
        count_text(total.failed, "error"),
    ]
    if total.latency.number:
        p50, p95 = (total.latency.quantile(share) for share in (0.5, 0.95))
        parts.append(f"p50 {seconds_text(p50)}, p95 {seconds_text(p95)}")
    return "  ".join(parts)


def show(report: LoadReport, judged: Sequence[JudgedCriterion], screen: Screen) -> None:
    """Print a load's figures."""
    screen.print(*_parts(report, judged))


def _parts(report: LoadReport, judged: Sequence[JudgedCriterion]) -> list[RenderableType]:
    parts: list[RenderableType] = [headline(report), ""]
    parts += [_durations(report), ""]
    if report.total.failed:
        parts += [_errors(report.total), ""]
    if report.facts:
        parts += [
            "; ".join(f"{name} {quantity(v, '', 'exact')}" for name, v in report.facts.items()),
            "",
        ]
    parts += [*capacity_text(report), *(f"- {said}" for said in formula_text(report))]
    if judged:
        parts += ["", _criteria(judged)]
    return parts


def headline(report: LoadReport) -> str:
    """What was done, in one line."""
    plan, total = report.plan, report.total
    rate = report.requests_per_s
    arrivals = "open loop, " if plan.arrivals == "open" else ""
    broken_off = "" if report.is_whole else "; broken off"
    clock = "virtual " if plan.is_exact else ""
    return (
        f"{plan.subject}, {plan.profile}: {arrivals}{count_text(report.most_users, 'user')} at "
        f"most, {count_text(total.requests, 'request')} in {report.seconds:.4g} {clock}s"
        f"{'' if rate is None else f', {rate:.3g} a second'}; "
        f"{share_text(total.error_rate) or 'no'} errors{broken_off}"
    )


def _durations(report: LoadReport) -> Grid:
    columns = [Column(""), Column("requests", is_number=True), Column("errors", is_number=True)]
    for what in ("", "token "):
        columns += [
            Column(f"{what}p{share * 100:g}", is_number=True)
            for share in (QUANTILES if not what else (0.5, 0.95, 0.99))
        ]
    named = [*report.kinds.items()]
    rows = [(kind, tally) for kind, tally in named] if len(named) > 1 else []
    return Grid(columns, [_row(name, tally) for name, tally in [*rows, ("all", report.total)]])


def _row(name: str, tally: Tally) -> list[StyledText | str]:
    failed = StyledText(f"{tally.failed:,}", "red" if tally.failed else "")
    return [
        name,
        f"{tally.requests:,}",
        failed,
        *_quantiles(tally.latency, QUANTILES),
        *_quantiles(tally.time_to_first_token, (0.5, 0.95, 0.99)),
    ]


def _quantiles(durations: Histogram, shares: Sequence[float]) -> list[str]:
    return [seconds_text(durations.quantile(share)) for share in shares]


def _errors(total: Tally) -> Grid:
    rows = [
        [error.value, f"{number:,}", reason]
        for (error, reason), number in total.reasons.most_common(_SHOWN_REASONS)
    ]
    columns = [Column("error"), Column("requests", is_number=True), Column("", folds=True)]
    return Grid(columns, rows)


def capacity_text(report: LoadReport) -> list[str]:
    """The measured capacity, and the formula's; nothing where neither is known."""
    said = []
    shown = measured_capacity(report)
    if shown is not None:
        said.append(_searched_text(shown) if shown.tried else _shown_text(shown))
    formula = capacity_formula(report)
    if formula is not None:
        careful, usual = formula.recommended
        said.append(
            f"The planning formula says {formula.most_users:.1f} users at most, and recommends "
            f"{careful:.1f} to {usual:.1f}: {formula.limit_per_minute:g} calls of the model a "
            f"minute / ({formula.requests_per_user:.3g} requests of a user a minute x "
            f"{formula.calls_per_request:.3g} calls a request); a request takes "
            f"{formula.seconds_per_request:.3g} s and a user thinks for {formula.think_s:.3g} s."
        )
    return said


def _searched_text(found: MeasuredCapacity) -> str:
    how = f"found by {count_text(len(found.tried), 'load')}"
    if found.failing is None:
        return (
            f"The criteria are met with {count_text(found.users, 'user')}, the most tried, {how}."
        )
    if not found.users:
        return f"The criteria are not met with {count_text(found.failing, 'user')}, {how}."
    return (
        f"The criteria are met with up to {count_text(found.users, 'user')} at once, and not with "
        f"{found.failing}, {how}."
    )


def _shown_text(shown: MeasuredCapacity) -> str:
    """Numbers that were there for a moment prove little."""
    upto = count_text(shown.users, "user")
    if shown.failing is None:
        return f"Up to {upto} at once, the most that there were, and no request failed."
    if shown.users:
        return (
            f"While there were up to {upto} no request failed; while there were {shown.failing} "
            "some did."
        )
    return f"Requests failed already with {count_text(shown.failing, 'user')}."


def formula_text(report: LoadReport) -> list[str]:
    """What the formula gets wrong, one sentence each."""
    formula = capacity_formula(report)
    return [] if formula is None else formula_errors(formula, report)


def _criteria(judged: Sequence[JudgedCriterion]) -> Grid:
    rows: list[list[StyledText | Text | str]] = [
        [
            StyledText(one.met, _STYLES[one.met]),
            plain(one.criterion.title),
            "" if one.value is None else figure_text(one.criterion, one.value),
        ]
        for one in judged
    ]
    return Grid([Column(""), Column("criterion", folds=True), Column("", is_number=True)], rows)
