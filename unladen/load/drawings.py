"""A load drawn: how many users there were, what they asked, how long they waited."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from unladen.load.histogram import Histogram
from unladen.load.report import PERIOD_S, LoadReport, Period
from unladen.report.charts import Bar, Curve, bars, lines
from unladen.text.units import quantity

_MOST_BARS = 30


@dataclass(frozen=True)
class Drawing:
    """``svg``: a whole file; ``alternative``: what it shows, for who cannot see it."""

    svg: str
    alternative: str


def drawings(report: LoadReport) -> Iterator[Drawing]:
    """Those for which there is something to draw."""
    counts = [(one.at, float(one.users)) for one in report.users_over_time]
    if counts:
        yield _over_time(
            "Users at once", [Curve("users", _stairs(counts, report.seconds))], "users"
        )
    ended = [(one.begin, one.tally.requests / PERIOD_S) for one in report.periods]
    failed = [(one.begin, one.tally.failed / PERIOD_S) for one in report.periods]
    if report.total.requests:
        rates = [Curve("ended", ended), *([Curve("failed", failed)] if report.total.failed else [])]
        yield _over_time("Requests a second", rates, "a second")
    yield from _durations(report, "Latency", lambda period: period.tally.latency)
    first = "Time to the first token"
    yield from _durations(report, first, lambda period: period.tally.time_to_first_token)
    if report.total.latency.number:
        yield _distribution(report.total.latency)


def _over_time(title: str, curves: list[Curve], unit: str) -> Drawing:
    return Drawing(lines(title, curves, x_label="seconds", y_label=unit), f"{title}, over time")


def _stairs(counts: list[tuple[float, float]], end: float) -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = []
    for at, number in counts:
        if points:
            points.append((at, points[-1][1]))
        points.append((at, number))
    return [*points, (max(end, points[-1][0]), points[-1][1])]


def _durations(
    report: LoadReport, title: str, of: Callable[[Period], Histogram]
) -> Iterator[Drawing]:
    curves = []
    for share in (0.5, 0.95):
        points = [
            (one.begin, found)
            for one in report.periods
            if (found := of(one).quantile(share)) is not None
        ]
        curves.append(Curve(f"p{share * 100:g}", points))
    if all(curve.points for curve in curves):
        yield _over_time(f"{title} of what ended in {PERIOD_S:g} s", curves, "seconds")


def _distribution(durations: Histogram) -> Drawing:
    """Latencies in steps of equal ratio, as fine as fits ``_MOST_BARS``."""
    found = list(durations.buckets())
    least = max(found[0].low, 1e-6)
    octaves = math.log2(max(found[-1].high, least) / least) + 1
    width = max(2.0 ** math.ceil(math.log2(octaves / _MOST_BARS)), 1 / 8)
    steps: dict[int, int] = {}
    for bucket in found:
        step = math.floor(math.log2(max(bucket.low, 1e-6)) / width + 1e-9)
        steps[step] = steps.get(step, 0) + bucket.number
    rows = [
        Bar(
            f"{_seconds(2 ** (step * width))} to {_seconds(2 ** ((step + 1) * width))}",
            steps.get(step, 0),
            f"{steps.get(step, 0):,}",
        )
        for step in range(min(steps), max(steps) + 1)
    ]
    return Drawing(bars("Latency of right answers", rows), "How many right answers took how long")


def _seconds(value: float) -> str:
    return quantity(float(f"{value:.3g}"), "seconds", "sampled")
