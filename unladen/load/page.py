"""A load as one HTML file in the site's style, which needs no network and no other file."""

from __future__ import annotations

import base64
import importlib.resources
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from unladen.load.acceptance import JudgedCriterion, figure_text
from unladen.load.drawings import Drawing, drawings
from unladen.load.histogram import Histogram
from unladen.load.report import LoadReport
from unladen.load.tally import QUANTILES, Tally
from unladen.load.text import capacity_text, formula_text, headline, seconds_text
from unladen.results.bounds import Met
from unladen.site.pages import render
from unladen.text.terminal import printable
from unladen.text.units import quantity

PAGE = "load.html"

_ENGINES = {
    "virtual": "Every model call is answered by a mock, and all waiting passes on a virtual clock: "
    "the same load gives the same figures again.",
}
_REAL = "Measured in real time, on the machines that made the load and served it."
_MARKS = {Met.YES: "better", Met.NO: "worse", Met.UNMEASURED: "doubt"}
_SHOWN_REASONS = 40


@dataclass(frozen=True)
class PageFact:
    """A line of what was done."""

    term: str
    value: str


@dataclass(frozen=True)
class NumberTable:
    """The first column names the row; ``texts``: columns before the numbers."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    texts: int = 1


@dataclass(frozen=True)
class Mark:
    """A word in a box; ``mark``: its class in the site's style."""

    mark: str
    word: str
    text: str


def load_page(report: LoadReport, judged: Sequence[JudgedCriterion]) -> str:
    """The page. The same report gives the same bytes."""
    package = importlib.resources.files("unladen.site")
    style = "".join((package / "static" / f"{n}.css").read_text("utf-8") for n in _STYLES)
    plan = report.plan
    return render(
        PAGE,
        title=printable(f"Load: {plan.subject}, {plan.profile}"),
        target="",
        home=PAGE,
        portal="",
        navigation=[],
        root="",
        scripts=[],
        data=[],
        style=style,
        headline=printable(headline(report)),
        verdict=_verdict(report, judged),
        facts=list(_facts(report)),
        criteria=[
            {
                "title": one.criterion.title,
                "mark": _MARKS[one.met],
                "word": one.met,
                "value": "" if one.value is None else figure_text(one.criterion, one.value),
            }
            for one in judged
        ],
        tables=list(_tables(report)),
        drawings=[_embedded(one) for one in drawings(report)],
        capacity=capacity_text(report),
        tried=_tried(report),
        formula=formula_text(report),
        users=_users(report),
        engine=_ENGINES.get(plan.engine, _REAL),
    )


_STYLES = ("unladen", "report")


def _verdict(report: LoadReport, judged: Sequence[JudgedCriterion]) -> Mark | None:
    if not report.total.requests:
        return Mark("worse", "nothing measured", "No request ended.")
    if not report.is_whole:
        return Mark("worse", "broken off", "The load did not come to its end.")
    if not judged:
        return None
    bad = [one for one in judged if one.is_bad]
    if bad:
        return Mark("worse", "not met", f"{len(bad)} of {len(judged)} criteria.")
    met = sum(one.met is Met.YES for one in judged)
    if not met:
        return Mark("doubt", "not measured", "No criterion could be held against this load.")
    left = len(judged) - met
    return Mark("better", "met", f"{met} criteria{f'; {left} not measured' if left else ''}.")


