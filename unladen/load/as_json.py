"""A load as JSON, for programs. ``FORMAT_VERSION`` grows when a key changes its meaning."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import msgspec

from unladen.load.acceptance import JudgedCriterion
from unladen.load.capacity import capacity_formula, formula_errors, measured_capacity
from unladen.load.histogram import Histogram
from unladen.load.report import LoadReport
from unladen.load.tally import QUANTILES, Tally

FORMAT_VERSION = 1


def as_json(report: LoadReport, judged: Sequence[JudgedCriterion], exit_code: int) -> Any:
    """What ``json.dumps`` takes without NaN or infinity; durations are seconds."""
    plan = {k: v for k, v in msgspec.to_builtins(report.plan).items() if k != "t"}
    return {
        "version": FORMAT_VERSION,
        "plan": plan,
        "seconds": report.seconds,
        "whole": report.is_whole,
        "exit_code": exit_code,
        "requests_per_s": report.requests_per_s,
        "most_users": report.most_users,
        "recovery_s": _finite(report.recovery_s),
        "total": {
            **_tally(report.total),
            "latency_histogram": _buckets(report.total.latency),
            "time_to_first_token_histogram": _buckets(report.total.time_to_first_token),
        },
        "kinds": {kind: _tally(tally) for kind, tally in report.kinds.items()},
        "users": [{"user": user, **_short(tally)} for user, tally in report.users.items()],
        "periods": [
            {"begin": one.begin, "users": one.users, **_short(one.tally)} for one in report.periods
        ],
        "users_over_time": [[one.at, one.users] for one in report.users_over_time],
        "facts": dict(report.facts),
        "capacity": _capacity(report),
        "criteria": [
            {
                "name": one.criterion.title,
                "kind": one.criterion.kind,
                "figure": one.criterion.figure,
                one.criterion.bound.value: one.criterion.limit,
                "value": _finite(one.value),
                "met": one.met.value,
                "required": one.criterion.required,
            }
            for one in judged
        ],
    }


def _finite(value: float | None) -> float | str | None:
    """JSON knows no infinity."""
    return value if value is None or math.isfinite(value) else "never"


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        **_short(tally),
        "response_time": _durations(tally.response_time),
        "failed_after": _durations(tally.failed_after),
        "reasons": [
            {"error": error.value, "reason": reason, "requests": number}
            for (error, reason), number in tally.reasons.most_common()
        ],
        "refused": tally.refused,
        "broken_off": tally.broken,
        "foreign": tally.foreign,
        "received_bytes": tally.received,
        "events": tally.events,
        "longest_gap_s": tally.longest_gap,
        "most_late_s": tally.most_late,
        "calls": tally.calls,
    }


def _short(tally: Tally) -> dict[str, Any]:
    return {
        "requests": tally.requests,
        "right": tally.right,
        "errors": {error.value: number for error, number in tally.errors_in_order().items()},
        "latency": _durations(tally.latency),
        "time_to_first_token": _durations(tally.time_to_first_token),
    }


def _durations(durations: Histogram) -> dict[str, float | None]:
    quantiles = {f"p{share * 100:g}": durations.quantile(share) for share in QUANTILES}
    return {**quantiles, "mean": durations.mean, "max": durations.longest}


def _buckets(durations: Histogram) -> list[list[float]]:
    """From, to (not included), number."""
    return [[one.low, one.high, one.number] for one in durations.buckets()]


def _capacity(report: LoadReport) -> dict[str, Any] | None:
    shown, formula = measured_capacity(report), capacity_formula(report)
    if shown is None:
        return None
    found: dict[str, Any] = {"measured_users": shown.users, "failing_users": shown.failing}
    found["tried"] = [
        {
            "users": one.users,
            "requests": one.requests,
            "failed": one.failed,
            "p95": one.p95,
            "accepted": one.is_accepted,
        }
        for one in shown.tried
    ]
    if formula is not None:
        careful, usual = formula.recommended
        found["formula"] = {
            "limit_per_minute": formula.limit_per_minute,
            "calls_per_request": formula.calls_per_request,
            "seconds_per_request": formula.seconds_per_request,
            "think_s": formula.think_s,
            "requests_per_user_per_minute": formula.requests_per_user,
            "most_users": formula.most_users,
            "recommended": [careful, usual],
            "errors": formula_errors(formula, report),
        }
    return found