def _facts(report: LoadReport) -> Iterable[PageFact]:
    plan = report.plan
    total = sum(plan.mix.values()) or 1
    yield PageFact("subject", printable(plan.subject))
    yield PageFact("profile", printable(plan.profile))
    if plan.arrivals == "open":
        yield PageFact("arrivals", "open: requests come whether or not others are answered")
    else:
        low, high = plan.think_s
        yield PageFact(
            "arrivals", f"closed: users wait for a reply, then think {low:g} to {high:g} s"
        )
    yield PageFact("mix", ", ".join(f"{k} {v / total:.0%}" for k, v in plan.mix.items()))
    yield PageFact("time-out", seconds_text(plan.timeout_s))
    yield PageFact("seed", str(plan.seed))
    yield PageFact("engine", plan.engine)
    if plan.limit_per_minute is not None:
        yield PageFact("provider's limit", f"{plan.limit_per_minute:g} calls a minute")
    if report.recovery_s is not None:
        ends = report.recovery_s == float("inf")
        said = "never" if ends else f"{report.recovery_s:.4g} s after the peak"
        yield PageFact("recovered", said)
    for name, value in report.facts.items():
        unit = "bytes" if "bytes" in name else ""
        yield PageFact(printable(name.replace("_", " ")), quantity(value, unit, "exact"))


def _tables(report: LoadReport) -> Iterable[NumberTable]:
    head = ["", "requests", "errors", *(f"p{share * 100:g}" for share in QUANTILES), "longest"]
    named = [*report.kinds.items(), ("all", report.total)]
    yield NumberTable("Latency by kind of request", head, [_latency(n, t) for n, t in named])
    streams = [(name, tally) for name, tally in named if tally.time_to_first_token.number]
    if streams:
        head = ["", "streams", *(f"p{share * 100:g}" for share in QUANTILES), "longest silence"]
        yield NumberTable("Time to the first token", head, [_first(n, t) for n, t in streams])
    if report.total.failed:
        rows = [
            [error.value, printable(reason), f"{number:,}"]
            for (error, reason), number in report.total.reasons.most_common(_SHOWN_REASONS)
        ]
        yield NumberTable("Errors", ["class", "reason", "requests"], rows, 2)
    late = report.total.most_late
    if late > 0 and report.total.response_time.number:
        rows = [
            ["from when it was due", *_quantiles(report.total.latency)],
            ["from when it was sent", *_quantiles(report.total.response_time)],
        ]
        yield NumberTable(
            f"Requests that could not be sent when they were due (by {seconds_text(late)} at most)",
            ["", *(f"p{share * 100:g}" for share in QUANTILES)],
            rows,
        )


def _latency(name: str, tally: Tally) -> list[str]:
    return [
        printable(name),
        f"{tally.requests:,}",
        f"{tally.failed:,}",
        *_quantiles(tally.latency),
        seconds_text(tally.latency.longest),
    ]


def _quantiles(durations: Histogram) -> list[str]:
    return [seconds_text(durations.quantile(share)) for share in QUANTILES]


def _first(name: str, tally: Tally) -> list[str]:
    first = tally.time_to_first_token
    return [
        printable(name),
        f"{first.number:,}",
        *(seconds_text(first.quantile(share)) for share in QUANTILES),
        seconds_text(tally.longest_gap),
    ]


def _tried(report: LoadReport) -> NumberTable | None:
    """The loads by which the capacity was found."""
    if report.searched is None:
        return None
    rows = [
        [
            f"{one.users:,}",
            f"{one.requests:,}",
            f"{one.failed:,}",
            seconds_text(one.p95),
            "met" if one.is_accepted else "not met",
        ]
        for one in report.searched.tried
    ]
    return NumberTable("Loads tried", ["users", "requests", "errors", "p95", "criteria"], rows)


def _users(report: LoadReport) -> NumberTable:
    rows = [
        [
            f"user {user}",
            f"{tally.requests:,}",
            f"{tally.failed:,}",
            *(seconds_text(tally.latency.quantile(share)) for share in (0.5, 0.95)),
            seconds_text(tally.latency.longest),
        ]
        for user, tally in report.users.items()
    ]
    head = ["", "requests", "errors", "p50", "p95", "longest"]
    return NumberTable(f"{len(rows):,} users", head, rows)


def _embedded(drawing: Drawing) -> dict[str, str]:
    """As a data address: the styles of a drawing are then its own."""
    data = base64.b64encode(drawing.svg.encode()).decode("ascii")
    return {"source": f"data:image/svg+xml;base64,{data}", "alternative": drawing.alternative}
